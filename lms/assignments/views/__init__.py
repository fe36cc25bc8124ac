"""Pages of assignments for learners and instructors, on one blueprint."""

from lms.assignments.views import (
    at_work,
    deadlines,
    files,
    groups,
    handed_in,
    instructor,
    learner,
    member_marks,
    objecting,
)

__all__ = [
    "at_work",
    "blueprints",
    "deadlines",
    "files",
    "groups",
    "handed_in",
    "instructor",
    "learner",
    "member_marks",
    "objecting",
]

blueprints = [learner.bp]
