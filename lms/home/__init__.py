"""The first page after signing in: what to go on with, what is due, JP this year."""
