"""Pages of assignments for learners and instructors, on one blueprint."""

from lms.assignments.views import deadlines, files, groups, instructor, learner, member_marks, objecting

__all__ = ["blueprints", "deadlines", "files", "groups", "instructor", "learner", "member_marks", "objecting"]

blueprints = [learner.bp]
