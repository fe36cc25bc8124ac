"""The marks of a course's participants side by side: read, sorted, written to a spreadsheet and taken back from it."""
