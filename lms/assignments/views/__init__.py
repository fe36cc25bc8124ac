"""Pages of assignments for learners and instructors, on one blueprint."""

from lms.assignments.views import at_work, instructor, learner, objecting

__all__ = ["at_work", "blueprints", "instructor", "learner", "objecting"]

blueprints = [learner.bp]
