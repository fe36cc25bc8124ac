"""How many enrolments there are, by unit, course and state: of everybody from what is kept (``lms.counts``)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Select, case, func, literal, select

from lms.core.db import db
from lms.counts import queries as counts
from lms.counts.models import DeadlineCount, EnrolmentCount
from lms.enrolment.models import Enrolment
from lms.learning.models import EnrolmentState
from lms.people.models import Person
from lms.people.scopes import WITHOUT_UNIT
from lms.reports.filters import BoardQuery
from lms.reports.queries import conditions, enrolments_of, taken_where
from lms.reports.states import STATES, State


class CellCount(NamedTuple):
    """The enrolments of a unit's people in a course. ``enrolled`` are those who did not withdraw."""

    unit_id: int | None
    course_id: int
    enrolled: int
    finished: int


class Counts(NamedTuple):
    states: dict[State, int]
    cells: list[CellCount]
    """Also of those who all withdrew."""


def of_board(query: BoardQuery) -> Counts:
    """Whatever state is chosen."""
    asked = query.but(state=None)
    if asked.is_about_everybody and not taken_where(asked):
        return Counts(_states_of_everybody(asked), _cells_of_everybody())
    return _grouped(_each_counted(asked))


def _cells_of_everybody() -> list[CellCount]:
    kept = counts.now(counts.ENROLMENTS, EnrolmentCount).c
    there, finished = (func.sum(case((condition, kept.number), else_=0)) for condition in _conditions_of(kept.state))
    found = select(kept.unit_id, kept.course_id, there, finished).group_by(kept.unit_id, kept.course_id)
    rows = db.session.execute(found.having(func.sum(kept.number) != 0))
    return [CellCount(unit_id or None, course_id, *map(int, numbers)) for unit_id, course_id, *numbers in rows]


def _conditions_of(state: ColumnElement[str]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return state != "withdrawn", state == "finished"


def _states_of_everybody(query: BoardQuery) -> dict[State, int]:
    """Only in the states of ``counts.OPEN`` a deadline is kept, and can be near or over."""
    kept = counts.now(counts.ENROLMENTS, DeadlineCount).c
    near = query.today + timedelta(days=query.near_days)
    state = case((kept.due_on < query.today, "overdue"), (kept.due_on <= near, "near"), else_=kept.state)
    rows = db.session.execute(select(state, func.sum(kept.number)).group_by(state))
    return {one: int(number) for one, number in rows if number}


def _grouped(rows: Iterable[tuple[int | None, int, State, int]]) -> Counts:
    states, cells = Counter[State](), dict[tuple[int | None, int], CellCount]()
    for unit_id, course_id, state, number in rows:
        states[state] += number
        cell = cells.get((unit_id, course_id)) or CellCount(unit_id, course_id, 0, 0)
        cells[unit_id, course_id] = cell._replace(
            enrolled=cell.enrolled + (number if state != "withdrawn" else 0),
            finished=cell.finished + (number if state == "finished" else 0),
        )
    return Counts(dict(states), list(cells.values()))


def _each_counted(query: BoardQuery) -> Iterable[tuple[int | None, int, State, int]]:
    """Grouped by one number instead of three values, which SQLite sorts four times as fast."""
    unit, course = literal(_UNIT, BigInteger), literal(_COURSE, BigInteger)
    key = func.coalesce(Person.unit_id, WITHOUT_UNIT) * unit + Enrolment.course_id * course + _state_number(query)
    found = (_enrolments_of_all if query.is_about_everybody else enrolments_of)(query, key, func.count())
    for number, count in db.session.execute(found.group_by(key)):
        (unit_id, rest) = divmod(number, _UNIT)
        yield unit_id or None, rest // _COURSE, STATES[rest % _COURSE], count


_COURSE, _UNIT = 100, 100 * 10_000_000


def _state_number(query: BoardQuery) -> ColumnElement[int]:
    """The state's position in ``STATES``."""
    numbers = [(one, STATES.index(state)) for one, state in conditions(query.today, query.near_days)]
    return case(*numbers, else_=STATES.index("not-started"))


def _enrolments_of_all(query: BoardQuery, *columns: Any) -> Select[*tuple[Any, ...]]:
    """``enrolments_of`` without filters of people, read in the order in which the enrolments are stored.

    The outer joins and ``coalesce`` keep SQLite from beginning with the people, which takes twice as long.
    """
    found = select(*columns).select_from(Enrolment).outerjoin(Person, Person.id == Enrolment.person_id)
    found = found.outerjoin(EnrolmentState, EnrolmentState.enrolment_id == Enrolment.id)
    return found.where(func.coalesce(Person.is_active, False), *taken_where(query))
