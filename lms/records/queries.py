"""Records by code, person and course, and their JP."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload, lazyload

from lms.core import ledger
from lms.core.db import db
from lms.courses import queries as courses
from lms.courses.models import Course, CourseRevision
from lms.enrolment.models import Enrolment
from lms.learning import queries as learning
from lms.learning.completion import CourseOutcome
from lms.learning.models import Completion
from lms.learning.states import ItemProgress
from lms.people import queries as persons
from lms.people.models import Person
from lms.records import codes
from lms.records.evidence import Disagreement, disagreement
from lms.records.models import Record
from lms.records.years import Training


def record(record_id: int) -> Record | None:
    return db.session.get(Record, record_id)


def record_of(enrolment_id: int) -> Record | None:
    """The newest record of an enrolment. Older ones were revoked and replaced."""
    return db.session.scalar(select(Record).where(Record.enrolment_id == enrolment_id, _is_newest()))


def replacement_of(record: Record) -> Record | None:
    """The record that replaces a revoked one. No query for a valid record."""
    if record.revoked_at is None:
        return None
    return db.session.scalar(select(Record).where(Record.replaces_id == record.id))


def _is_newest() -> ColumnElement[bool]:
    """The record was not replaced."""
    later = aliased(Record)
    return ~exists().where(later.replaces_id == Record.id)


def record_with(code: str) -> Record | None:
    """The record with a code, in whatever form it was typed."""
    return db.session.scalar(select(Record).where(Record.code == codes.normalise(code)))


def disagreements(records: Sequence[Record]) -> dict[int, Disagreement]:
    """The records that are not what the ledger says, by id. At most a few hundred at once."""
    targets = [f"record:{record.id}" for record in records]
    issued, revoked = ledger.facts_about("issue record", targets), ledger.facts_about("revoke record", targets)
    found = {
        record.id: disagreement(record, issued.get(target, []), revoked.get(target, []))
        for record, target in zip(records, targets, strict=True)
    }
    return {record_id: what for record_id, what in found.items() if what is not None}


def records_of(person_id: int) -> Sequence[Record]:
    """A person's records, including revoked ones, newest first."""
    return db.session.scalars(
        select(Record).where(Record.person_id == person_id).order_by(Record.completed_on.desc(), Record.id.desc())
    ).all()


def trainings_of(person_id: int) -> list[Training]:
    """A person's records as listed for their owner."""
    rows = db.session.execute(
        select(Record, CourseRevision.competency)
        .join(Completion, Completion.enrolment_id == Record.enrolment_id)
        .join(CourseRevision, CourseRevision.id == Completion.revision_id)
        .where(Record.person_id == person_id)
    )
    return [_training(row, competency) for row, competency in rows]


def _training(row: Record, competency: str | None) -> Training:
    return Training(
        title=row.snapshot["course"],
        cohort=row.snapshot["cohort"],
        begins_on=date.fromisoformat(row.snapshot["begins_on"]),
        ends_on=date.fromisoformat(row.snapshot["ends_on"]),
        completed_on=row.completed_on,
        jp=row.jp,
        kind=competency or "",
        number=row.number,
        code=row.code,
        is_revoked=row.revoked_at is not None,
        reason=row.revoke_reason or "",
    )


def jp_in_year(person_id: int, year: int) -> int:
    """The JP of a person's records that count for ``year``."""
    return jp_of_people([person_id], year).get(person_id, 0)


def jp_of_people(person_ids: Sequence[int], year: int) -> dict[int, int]:
    """JP that count for ``year``, by person, without people who have none."""
    rows = db.session.execute(_jp_of_people(year), {"person_ids": person_ids})
    return {person_id: int(jp) for person_id, jp in rows}


@cache
def _jp_of_people(year: int) -> Select[int, int]:
    named = Record.person_id.in_(bindparam("person_ids", expanding=True))
    return select(Record.person_id, func.sum(Record.jp)).where(named, *_counts_for(year)).group_by(Record.person_id)


def jp_by_person(year: int) -> Select[int, int]:
    """JP of everybody that count for ``year``, as rows to join, without people who have none."""
    counted = select(Record.person_id, func.sum(Record.jp).label("jp")).where(*_counts_for(year))
    return counted.group_by(Record.person_id)


def _counts_for(year: int) -> tuple[ColumnElement[bool], ...]:
    return Record.completed_on.between(date(year, 1, 1), date(year, 12, 31)), Record.revoked_at.is_(None)


def _without_record() -> Select[Completion]:
    """Completions of courses with a certificate that have no record yet."""
    return (
        select(Completion)
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
        .join(CourseRevision, CourseRevision.id == Completion.revision_id)
        .outerjoin(Record, Record.enrolment_id == Completion.enrolment_id)
        .where(Record.id.is_(None), Enrolment.withdrawn_at.is_(None), CourseRevision.has_certificate)
    )


def ready_counts(course_ids: Collection[int], *, not_of: int | None = None) -> dict[int, int]:
    """The number of completions that wait for a certificate, by course, without courses where none waits.

    ``not_of`` leaves out a person's own completions: nobody issues to themselves.
    """
    waiting = _without_record().where(Enrolment.course_id.in_(course_ids), Enrolment.person_id.is_distinct_from(not_of))
    rows = waiting.with_only_columns(Enrolment.course_id, func.count()).group_by(Enrolment.course_id)
    return dict(db.session.execute(rows).all())


def waiting_of(person_id: int) -> Sequence[tuple[Completion, CourseRevision, Course]]:
    """A person's completions without a certificate, newest first."""
    waiting = _without_record().join(Course, Course.id == CourseRevision.course_id)
    rows = db.session.execute(
        waiting.with_only_columns(Completion, CourseRevision, Course)
        .where(Enrolment.person_id == person_id)
        .order_by(Completion.completed_at.desc())
    )
    return [(row[0], row[1], row[2]) for row in rows]


@dataclass(frozen=True)
class Candidate:
    """A person who completed the course. ``outcome`` applies the rules to the present grades."""

    enrolment: Enrolment
    person: Person
    completion: Completion
    record: Record | None
    outcome: CourseOutcome

    @property
    def state(self) -> Literal["ready", "lacking", "issued", "revoked"]:
        if self.record is None:
            return "ready" if self.outcome.is_complete else "lacking"
        return "revoked" if self.record.revoked_at else "issued"


def completed(course_id: int) -> Select[Enrolment, Person, Completion, CourseRevision, Record]:
    """People who completed a course: those without a certificate first, then by name. Rows for ``candidates``."""
    return (
        select(Enrolment, Person, Completion, CourseRevision, Record)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Completion, Completion.enrolment_id == Enrolment.id)
        .join(CourseRevision, CourseRevision.id == Completion.revision_id)
        .outerjoin(Record, (Record.enrolment_id == Enrolment.id) & _is_newest())
        .where(Enrolment.course_id == course_id)
        .where(or_(Enrolment.withdrawn_at.is_(None), Record.id.is_not(None)))
        .options(joinedload(Person.unit), lazyload(Person.grants))
        .order_by(Record.id.is_not(None), func.lower(Person.name), Enrolment.id)
    )


def candidates(rows: Sequence[Any]) -> list[Candidate]:
    """Rows of ``completed`` with their present outcome."""
    progress = learning.item_progress([row[0].id for row in rows])
    return [
        Candidate(enrolment, person, completion, found, outcome_now(completion, revision, progress[enrolment.id]))
        for enrolment, person, completion, revision, found in rows
    ]


def outcome_now(
    completion: Completion, revision: CourseRevision, progress: Mapping[int, ItemProgress]
) -> CourseOutcome:
    """Apply the rules of the day of completion to the present grades.

    A pass mark raised later, or a new revision of the course, does not change the result.
    """
    pass_mark = float(completion.facts["pass_mark"] or 0)
    return learning.outcome_of(courses.contents(revision.id), revision.rule, progress, pass_mark)


def revision_completed(completion: Completion) -> CourseRevision:
    """The course as it was when it was completed."""
    return db.session.get_one(CourseRevision, completion.revision_id)


def enrolments_to_issue(course_id: int, among: Sequence[int]) -> Sequence[int]:
    """Those of the enrolments ``among`` that completed the course, including issued ones: issuing twice is harmless."""
    named = completed(course_id).where(Enrolment.id.in_(among))
    return db.session.scalars(named.with_only_columns(Enrolment.id)).all()


def enrolments(enrolment_ids: Sequence[int]) -> Sequence[Enrolment]:
    """By name, which is the order of their numbers."""
    return db.session.scalars(
        select(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.id.in_(enrolment_ids))
        .options(joinedload(Enrolment.cohort))
        .order_by(func.lower(Person.name), Enrolment.id)
    ).all()


def records_found(words: str = "", person_id: int | None = None) -> Select[Record, Person]:
    """Records with their people, newest first: by number, code, or name and NIP of the person."""
    found = (
        select(Record, Person)
        .join(Person, Person.id == Record.person_id)
        .options(lazyload(Person.grants))
        .order_by(Record.issued_at.desc(), Record.id.desc())
    )
    if person_id is not None:
        found = found.where(Record.person_id == person_id)
    return found.where(_matches(words.strip())) if words.strip() else found


def _matches(words: str) -> ColumnElement[bool]:
    people = persons.people_found(words).with_only_columns(Person.id).order_by(None)
    return or_(
        Record.number.icontains(words, autoescape=True),
        Record.code == codes.normalise(words),
        Record.person_id.in_(people),
    )
