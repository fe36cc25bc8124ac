"""Reading a course folder: its structure, each file on its own, then all files together."""
