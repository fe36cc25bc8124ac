"""Pages of assignments for learners and instructors, on one blueprint."""

from lms.assignments.views import files, instructor, learner, objecting

__all__ = ["blueprints", "files", "instructor", "learner", "objecting"]

blueprints = [learner.bp]
