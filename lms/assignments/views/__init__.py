"""Pages of assignments for learners and instructors, on one blueprint."""

from lms.assignments.views import instructor, learner

__all__ = ["blueprints", "instructor", "learner"]

blueprints = [learner.bp]
