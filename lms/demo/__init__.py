"""``lms demo``: example people, courses and a history to try the platform with."""
