"""What a course could do better: what learners see differently from what its author wrote, and the health of questions.

Nothing here blocks. Each module is pure: values in, suggestions out.
"""
