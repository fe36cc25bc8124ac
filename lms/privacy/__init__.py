"""The privacy page, and the copy of one's own data."""
