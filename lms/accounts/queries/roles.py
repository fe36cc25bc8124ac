"""Who has which role, and over whom it reaches."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager

from lms.accounts.models import Person, RoleGrant
from lms.accounts.queries.units import unit_and_below
from lms.accounts.rights import Rights
from lms.accounts.scopes import EVERYBODY, Scope
from lms.core.db import db


def terms(
    person: Person,
    role: str,
    *,
    course_id: int | None = None,
    unit_id: int | None = None,
    cohort_id: int | None = None,
) -> Sequence[RoleGrant]:
    """A role as it was given to a person, for the site, one course, unit or cohort: each term, also those over."""
    return db.session.scalars(
        select(RoleGrant)
        .where(
            RoleGrant.person_id == person.id,
            RoleGrant.role == role,
            RoleGrant.course_id.is_not_distinct_from(course_id),
            RoleGrant.unit_id.is_not_distinct_from(unit_id),
            RoleGrant.cohort_id.is_not_distinct_from(cohort_id),
        )
        .order_by(RoleGrant.id)
    ).all()


def grant_numbered(grant_id: int) -> RoleGrant | None:
    return db.session.get(RoleGrant, grant_id)


def has_another_admin(person: Person) -> bool:
    """Whether somebody else who can sign in is an admin."""
    others = (
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == "admin", Person.is_active, Person.id != person.id)
    )
    return db.session.scalar(others.limit(1)) is not None


def heads_by_unit(today: date) -> dict[int, list[RoleGrant]]:
    """Who heads which unit on a day, deputies after heads; units without a head are left out."""
    found: dict[int, list[RoleGrant]] = {}
    for one in db.session.scalars(_with_people().where(RoleGrant.role == "head")):
        if one.unit_id is not None and one.holds_on(today):
            found.setdefault(one.unit_id, []).append(one)
    return found


def grants_at(unit_id: int) -> Sequence[RoleGrant]:
    """All roles that were given at a unit, with the people who have or had them; deputies after heads."""
    return db.session.scalars(_with_people().where(RoleGrant.unit_id == unit_id)).all()


def grants_over(
    today: date,
    *,
    unit_ids: Collection[int] = (),
    course_ids: Collection[int] = (),
    cohort_ids: Collection[int] = (),
) -> list[RoleGrant]:
    """The roles that hold on a day at one of these places, and those of the site's admins; of active people."""
    found = _with_people().where(
        Person.is_active,
        or_(
            RoleGrant.role == "admin",
            RoleGrant.unit_id.in_(unit_ids),
            RoleGrant.course_id.in_(course_ids),
            RoleGrant.cohort_id.in_(cohort_ids),
        ),
    )
    return [one for one in db.session.scalars(found) if one.holds_on(today)]


def _with_people() -> Select[RoleGrant]:
    found = select(RoleGrant).join(RoleGrant.person).options(contains_eager(RoleGrant.person))
    return found.order_by(RoleGrant.is_deputy, func.lower(Person.name), RoleGrant.id)


def office_scope(person: Rights) -> Scope | None:
    """Whom an admin looks after: everybody, or the people of the own instansi. None: no admin of either kind."""
    if person.has_role("admin"):
        return EVERYBODY
    if person.has_role("agency-admin"):
        return Scope(frozenset(unit_and_below(person.administered_unit_ids)))
    return None


def team_scope(person: Rights) -> Scope:
    """The people of a head: of the units named to the person, and of all units below them."""
    return Scope(frozenset(unit_and_below(person.headed_unit_ids)))
