"""Pages of a course and its items for learners; participants and marks for instructors."""

from lms.learning.views import instructor, items, learner

__all__ = ["blueprints", "items"]

blueprints = [learner.bp, instructor.bp]
