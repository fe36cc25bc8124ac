"""People found and counted."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import lazyload, selectinload

from lms.accounts.account import Account
from lms.accounts.models import PeopleImport, Person, Unit
from lms.accounts.scopes import EVERYBODY, WITHOUT_UNIT, Scope
from lms.core.db import db

LONGEST_SEARCH = 160


def person(person_id: int) -> Person | None:
    return db.session.get(Person, person_id)


def row_of(account: Account) -> Person:
    """The row of whoever is signed in, for what changes it."""
    return db.session.get_one(Person, account.id)


def person_named(login: str) -> Person | None:
    """Who signs in by this name, in its one spelling (``names.login_name``); also who is switched off."""
    column = Person.email if "@" in login else Person.nip
    return db.session.scalar(select(Person).where(column == login))


_FOUND_BY = (Person.name, Person.title_before, Person.title_after, Person.position, Unit.name)


def people_found(
    words: str,
    *,
    scope: Scope = EVERYBODY,
    unit_ids: set[int] | None = None,
    is_active: bool | None = None,
    by_parts_of_numbers: bool = True,
) -> Select[Person]:
    """People by name, post, unit, or part of a NIP or address, in the order of their full names.

    Only of ``scope``. Every word must be found; ``unit_ids`` and ``is_active`` narrow, None does not.
    For who may not see whole numbers ``by_parts_of_numbers`` must be False: part by part a search would tell them.
    A whole NIP finds its owner even then.
    """
    found = select(Person).outerjoin(Person.unit).options(selectinload(Person.unit))
    columns = (*_FOUND_BY, Person.nip, Person.email) if by_parts_of_numbers else _FOUND_BY
    for word in _search_words(words):
        found = found.where(or_(Person.nip == word, *(column.icontains(word, autoescape=True) for column in columns)))
    if unit_ids is not None:
        found = found.where(_belongs_to(unit_ids))
    if scope.unit_ids is not None:
        found = found.where(Person.unit_id.in_(scope.unit_ids))
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


def people_in(unit_ids: Iterable[int]) -> Select[Person]:
    """Who belongs to exactly these units, active or not, by name; see ``units_meant``."""
    return select(Person).where(_belongs_to(set(unit_ids))).order_by(func.lower(Person.name), Person.id)


def _belongs_to(unit_ids: set[int]) -> ColumnElement[bool]:
    return Person.unit_id.is_(None) if unit_ids == {WITHOUT_UNIT} else Person.unit_id.in_(unit_ids)


def people_by_unit() -> dict[int, int]:
    """How many active people each unit has itself."""
    counted = select(Person.unit_id, func.count()).where(Person.is_active, Person.unit_id.is_not(None))
    rows = db.session.execute(counted.group_by(Person.unit_id))
    return {unit_id: count for unit_id, count in rows if unit_id is not None}


def imports_seen_by(person: Account) -> Select[PeopleImport]:
    """Lists that were handed in, newest first: the admin of the site sees all, others their own."""
    found = select(PeopleImport).order_by(PeopleImport.id.desc())
    return found if person.is_admin else found.where(PeopleImport.created_by == person.id)


def count_in(unit_ids: Iterable[int]) -> int:
    """How many people belong to these units, active or not."""
    return db.session.scalar(select(func.count()).where(Person.unit_id.in_(set(unit_ids)))) or 0
