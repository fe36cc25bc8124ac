"""What a course could do better: what learners see otherwise than its author wrote it, and the health of questions.

Nothing here blocks. Each module is pure: values in, suggestions out.
"""
