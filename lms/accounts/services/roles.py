"""Who may do more than learn: admins, instructors of a course, heads of a unit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from lms.accounts import queries
from lms.accounts.models import Person, RoleGrant, RoleName
from lms.core import ledger
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy


class LastAdmin(Refusal):
    message = lazy("This is the last active admin. Make somebody else an admin first; nothing was changed.")


def grant_role(
    person: Person,
    role: RoleName,
    *,
    course_id: int | None = None,
    unit_id: int | None = None,
    actor_id: int | None,
    now: datetime,
) -> RoleGrant:
    """Make a person admin, instructor of ``course_id`` or head of ``unit_id``; twice is the same as once."""
    _one_at_a_time(person)
    grant = queries.grant(person, role, course_id=course_id, unit_id=unit_id)
    if grant is not None:
        return grant
    grant = RoleGrant(person_id=person.id, role=role, course_id=course_id, unit_id=unit_id)
    grant.granted_at, grant.granted_by = now, actor_id
    db.session.add(grant)
    _record("grant role", grant, actor_id, now)
    return grant


def revoke_role(
    person: Person,
    role: RoleName,
    *,
    course_id: int | None = None,
    unit_id: int | None = None,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Take a role back; without effect where it was not given.

    :raises LastAdmin: nobody would be left to manage the site.
    """
    _one_at_a_time(person)
    grant = queries.grant(person, role, course_id=course_id, unit_id=unit_id)
    if grant is None:
        return
    if role == "admin":
        keep_an_admin(person)
    db.session.delete(grant)
    _record("revoke role", grant, actor_id, now)


def keep_an_admin(person: Person) -> None:
    """Make sure that an active admin is left when ``person`` is one no more.

    :raises LastAdmin: there would be none.
    """
    # Locked first, counted after: two admins who take each other's role at once would both see the other.
    admins = select(RoleGrant.id).where(RoleGrant.role == "admin").order_by(RoleGrant.id)
    db.session.scalars(admins.with_for_update()).all()
    if not queries.has_another_admin(person):
        raise LastAdmin


def _one_at_a_time(person: Person) -> None:
    db.session.scalar(select(Person.id).where(Person.id == person.id).with_for_update())


def _record(verb: str, grant: RoleGrant, actor_id: int | None, now: datetime) -> None:
    facts = {"role": grant.role, "course": grant.course_id, "unit": grant.unit_id}
    told = {name: value for name, value in facts.items() if value is not None}
    ledger.record(actor_id, verb, f"person:{grant.person_id}", now=now, **told)
    db.session.flush()
    db.session.expire(db.session.get(Person, grant.person_id), ["grants"])
