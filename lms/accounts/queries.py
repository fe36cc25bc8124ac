"""Reads about people, units and sign-ins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, String, cast, func, literal, or_, select
from sqlalchemy.orm import joinedload, lazyload, selectinload

from lms.accounts import waits
from lms.accounts.models import Person, ResetCode, RoleGrant, RoleName, SignIn, SignInFailure, Unit
from lms.accounts.tokens import token_hash
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.core.rules import RuleValue

LONGEST_SEARCH = 160
COOKIE_LIFE = timedelta(days=61)
"""A device unseen for longer has lost its cookie."""


def person_signed_in(token: str) -> Person | None:
    """Whoever holds this sign-in token, with roles; None where it was ended or the account is off.

    Runs on every request, and is one query.
    """
    found = db.session.execute(
        select(Person, SignIn.id, SignIn.last_seen_at)
        .join(SignIn, SignIn.person_id == Person.id)
        .where(SignIn.token_hash == token_hash(token), SignIn.ended_at.is_(None), Person.is_active)
        .options(joinedload(Person.grants))
    )
    row = found.unique().one_or_none()
    if row is None:
        return None
    person: Person = row[0]
    person.sign_in_id, person.last_seen_at = row[1], row[2]
    return person


def person(person_id: int) -> Person | None:
    return db.session.get(Person, person_id)


def person_named(login: str) -> Person | None:
    """Who signs in by this name, in its one spelling (``names.login_name``); also who is switched off."""
    column = Person.email if "@" in login else Person.nip
    return db.session.scalar(select(Person).where(column == login))


def live_code(person: Person, now: datetime) -> ResetCode | None:
    """The code that may still be used by this person."""
    return db.session.scalar(
        select(ResetCode)
        .where(ResetCode.person_id == person.id, ResetCode.used_at.is_(None), ResetCode.expires_at > now)
        .order_by(ResetCode.id.desc())
        .limit(1)
    )


def wait_left(bucket: waits.Bucket, now: datetime) -> timedelta:
    """How long the next try of this name on this device has to wait."""
    tries, last_at = db.session.execute(
        select(func.count(), func.max(SignInFailure.at)).where(in_bucket(bucket), SignInFailure.at > now - waits.MEMORY)
    ).one()
    return waits.wait_left(tries, last_at, now)


def in_bucket(bucket: waits.Bucket) -> ColumnElement[bool]:
    """The tries that are counted together."""
    return (SignInFailure.login_hash == bucket.login_hash) & (SignInFailure.device_hash == bucket.device_hash)


def devices(person: Person, now: datetime) -> Sequence[SignIn]:
    """Where a person is signed in, the one last seen first."""
    return db.session.scalars(
        select(SignIn)
        .where(SignIn.person_id == person.id, SignIn.ended_at.is_(None), SignIn.last_seen_at > now - COOKIE_LIFE)
        .order_by(SignIn.last_seen_at.desc(), SignIn.id.desc())
    ).all()


def device(person: Person, sign_in_id: int) -> SignIn | None:
    """One of the person's own sign-ins that has not ended."""
    return db.session.scalar(
        select(SignIn).where(SignIn.id == sign_in_id, SignIn.person_id == person.id, SignIn.ended_at.is_(None))
    )


def people_found(words: str, *, unit_ids: set[int] | None = None, is_active: bool | None = None) -> Select[Person]:
    """People by name, part of a NIP, address, post or unit, in the order of their full names.

    Every word must be found; ``unit_ids`` and ``is_active`` narrow, None does not.
    """
    found = select(Person).outerjoin(Person.unit).options(selectinload(Person.unit))
    for word in _search_words(words):
        columns = (
            Person.name,
            Person.title_before,
            Person.title_after,
            Person.nip,
            Person.email,
            Person.position,
            Unit.name,
        )
        found = found.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    if unit_ids is not None:
        found = found.where(Person.unit_id.in_(unit_ids))
    if is_active is not None:
        found = found.where(Person.is_active.is_(is_active))
    return found.order_by(func.lower(Person.name), Person.id)


def _search_words(text: str) -> list[str]:
    """The words; what is all digits, spaces and dots is one number. Beyond any name's length nothing is looked for."""
    text = text[:LONGEST_SEARCH]
    digits = re.sub(r"[\s.]", "", text)
    return [digits] if digits.isdecimal() else text.replace(",", " ").split()[:8]


def names_of(person_ids: Iterable[int]) -> dict[int, str]:
    """Full names by id."""
    people = select(Person).where(Person.id.in_(set(person_ids))).options(lazyload(Person.grants))
    return {person.id: person.full_name for person in db.session.scalars(people)}


def grant(
    person: Person, role: RoleName, *, course_id: int | None = None, unit_id: int | None = None
) -> RoleGrant | None:
    """The role as it was given to a person, for the site, one course or one unit."""
    return db.session.scalar(
        select(RoleGrant).where(
            RoleGrant.person_id == person.id,
            RoleGrant.role == role,
            RoleGrant.course_id.is_not_distinct_from(course_id),
            RoleGrant.unit_id.is_not_distinct_from(unit_id),
        )
    )


def has_another_admin(person: Person) -> bool:
    """Whether somebody else who can sign in is an admin."""
    others = (
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == "admin", Person.is_active, Person.id != person.id)
    )
    return db.session.scalar(others.limit(1)) is not None


def heads_by_unit() -> dict[int, list[Person]]:
    """Who heads which unit; units without a head are left out."""
    found: dict[int, list[Person]] = {}
    heads = select(RoleGrant.unit_id, Person).join(Person, Person.id == RoleGrant.person_id)
    for unit_id, head in db.session.execute(heads.where(RoleGrant.role == "head").order_by(Person.name)):
        if unit_id is not None:
            found.setdefault(unit_id, []).append(head)
    return found


def unit(unit_id: int) -> Unit | None:
    return db.session.get(Unit, unit_id)


class Branch(NamedTuple):
    """A unit at its place in the tree; ``depth`` is 0 at the top."""

    unit: Unit
    depth: int


def units_in_order() -> list[Branch]:
    """All units as the tree is read: each followed by what is below it, neighbours by name."""
    below: dict[int | None, list[Unit]] = {}
    for row in db.session.scalars(select(Unit)):
        below.setdefault(row.parent_id, []).append(row)
    ordered: list[Branch] = []

    def add(parent_id: int | None, depth: int) -> None:
        for row in sorted(below.get(parent_id, []), key=lambda row: row.name.casefold()):
            ordered.append(Branch(row, depth))
            add(row.id, depth + 1)

    add(None, 0)
    return ordered


def unit_and_below(unit_ids: Iterable[int]) -> set[int]:
    """The units and all that lie below them, at any depth."""
    tree = select(Unit.id).where(Unit.id.in_(set(unit_ids))).cte("tree", recursive=True)
    tree = tree.union(select(Unit.id).join(tree, Unit.parent_id == tree.c.id))
    return set(db.session.scalars(select(tree.c.id)))


def unit_path(unit: Unit | None) -> list[str]:
    """The names from the top of the tree down to ``unit``."""
    names: list[str] = []
    while unit is not None:
        names.insert(0, unit.name)
        unit = unit.parent
    return names


def people_in(unit_ids: Iterable[int]) -> Select[Person]:
    """Who belongs to exactly these units, active or not, by name; see ``unit_and_below``."""
    members = select(Person).where(Person.unit_id.in_(set(unit_ids)))
    return members.order_by(func.lower(Person.name), Person.id)


def people_by_unit() -> dict[int, int]:
    """How many active people each unit has itself."""
    counted = select(Person.unit_id, func.count()).where(Person.is_active, Person.unit_id.is_not(None))
    rows = db.session.execute(counted.group_by(Person.unit_id))
    return {unit_id: count for unit_id, count in rows if unit_id is not None}


def ledger_entries(*, kind: str = "", name: str = "", person_id: int | None = None) -> Select[LedgerEntry]:
    """The ledger, newest first: of a kind of target, and done by or to people of a name or to one person."""
    found = select(LedgerEntry).order_by(LedgerEntry.id.desc())
    if kind:
        found = found.where(LedgerEntry.target.startswith(f"{kind}:", autoescape=True))
    if person_id is not None:
        is_target = LedgerEntry.target == f"person:{person_id}"
        found = found.where(or_(LedgerEntry.actor_id == person_id, is_target))
    if name.strip():
        ids = people_found(name).with_only_columns(Person.id).order_by(None).scalar_subquery()
        targets = select(literal("person:") + cast(Person.id, String)).where(Person.id.in_(ids))
        found = found.where(or_(LedgerEntry.actor_id.in_(ids), LedgerEntry.target.in_(targets)))
    return found


class LedgerState(NamedTuple):
    """How far the ledger is sealed; ``last_sealed`` is an entry's id, None where none is sealed yet."""

    total: int
    waiting: int
    last_sealed: int | None


def ledger_state() -> LedgerState:
    is_sealed = LedgerEntry.seal.is_not(None)
    counts = select(func.count(), func.count(LedgerEntry.seal), func.max(LedgerEntry.id).filter(is_sealed))
    total, done, last = db.session.execute(counts).one()
    return LedgerState(total, total - done, last)


def changed_rules() -> dict[str, RuleValue]:
    """The rules an admin has changed, by name."""
    return {row.name: row for row in db.session.scalars(select(RuleValue))}
