"""Question banks of other programs: GIFT, Moodle XML, Aiken and tables, read into questions and written from them."""
