"""Editing a course on the site: its draft, the look at what publishing changes, its revisions."""
