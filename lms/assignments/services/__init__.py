"""Verbs of assignments: keeping drafts, handing in, marking."""
