"""Attempts at quizzes: dealt, answered, marked. Must not know certificates."""
