"""Who may see submitted files, and who may grade."""

from __future__ import annotations

from lms.assignments.queries import SubmissionDetails, SubmittedFile
from lms.people.account import Account


def may_see(person: Account, details: SubmissionDetails) -> bool:
    """Instructors of the course."""
    return details.course_id in person.taught_course_ids


def may_grade(person: Account, details: SubmissionDetails) -> bool:
    """Nobody grades their own work."""
    return may_see(person, details) and details.submission.person_id != person.id


def may_read(person: Account, found: SubmittedFile) -> bool:
    """The owner and, once the file was submitted, the instructors of the course."""
    return found.file.person_id == person.id or found.course_id in person.taught_course_ids
