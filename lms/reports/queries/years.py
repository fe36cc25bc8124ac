"""Queries of a year that may be over, by the units and placements of its last day."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Collection, Sequence
from datetime import date
from itertools import accumulate, groupby, pairwise
from typing import Any, TypeVarTuple

from sqlalchemy import (
    BigInteger,
    Float,
    Integer,
    Select,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    type_coerce,
)

from lms.core.db import days_between, db
from lms.counts import queries as counts
from lms.counts.models import RecordCount
from lms.courses.models import CourseRevision
from lms.enrolment.models import Enrolment
from lms.learning.models import Completion
from lms.people import queries as persons
from lms.people.models import Person, Placement, UnitVersion
from lms.people.scopes import Scope
from lms.people.unit_tree import UnitTree
from lms.records import queries as records
from lms.records.models import Record
from lms.reports.quarters import FIRST_MONTHS, QuarterHours
from lms.reports.queries import hours, year_of
from lms.reports.yearly import CompletionFigures, KindYear, PersonYear, YearHours

Columns = TypeVarTuple("Columns")


def tree_at_the_end_of(year: int) -> UnitTree:
    """The units as they were on the last day of a year, or as they are now if no history goes back that far."""
    return persons.tree_on(date(year, 12, 31)) if _has_history(year) else persons.tree_now()


def _has_history(year: int) -> bool:
    return bool(db.session.scalar(select(exists().where(UnitVersion.since <= date(year, 12, 31)))))


def hours_of_year(year: int, scope: Scope, zone: str, *, is_over: bool = True) -> list[YearHours]:
    """People by unit, status and JP of the year, by their placement on its last day.

    Includes people who had a placement then or earned JP that year, even if they are gone now, but not people who came
    later. If the placement of then is not known, the present one counts. While the year runs, that is everybody's.
    """
    return _hours_then(year, scope, zone) if is_over else _hours_now(year, scope)


def _hours_now(year: int, scope: Scope) -> list[YearHours]:
    inside = [] if scope.unit_ids is None else [Person.unit_id.in_(scope.unit_ids)]
    return [YearHours(one.unit_id, one.status, one.jp, one.number) for one in hours.of_year(year, inside)]


def _hours_then(year: int, scope: Scope, zone: str) -> list[YearHours]:
    each_one = _each_then(year, zone).subquery()
    found = select(*each_one.c, func.count()).group_by(*each_one.c)
    if scope.unit_ids is not None:
        found = found.where(each_one.c.unit_id.in_(scope.unit_ids))
    return [YearHours(row[0], row[1], int(row[2]), row[4], int(row[3])) for row in db.session.execute(found)]


def _each_then(year: int, zone: str, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Unit, status, JP and late JP of each person, and ``columns`` of people."""
    last_day, end = date(year, 12, 31), year_of(year, zone)[1]
    earned, then = records.jp_by_person(year, late_from=end).subquery(), _placements(last_day)
    was_there = then.c.person_id.is_not(None) & (then.c.has_ended | Person.is_active)
    has_no_history = ~exists().where(Placement.person_id == Person.id)
    came_by_then = Person.created_at < end
    return (
        select(
            _unit_of(then).label("unit_id"),
            func.coalesce(then.c.status, Person.status).label("status"),
            func.coalesce(earned.c.jp, 0).label("jp"),
            func.coalesce(earned.c.late, 0).label("late"),
            *columns,
        )
        .select_from(Person)
        .outerjoin(earned, earned.c.person_id == Person.id)
        .outerjoin(then, then.c.person_id == Person.id)
        .where(or_(was_there, earned.c.jp > 0, has_no_history & came_by_then & Person.is_active))
    )


def people_of_year(year: int, scope: Scope, zone: str, *, is_over: bool = True) -> list[PersonYear]:
    """Those that ``hours_of_year`` counts, by name."""
    each_one = (_each_then(year, zone, *PERSON) if is_over else _each_now(year)).subquery()
    found = select(each_one).order_by(each_one.c.name, each_one.c.id)
    if scope.unit_ids is not None:
        found = found.where(each_one.c.unit_id.in_(scope.unit_ids))
    return [PersonYear(*row) for row in db.session.execute(found)]


def _each_now(year: int) -> Select[*tuple[Any, ...]]:
    earned = records.jp_by_person(year).subquery()
    jp = func.coalesce(earned.c.jp, 0).label("jp")
    found = select(Person.unit_id, Person.status, jp, literal(0).label("late"), *PERSON)
    found = found.outerjoin(earned, earned.c.person_id == Person.id)
    return found.where(or_(Person.is_active, earned.c.jp > 0))


PERSON = (Person.id, Person.title_before, Person.name, Person.title_after, Person.nip, Person.email)


def _placements(day: date) -> Any:
    holds = (Placement.since <= day) & or_(Placement.until.is_(None), Placement.until > day)
    has_ended = Placement.until.is_not(None).label("has_ended")
    return select(Placement.person_id, Placement.unit_id, Placement.status, has_ended).where(holds).subquery()


def _unit_of(then: Any) -> Any:
    """The unit of then, or the present one if it is not known."""
    return case((then.c.person_id.is_not(None), then.c.unit_id), else_=Person.unit_id)


def _of_people(found: Select[*Columns], person_id: Any, year: int, scope: Scope) -> Select[*Columns]:
    """Rows of people who were in a unit of the scope on the last day of a year. For everybody, no person is read."""
    if scope.unit_ids is None:
        return found
    then = _placements(date(year, 12, 31))
    found = found.join(Person, Person.id == person_id).outerjoin(then, then.c.person_id == Person.id)
    return found.where(_unit_of(then).in_(scope.unit_ids))


def jp_by_kind(year: int, scope: Scope, zone: str, *, is_over: bool = True) -> list[KindYear]:
    """The kinds of competence (empty if the course has none), the most JP first."""
    of_all = scope.unit_ids is None and not is_over
    rows = db.session.execute(_kinds_of_everybody(year) if of_all else _kinds_of(year, scope, zone, is_over)).all()
    revisions = select(CourseRevision.id, CourseRevision.competency).where(
        CourseRevision.id.in_([row[0] for row in rows])
    )
    kind_of = dict(db.session.execute(revisions).all())
    kinds: dict[str, KindYear] = {}
    for revision_id, jp, count, jp_late in rows:
        kind = kinds.setdefault(kind_of[revision_id] or "", KindYear(kind_of[revision_id] or ""))
        kind.jp, kind.certificates, kind.late = (
            kind.jp + int(jp),
            kind.certificates + int(count),
            kind.late + int(jp_late),
        )
    return sorted(kinds.values(), key=lambda one: (-one.jp, one.kind))


def _kinds_of_everybody(year: int) -> Select[int, int, int, int]:
    """Rows of revision, JP, certificates and late JP, from what is kept. While a year runs, nothing is late."""
    kept = counts.now(counts.RECORDS, RecordCount).c
    found = select(kept.revision_id, func.sum(kept.number * kept.jp), func.sum(kept.number), literal(0))
    return found.where(kept.year == year).group_by(kept.revision_id).having(func.sum(kept.number) != 0)


def _kinds_of(year: int, scope: Scope, zone: str, is_over: bool) -> Select[*tuple[Any, ...]]:
    """The outer join keeps SQLite from beginning with the completions: an index has all that is read of the records."""
    is_late = records.is_late(year_of(year, zone)[1]) if is_over else false()
    jp = case((and_(*records.counts_for(year)), Record.jp), else_=0)
    late = func.sum(case((is_late, jp), else_=0))
    found = (
        select(Completion.revision_id, func.sum(jp), func.count(), late)
        .select_from(Record)
        .outerjoin(Completion, Completion.enrolment_id == Record.enrolment_id)
        .where(*records.valid_in(year))
        .group_by(Completion.revision_id)
    )
    return _of_people(found, Record.person_id, year, scope)


def enrolled_in(year: int, scope: Scope, zone: str, course_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Count the enrolments of a year and those of them that were withdrawn, by course.

    ``course_ids`` are all there are: named, the year is looked up in each by an index, of which else all would be read.
    """
    number, withdrawn = func.count(), func.count(Enrolment.withdrawn_at)
    first, last = year_of(year, zone)
    found = select(Enrolment.course_id, number, withdrawn).group_by(Enrolment.course_id)
    in_any = Enrolment.course_id.in_(course_ids)
    found = found.where(in_any, Enrolment.enrolled_at >= first, Enrolment.enrolled_at < last)
    rows = db.session.execute(_of_people(found, Enrolment.person_id, year, scope))
    return {course_id: (enrolled, withdrawn) for course_id, enrolled, withdrawn in rows}


_COURSE, _NO_TIME = 10_000_000, 5_000_000
"""More than the tenths of a day in five centuries, to either side: who came back is enrolled anew, after completing."""


def completed_of(year: int, scope: Scope, zone: str) -> dict[int, CompletionFigures]:
    """Sum up how the enrolments of a year were completed, by course, without those withdrawn.

    The database counts by one number made of the course and the tenths of a day, as many as anybody tells apart: SQLite
    sorts it twice as fast as the moments. The outer join and ``coalesce`` keep it from beginning with the enrolments,
    most of which have no completion.
    """
    first, last = year_of(year, zone)
    enrolled_at = func.coalesce(Enrolment.enrolled_at, first)
    days = days_between(Enrolment.enrolled_at, Completion.completed_at)
    tenths = cast(func.round(days * 10), Integer) + _NO_TIME
    key, score = Enrolment.course_id * literal(_COURSE, BigInteger) + tenths, type_coerce(Completion.score, Float)
    found = (
        select(key, func.count(), func.count(score), func.sum(score))
        .select_from(Completion)
        .outerjoin(Enrolment, Enrolment.id == Completion.enrolment_id)
        .where(enrolled_at >= first, enrolled_at < last, Enrolment.withdrawn_at.is_(None))
    )
    rows = db.session.execute(_of_people(found, Enrolment.person_id, year, scope).group_by(key).order_by(key))
    by_course = groupby(rows, lambda row: row[0] // _COURSE)
    return {
        course_id: _summed_up([(one[0] % _COURSE - _NO_TIME, *one[1:]) for one in some])
        for course_id, some in by_course
    }


def _summed_up(rows: Sequence[tuple[int, int, int, float | None]]) -> CompletionFigures:
    """``rows`` of tenths of a day in their order, how many took so long, how many of these have a score, its sum."""
    number, scored = sum(row[1] for row in rows), sum(row[2] for row in rows)
    mean = sum(float(row[3] or 0) for row in rows) / scored if scored else None
    return CompletionFigures(number, mean, _median([(tenths, count) for tenths, count, *_rest in rows]) / 10)


def _median(counts: Sequence[tuple[int, int]]) -> float:
    """The middle one of values in their order, or the mean of both: ``counts`` says how often each is there."""
    values, upto = [value for value, _count in counts], list(accumulate(count for _value, count in counts))
    lower, upper = (values[bisect(upto, place)] for place in ((upto[-1] - 1) // 2, upto[-1] // 2))
    return (lower + upper) / 2


def jp_by_quarter(year: int, scope: Scope, *, is_over: bool = True) -> list[QuarterHours]:
    """Those of ``hours_of_year`` who have JP of the year, by the quarter in which they completed the training."""
    begins = [date(year, month, 1) for month in FIRST_MONTHS] + [date(year + 1, 1, 1)]
    sums = [
        func.sum(case(((Record.completed_on >= first) & (Record.completed_on < end), Record.jp), else_=0))
        for first, end in pairwise(begins)
    ]
    of_person: tuple[Any, Any] = (Person.unit_id, Person.status)
    found = select(literal(1)).select_from(Person).join(Record, Record.person_id == Person.id)
    if is_over:
        then = _placements(date(year, 12, 31))
        found = found.outerjoin(then, then.c.person_id == Person.id)
        of_person = (_unit_of(then), func.coalesce(then.c.status, Person.status))
    unit_id, status = of_person
    if scope.unit_ids is not None:
        found = found.where(unit_id.in_(scope.unit_ids))
    columns = [unit_id.label("unit_id"), status.label("status")]
    columns += [jp.label(f"jp{number}") for number, jp in enumerate(sums)]
    each_one = found.with_only_columns(*columns, maintain_column_froms=True)
    each_one = each_one.where(*records.counts_for(year)).group_by(Person.id, unit_id, status)
    each = each_one.subquery()
    rows = db.session.execute(select(*each.c, func.count()).group_by(*each.c))
    return [QuarterHours(row[0], row[1], (int(row[2]), int(row[3]), int(row[4]), int(row[5])), row[6]) for row in rows]
