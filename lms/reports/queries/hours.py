"""JP of a year: how many people have how many, by unit and status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, distinct, func, literal, select

from lms.core.db import db
from lms.counts import queries as counts
from lms.counts.models import HoursCount
from lms.enrolment.models import Enrolment
from lms.people.models import Person
from lms.people.scopes import WITHOUT_UNIT
from lms.records import queries as records
from lms.reports.filters import BoardQuery
from lms.reports.queries import is_enrolled, people_where, taken_where


class Hours(NamedTuple):
    """A number of people with the same unit, status and JP of the year."""

    unit_id: int | None
    status: str
    jp: int
    number: int


class HoursOfPeople(NamedTuple):
    rows: list[Hours]
    not_enrolled: int
    """How many of the people have no enrolment that passes the filters."""


def of_board(query: BoardQuery) -> HoursOfPeople:
    """The number of people by unit, status and JP of this year."""
    is_about_all, is_alone = query.is_about_everybody, case((~is_enrolled(query), 1), else_=0)
    counted = _people_by_status(people_where(query), literal(0) if is_about_all else is_alone)
    year = query.today.year
    earned = _earned_by_all(year, with_gone=False) if is_about_all else _earned(year, people_where(query))
    not_enrolled = _not_enrolled_of_all(query, counted) if is_about_all else sum(row[3] or 0 for row in counted)
    return HoursOfPeople(_with_the_others(earned, counted), not_enrolled)


def _not_enrolled_of_all(query: BoardQuery, counted: Sequence[Any]) -> int:
    """With filters of enrolments, look for one of each person by id: half the time of unit by unit.

    Without, they are all people but those that an index of enrolments has, of which it counts each once.
    """
    if taken_where(query):
        found = select(func.count()).select_from(Person).where(*people_where(query), ~is_enrolled(query))
        return db.session.scalar(found) or 0
    enrolled = select(func.count(distinct(Enrolment.person_id))).scalar_subquery()
    gone = select(func.count()).select_from(Person).where(Person.is_active.is_(False), is_enrolled(query))
    people: int = sum(number for _unit_id, _status, number, _also in counted)
    return people - (db.session.scalar(select(enrolled - gone.scalar_subquery())) or 0)


def of_year(year: int, inside: Sequence[ColumnElement[bool]]) -> list[Hours]:
    """The same for a year that has not ended, with the people who are gone, if they earned JP before."""
    counted = _people_by_status([Person.is_active.is_(True), *inside], literal(0))
    return _with_the_others(_earned(year, inside) if inside else _earned_by_all(year, with_gone=True), counted)


def _people_by_status(where: Sequence[ColumnElement[bool]], also: ColumnElement[int]) -> Sequence[Any]:
    """Rows of unit, status, number of people, and the sum of ``also``."""
    by = (Person.unit_id, Person.status)
    return db.session.execute(select(*by, func.count(), func.sum(also)).where(*where).group_by(*by)).all()


def _with_the_others(earned: Select[*tuple[Any, ...]], counted: Sequence[Any]) -> list[Hours]:
    """People with JP, and the rest of those ``counted``, who have none and need not be looked at one by one."""
    without = Counter({(unit_id, status): number for unit_id, status, number, _also in counted})
    found = []
    for unit_id, status, is_active, jp, number in db.session.execute(earned):
        found.append(Hours(unit_id, status, int(jp), int(number)))
        if is_active:
            without[unit_id, status] -= int(number)
    return found + [Hours(unit_id, status, 0, number) for (unit_id, status), number in without.items() if number > 0]


def _earned(year: int, where: Sequence[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    """Rows of unit, status, whether active, JP of the year and number of people.

    Begins with the people, not with everybody's records.
    """
    each = records.jp_of_each(year, Person.unit_id, Person.status, Person.is_active).where(*where).subquery()
    return select(*each.c, func.count()).group_by(*each.c)


def _earned_by_all(year: int, *, with_gone: bool) -> Select[*tuple[Any, ...]]:
    """The same of everybody, from what is kept."""
    kept = counts.now(counts.HOURS, HoursCount).c
    by, number = (kept.unit_id, kept.status, kept.is_active, kept.jp), func.sum(kept.number)
    found = select(func.nullif(kept.unit_id, WITHOUT_UNIT), *by[1:], number).where(kept.year == year)
    found = found.group_by(*by).having(number != 0)
    return found if with_gone else found.where(kept.is_active)
