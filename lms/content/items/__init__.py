"""Item types: what a course is made of."""
