"""Surveys: what participants think of a course, with or without their names."""
