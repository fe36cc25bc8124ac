"""What is kept, and what it is now: the counts, corrected by those whose change is not counted yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Select, Subquery, case, cast, exists, extract, func, literal, select, union_all

from lms.core.db import Base, db
from lms.counts.models import (
    ChangedPerson,
    CountedEnrolment,
    CountedHours,
    CountedRecord,
    DeadlineCount,
    EnrolmentCount,
    HoursCount,
    RecordCount,
)
from lms.enrolment.models import Enrolment
from lms.learning.models import Completion, EnrolmentState
from lms.people.models import Person
from lms.people.scopes import WITHOUT_UNIT
from lms.records.models import Record
from lms.records.queries import repeats

_YEAR = cast(extract("year", Record.completed_on), Integer)
OPEN = ("not-started", "in-progress")
"""The states in which a deadline still matters."""


def enrolments() -> Select[*tuple[Any, ...]]:
    """What ``CountedEnrolment`` should say, computed anew."""
    state = case(
        (Enrolment.withdrawn_at.is_not(None), "withdrawn"), else_=func.coalesce(EnrolmentState.state, "not-started")
    )
    return (
        select(
            Enrolment.id.label("enrolment_id"),
            Enrolment.person_id,
            func.coalesce(Person.unit_id, WITHOUT_UNIT).label("unit_id"),
            Enrolment.course_id,
            state.label("state"),
            case((state.in_(OPEN), Enrolment.due_on)).label("due_on"),
        )
        .select_from(Person)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .outerjoin(EnrolmentState, EnrolmentState.enrolment_id == Enrolment.id)
        .where(Person.is_active)
    )


def hours() -> Select[*tuple[Any, ...]]:
    """What ``CountedHours`` should say, computed anew."""
    whose = (Person.unit_id, Person.status, Person.is_active)
    return (
        select(
            Record.person_id,
            _YEAR.label("year"),
            func.coalesce(Person.unit_id, WITHOUT_UNIT).label("unit_id"),
            *whose[1:],
            cast(func.sum(Record.jp), Integer).label("jp"),
        )
        .select_from(Person)
        .join(Record, Record.person_id == Person.id)
        .where(Record.revoked_at.is_(None), repeats.counts(repeats.rules()))
        .group_by(Record.person_id, _YEAR, *whose)
    )


def records() -> Select[*tuple[Any, ...]]:
    """What ``CountedRecord`` should say, computed anew."""
    jp = case((repeats.counts(repeats.rules()), Record.jp), else_=0).label("jp")
    columns = (Record.person_id, _YEAR.label("year"), Completion.revision_id, jp)
    found = select(Record.id.label("record_id"), *columns).select_from(Person)
    found = found.join(Record, Record.person_id == Person.id)
    return found.join(Completion, Completion.enrolment_id == Record.enrolment_id).where(Record.revoked_at.is_(None))


@dataclass(frozen=True)
class Kept:
    """A table of what was counted; how to compute it; the tables that count its rows by some of its columns."""

    fact: type[Base]
    live: Callable[[], Select[*tuple[Any, ...]]]
    counts: tuple[type[Base], ...]

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.fact.__table__.columns]


ENROLMENTS = Kept(CountedEnrolment, enrolments, (EnrolmentCount, DeadlineCount))
HOURS = Kept(CountedHours, hours, (HoursCount,))
RECORDS = Kept(CountedRecord, records, (RecordCount,))
KEPT = (ENROLMENTS, HOURS, RECORDS)


def names_of(count: type[Base]) -> list[str]:
    """The columns by which a table counts."""
    return [column.name for column in count.__table__.columns if column.name not in ("id", "number")]


def now(kept: Kept, count: type[Base]) -> Subquery:
    """Rows of ``count`` to be added up, as of this moment: of whoever has changed, what was counted is taken off again.

    One statement, so that it sees a change together with its mark.
    """
    names, fact, changed = names_of(count), kept.fact.__table__.c, select(ChangedPerson.person_id)
    kept_rows = select(*(count.__table__.c[name] for name in (*names, "number")))
    taken_off = select(*(fact[name] for name in names), literal(-1)).where(fact.person_id.in_(changed))
    live = kept.live().where(Person.id.in_(changed)).subquery().c
    return union_all(kept_rows, taken_off, select(*(live[name] for name in names), literal(1))).subquery()


def differs(kept: Kept, count: type[Base]) -> bool:
    """Whether a count is not what counting everything anew gives."""
    names, live = names_of(count), kept.live().subquery().c
    here = now(kept, count).c
    both = union_all(
        select(*(here[name] for name in names), here.number),
        select(*(live[name] for name in names), literal(-1)),
    ).subquery()
    columns = [both.c[name] for name in names]
    wrong = select(literal(1)).select_from(both).group_by(*columns).having(func.sum(both.c.number) != 0)
    return db.session.scalar(wrong.limit(1)) is not None


def wrong_counts() -> list[str]:
    """The tables whose counts are not right."""
    return [count.__tablename__ for kept in KEPT for count in kept.counts if differs(kept, count)]


def has_changes() -> bool:
    return bool(db.session.scalar(select(exists().where(ChangedPerson.id.is_not(None)))))
