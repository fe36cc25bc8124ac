"""Who may see files, and who may grade."""

from __future__ import annotations

from lms.assignments.queries import KeptFile, Paper
from lms.people.account import Account


def may_see(person: Account, paper: Paper) -> bool:
    """Whether the paper exists for this person: only for those who teach its course."""
    return paper.course_id in person.taught_course_ids


def may_grade(person: Account, paper: Paper) -> bool:
    """Nobody grades their own work."""
    return may_see(person, paper) and paper.submission.person_id != person.id


def may_read(person: Account, kept: KeptFile) -> bool:
    """Its owner; once it was handed in, who teaches the course too."""
    return kept.file.person_id == person.id or kept.course_id in person.taught_course_ids
