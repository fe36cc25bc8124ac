"""Attempts at quizzes: questions are selected, answered and scored. Must not know certificates."""
