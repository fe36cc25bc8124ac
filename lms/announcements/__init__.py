"""Announcements of instructors to the participants of a course or of one of its cohorts."""
