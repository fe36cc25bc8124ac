"""Who may issue certificates, and who may open one."""

from __future__ import annotations

from lms.learning.policy import may_teach
from lms.people.account import Account
from lms.people.models import Person
from lms.people.policy import may_change
from lms.people.rights import Rights
from lms.people.scopes import Scope
from lms.records.models import Record


def may_issue(person: Rights, course_id: int) -> bool:
    """The course's instructors, and admins. The service refuses issuing to oneself."""
    return may_teach(person, course_id)


def may_fill(viewer: Account, person: Person, scope: Scope | None) -> bool:
    """Enter what is missing of a person before the certificate is issued. ``scope`` is that of an admin."""
    return scope is not None and scope.covers(person.unit_id) and may_change(viewer, person, scope)


def may_see_certificate(person: Account, record: Record) -> bool:
    """The owner, the course's instructors, and admins. A certificate shows the whole NIP."""
    return person.id == record.person_id or may_teach(person, record.course_id)
