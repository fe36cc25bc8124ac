"""The catalogue: courses, their immutable revisions, items and media. Must not know enrolments."""
