"""Work handed in, and its grading by rubric. Must not know certificates."""
