"""Cohorts, enrolments and applications. Knows nothing of progress or results."""
