"""Who may do more than learn: admins of the site or an agency, instructors, heads of units, committees."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from lms.core import ledger
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy, to_site_time
from lms.people import queries
from lms.people.models import Person, RoleGrant, Unit
from lms.people.rights import RoleName
from lms.people.services.units import keep_open
from lms.people.terms import Days, overlap


class LastAdmin(Refusal):
    message = lazy("This is the last active admin. Make somebody else an admin first; nothing was changed.")


class NotAnAgency(Refusal):
    message = lazy("Only an agency at the top of the tree has admins of its own. Choose the agency.")


class TermsOverlap(Refusal):
    message = lazy(
        "This person has the same role here in another term, and the two would overlap. Nothing was changed. "
        "Choose other days, or change the other term first."
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

    A term that begins while an earlier one still runs ends that one on the day before. One that would
    begin with it, or later, is replaced. Terms that do not touch stay as they are.

    :raises units.UnitEnded: the unit is history.
    :raises NotAnAgency: an agency's admin for a unit that is none.
    """
    if unit_id is not None:
        keep_open([unit_id])
    if role == "agency-admin" and db.session.get_one(Unit, unit_id).parent_id is not None:
        raise NotAnAgency
    _one_at_a_time(person)
    term = {"is_deputy": is_deputy, "starts_on": starts_on, "ends_on": ends_on}
    place = {"course_id": course_id, "unit_id": unit_id, "cohort_id": cohort_id}
    replaced, had, begins = None, queries.terms(person, role, **place), starts_on or to_site_time(now).date()
    for one in had:
        if not overlap(days_of(one), Days(begins, ends_on)):
            continue
        if starts_on is not None and days_of(one).starts_on < starts_on:
            one.ends_on = starts_on - timedelta(days=1)
            _record("change role", one, actor_id, now)
        elif replaced is None:
            replaced = one
        else:
            _remove(one, actor_id, now)
    if replaced is not None:
        if any(getattr(replaced, name) != value for name, value in term.items()):
            _set(replaced, term | {"granted_at": now, "granted_by": actor_id})
            _record("grant role", replaced, actor_id, now)
        return replaced
    if had:
        term["starts_on"] = begins
    grant = RoleGrant(person_id=person.id, role=role, granted_at=now, granted_by=actor_id, **place, **term)
    db.session.add(grant)
    _record("grant role", grant, actor_id, now)
    return grant


def change_term(
    grant: RoleGrant,
    *,
    is_deputy: bool,
    starts_on: date | None,
    ends_on: date | None,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Set from when until when a role holds, and whether its holder only stands in for another.

    :raises TermsOverlap: the same person has the same role there on some of these days by another term.
    """
    _one_at_a_time(grant.person)
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


def revoke_term(grant: RoleGrant, *, actor_id: int | None, now: datetime) -> None:
    """Delete one term as if it had never been granted. The ledger keeps the record.

    What is to stay visible as past is ended by a date instead.

    :raises LastAdmin: nobody would be left to manage the site.
    """
    _one_at_a_time(grant.person)
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

    :raises LastAdmin: nobody would be left to manage the site.
    """
    _one_at_a_time(person)
    for grant in queries.terms(person, role, course_id=course_id, unit_id=unit_id, cohort_id=cohort_id):
        revoke_term(grant, actor_id=actor_id, now=now)


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


def days_of(grant: RoleGrant) -> Days:
    """Without a first day it counts from the one on which it was given."""
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
    told = {name: value for name, value in facts.items() if value is not None}
    ledger.record(actor_id, verb, f"person:{grant.person_id}", now=now, **told)
    db.session.flush()
    db.session.expire(db.session.get(Person, grant.person_id), ["grants"])
