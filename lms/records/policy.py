"""Who may issue certificates, and who may open one."""

from __future__ import annotations

from lms.learning.policy import may_teach
from lms.people.account import Account
from lms.records.models import Record


def may_issue(person: Account, course_id: int) -> bool:
    """The course's instructors, and admins. The service refuses issuing to oneself."""
    return may_teach(person, course_id)


def may_see_certificate(person: Account, record: Record) -> bool:
    """The owner, the course's instructors, and admins. A certificate shows the whole NIP."""
    return person.id == record.person_id or may_teach(person, record.course_id)
