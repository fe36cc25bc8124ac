"""Small modules without domain or I/O: spreadsheets, numbers in words, keyed hashes."""
