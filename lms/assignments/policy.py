"""Who may see submitted files and the model answer, and who may grade."""

from __future__ import annotations

from lms.assignments.models import Submission
from lms.assignments.queries import SubmissionDetails, SubmittedFile
from lms.assignments.queries.feedback import GivenBack
from lms.people.account import Account


def may_see(person: Account, details: SubmissionDetails) -> bool:
    """Instructors of the course, and admins."""
    return details.course_id in person.taught_course_ids or person.is_admin


def may_grade(person: Account, details: SubmissionDetails) -> bool:
    """Nobody grades their own work, nor that of their own group."""
    own = {details.submission.person_id, *(one.person_id for one in details.members)}
    return may_see(person, details) and person.id not in own


def may_read_model_answer(newest: Submission | None, *, is_passed: bool, may_submit: bool) -> bool:
    """Once a mark of the ``newest`` submission was told, if the learner has passed or can submit no more."""
    return newest is not None and bool(newest.told_markings) and (is_passed or not may_submit)


def may_read(person: Account, found: SubmittedFile) -> bool:
    """The owner and, once the file was submitted, the instructors of the course and admins."""
    if found.file.person_id == person.id:
        return True
    return may_read_submitted(person, found)


def may_read_submitted(person: Account, found: SubmittedFile) -> bool:
    """The instructors of the course and admins, once the file was submitted."""
    return found.course_id is not None and (found.course_id in person.taught_course_ids or person.is_admin)


def may_read_feedback(person: Account, found: GivenBack) -> bool:
    """The instructors of the course and admins; the learner of the submission once told."""
    if found.course_id in person.taught_course_ids or person.is_admin:
        return True
    return found.submission.person_id == person.id and found.is_told
