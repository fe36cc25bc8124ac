"""Mark attendance, by instructors and by codes, and move meetings."""
