"""Pages of assignments for learners and instructors, on one blueprint."""

from lms.assignments.views import instructor, learner, objecting

__all__ = ["blueprints", "instructor", "learner", "objecting"]

blueprints = [learner.bp]
