"""Counts of boards and reports, kept so that a page about everybody does not look at each person."""
