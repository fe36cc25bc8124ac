"""Granting, changing and revoking roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from lms.core import ledger
from lms.core.db import db, in_batches
from lms.core.errors import Refusal
from lms.core.hooks import Hook
from lms.core.i18n import lazy, to_site_time
from lms.people import queries
from lms.people.models import Person, RoleGrant, Unit
from lms.people.rights import RoleName
from lms.people.services.units import lock_existing_units
from lms.people.terms import Days, overlap

role_granted: Hook[[Person, datetime], None] = Hook("role_granted")
"""Called when a person got a role or another term of it, to void codes that would lend it."""


class LastAdmin(Refusal):
    message = lazy("This is the last active admin. Make somebody else an admin first; nothing was changed.")


class NotAnAgency(Refusal):
    message = lazy("Only an agency can have admins of its own. Choose an agency.")


class TermsOverlap(Refusal):
    message = lazy(
        "This person already has this role for a term that overlaps with this one. Nothing was changed. "
        "Choose other dates, or change the other term first."
    )


def grant_role(
    person: Person,
    role: RoleName,
    *,
    course_id: int | None = None,
    unit_id: int | None = None,
    cohort_id: int | None = None,
    is_deputy: bool = False,
    starts_on: date | None = None,
    ends_on: date | None = None,
    actor_id: int | None,
    now: datetime,
) -> RoleGrant:
    """Grant a role for the site, ``course_id``, ``unit_id`` or ``cohort_id``. Granting it twice changes nothing.

    An earlier term that overlaps is ended on the day before the new one starts. An overlapping term that would
    start on the same day or later is replaced.

    :raises units.UnitEnded: the unit no longer exists.
    :raises NotAnAgency: the role is agency admin and the unit is not an agency.
    """
    if unit_id is not None:
        lock_existing_units([unit_id])
    if role == "agency-admin" and db.session.get_one(Unit, unit_id).parent_id is not None:
        raise NotAnAgency
    lock([person])
    target = {"course_id": course_id, "unit_id": unit_id, "cohort_id": cohort_id}
    term = {"is_deputy": is_deputy, "starts_on": starts_on, "ends_on": ends_on}
    existing, begins = queries.terms(person, role, **target), starts_on or to_site_time(now).date()
    overlapping = [one for one in existing if overlap(days_of(one), Days(begins, ends_on))]
    replaced = _end_earlier(overlapping, starts_on, actor_id, now)
    for superfluous in replaced[1:]:
        _remove(superfluous, actor_id, now)
    if replaced:
        grant = replaced[0]
        if all(getattr(grant, name) == value for name, value in term.items()):
            return grant
        _set(grant, term | {"granted_at": now, "granted_by": actor_id})
    else:
        if existing:
            term["starts_on"] = begins
        grant = RoleGrant(person_id=person.id, role=role, granted_at=now, granted_by=actor_id, **target, **term)
        db.session.add(grant)
    _record("grant role", grant, actor_id, now)
    role_granted(person, now)
    return grant


def _end_earlier(
    terms: Sequence[RoleGrant], starts_on: date | None, actor_id: int | None, now: datetime
) -> list[RoleGrant]:
    """End the terms that began before ``starts_on`` on the day before it, and return the others."""
    others = []
    for one in terms:
        if starts_on is not None and days_of(one).starts_on < starts_on:
            one.ends_on = starts_on - timedelta(days=1)
            _record("change role", one, actor_id, now)
        else:
            others.append(one)
    return others


def change_term(
    grant: RoleGrant,
    *,
    is_deputy: bool,
    starts_on: date | None,
    ends_on: date | None,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Change the dates of a term, and whether it is a deputy's.

    :raises TermsOverlap: another term of the same role of this person overlaps.
    """
    lock([grant.person])
    others = queries.terms(
        grant.person, grant.role, course_id=grant.course_id, unit_id=grant.unit_id, cohort_id=grant.cohort_id
    )
    days = Days(starts_on or days_of(grant).starts_on, ends_on)
    if any(overlap(days_of(one), days) for one in others if one.id != grant.id):
        raise TermsOverlap
    term = {"is_deputy": is_deputy, "starts_on": starts_on, "ends_on": ends_on}
    if any(getattr(grant, name) != value for name, value in term.items()):
        _set(grant, term)
        _record("change role", grant, actor_id, now)
        role_granted(grant.person, now)


def revoke_term(grant: RoleGrant, *, actor_id: int | None, now: datetime) -> None:
    """Delete a term, which then remains only in the ledger. To keep it visible as past, set an end date instead.

    :raises LastAdmin: the site would have no active admin.
    """
    lock([grant.person])
    if grant.role == "admin":
        keep_an_admin(grant.person)
    _remove(grant, actor_id, now)


def revoke_role(
    person: Person,
    role: RoleName,
    *,
    course_id: int | None = None,
    unit_id: int | None = None,
    cohort_id: int | None = None,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Revoke all terms of a role. Does nothing if it was not granted.

    :raises LastAdmin: the site would have no active admin.
    """
    lock([person])
    for grant in queries.terms(person, role, course_id=course_id, unit_id=unit_id, cohort_id=cohort_id):
        revoke_term(grant, actor_id=actor_id, now=now)


def keep_an_admin(person: Person) -> None:
    """Make sure that there is an active admin besides ``person``.

    :raises LastAdmin: there is none.
    """
    # Lock before counting: two admins who revoke each other's role at the same time would each see the other.
    admins = select(RoleGrant.id).where(RoleGrant.role == "admin").order_by(RoleGrant.id)
    db.session.scalars(admins.with_for_update()).all()
    if not queries.has_another_admin(person):
        raise LastAdmin


def lock(people: Sequence[Person]) -> None:
    """Lock these people until the transaction ends, and reload them with their roles.

    Whoever decides by somebody's roles what may be done to them locks them first: a role granted meanwhile waits.
    """
    for batch in in_batches(sorted(person.id for person in people)):
        db.session.execute(select(Person.id).where(Person.id.in_(batch)).order_by(Person.id).with_for_update())
        db.session.scalars(select(Person).where(Person.id.in_(batch)).execution_options(populate_existing=True)).all()


def days_of(grant: RoleGrant) -> Days:
    """The days of a term. Without a first day, it starts on the day it was granted."""
    return Days(grant.starts_on or to_site_time(grant.granted_at).date(), grant.ends_on)


def _set(grant: RoleGrant, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(grant, name, value)


def _remove(grant: RoleGrant, actor_id: int | None, now: datetime) -> None:
    db.session.delete(grant)
    _record("revoke role", grant, actor_id, now)


def _record(verb: str, grant: RoleGrant, actor_id: int | None, now: datetime) -> None:
    facts = {
        "role": grant.role,
        "course": grant.course_id,
        "unit": grant.unit_id,
        "cohort": grant.cohort_id,
        "deputy": grant.is_deputy or None,
        "from": grant.starts_on,
        "until": grant.ends_on,
    }
    known = {name: value for name, value in facts.items() if value is not None}
    ledger.record(actor_id, verb, f"person:{grant.person_id}", now=now, **known)
    db.session.flush()
    db.session.expire(db.session.get(Person, grant.person_id), ["grants"])
