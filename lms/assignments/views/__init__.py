"""Pages of assignments for learners and instructors, on one blueprint."""

from lms.assignments.views import (
    deadlines,
    files,
    groups,
    instructor,
    learner,
    member_marks,
    objecting,
    open_work,
    own_submission,
)

__all__ = [
    "blueprints",
    "deadlines",
    "files",
    "groups",
    "instructor",
    "learner",
    "member_marks",
    "objecting",
    "open_work",
    "own_submission",
]

blueprints = [learner.bp]
