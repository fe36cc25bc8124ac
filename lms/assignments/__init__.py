"""Assignments: drafts, submissions, and grading by points or rubric. Must not know certificates."""
