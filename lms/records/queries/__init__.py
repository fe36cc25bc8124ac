"""Records by code, person and course, and their JP."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Literal, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload, lazyload

from lms.core import ledger
from lms.core.db import db
from lms.core.direct_query import DirectQuery
from lms.courses import queries as courses
from lms.courses.models import Course, CourseRevision
from lms.enrolment.models import Enrolment
from lms.learning import queries as learning
from lms.learning.completion import CompletionRow, CourseOutcome, ItemProgress
from lms.learning.models import Completion
from lms.lib.folding import fold_text
from lms.people import queries as persons
from lms.people import ranks
from lms.people.models import Person
from lms.records import codes
from lms.records.evidence import Disagreement, disagreement
from lms.records.models import NumberSequence, Record, RecordBatch, RecordBatchEntry
from lms.records.queries import repeats
from lms.records.repeats import Counted, Rule

Columns = TypeVarTuple("Columns")


def uncertain_sequences() -> Sequence[NumberSequence]:
    """The years of which it is not known which number was printed last, the oldest first."""
    found = select(NumberSequence).where(NumberSequence.uncertain_since.is_not(None)).order_by(NumberSequence.year)
    return db.session.scalars(found).all()


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
    """Condition: the record was not replaced."""
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


def records_at(person_id: int, moment: datetime) -> list[Record]:
    """A person's records that were issued by then, including those revoked, newest first."""
    return [record for record in records_of(person_id) if record.issued_at <= moment]


def jp_in_year(person_id: int, year: int, rule: Rule | None = None) -> int:
    """The JP of a person's records that count for ``year``, by its ``rule``, which is read if it is not given."""
    return jp_of_people([person_id], year, rule).get(person_id, 0)


def jp_of_people(person_ids: Sequence[int], year: int, rule: Rule | None = None) -> dict[int, int]:
    """JP that count for ``year``, by person, without people who have none."""
    query = _jp_of_people(year, rule or repeats.rules().of(year))
    return {row.person_id: int(row.jp) for row in query.rows(person_ids=person_ids)}


@cache
def _jp_of_people(year: int, rule: Rule) -> DirectQuery:
    named = Record.person_id.in_(bindparam("person_ids", expanding=True))
    counting = (*valid_in(year), *repeats.counts_by(rule))
    counted = select(Record.person_id, func.sum(Record.jp).label("jp")).where(named, *counting)
    return DirectQuery(counted.group_by(Record.person_id))


def jp_by_person(year: int, *, late_from: datetime | None = None) -> Select[*tuple[Any, ...]]:
    """JP of everybody that count for ``year``, as rows to join, without people who have none.

    With ``late_from``, the first moment after the year, also the ``late`` ones among them.
    """
    counted = select(Record.person_id, func.sum(Record.jp).label("jp")).where(*counts_for(year))
    if late_from is not None:
        counted = counted.add_columns(func.sum(case((is_late(late_from), Record.jp), else_=0)).label("late"))
    return counted.group_by(Record.person_id)


def is_late(end: datetime) -> ColumnElement[bool]:
    """Condition: issued after ``end``. The replacement of a record that was issued in time is not late: its JP had been
    counted."""
    earlier = aliased(Record)
    in_time = exists().where(earlier.enrolment_id == Record.enrolment_id, earlier.issued_at < end)
    return and_(Record.issued_at >= end, ~in_time)


def jp_of_each(year: int, *columns: Any) -> Select[*tuple[Any, ...]]:
    """``columns`` of people with the ``jp`` that count for ``year``, to be narrowed to some people."""
    counted = select(*columns, func.sum(Record.jp).label("jp")).select_from(Person)
    return counted.join(Record, Record.person_id == Person.id).where(*counts_for(year)).group_by(Person.id, *columns)


def counts_for(year: int) -> tuple[ColumnElement[bool], ...]:
    """The records whose JP count for a year."""
    return *valid_in(year), *repeats.counts_by(repeats.rules().of(year))


def valid_in(year: int) -> tuple[ColumnElement[bool], ...]:
    """The records of a year that were not revoked, with those of courses that were completed again."""
    return Record.completed_on.between(date(year, 1, 1), date(year, 12, 31)), Record.revoked_at.is_(None)


def counted_courses(person_id: int, year: int, rule: Rule | None = None) -> Counted:
    """Those that bring no JP for ``year`` any more, by its ``rule``, which is read if it is not given."""
    rule = rule or repeats.rules().of(year)
    if rule == "each":
        return Counted()
    begin = date(year, 1, 1) if rule == "yearly" else date.min
    of_then = Record.completed_on.between(begin, date(year, 12, 31)), Record.revoked_at.is_(None)
    found = db.session.scalars(select(Record.course_id).where(Record.person_id == person_id, *of_then))
    return Counted(frozenset(found), rule)


def _without_record() -> Select[Completion]:
    """Completions of courses with a certificate that have no record yet."""
    has_record = exists().where(Record.enrolment_id == Completion.enrolment_id)
    return (
        select(Completion)
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
        .join(CourseRevision, CourseRevision.id == Completion.revision_id)
        .where(~has_record, Enrolment.withdrawn_at.is_(None), CourseRevision.has_certificate)
    )


def ready_counts(course_ids: Collection[int], *, not_of: int | None = None) -> dict[int, int]:
    """The number of completions that wait for a certificate, by course, without courses where none waits.

    ``not_of`` leaves out a person's own completions: nobody issues to themselves. ``coalesce`` keeps SQLite from
    beginning with everybody who took the courses: few completions wait.
    """
    of_these = func.coalesce(Enrolment.course_id, 0).in_(course_ids)
    waiting = _without_record().where(of_these, Enrolment.person_id.is_distinct_from(not_of))
    rows = waiting.with_only_columns(Enrolment.course_id, func.count()).group_by(Enrolment.course_id)
    return dict(db.session.execute(rows).all())


_WAITING_OF = (
    _without_record()
    .join(Course, Course.id == CourseRevision.course_id)
    .with_only_columns(Completion, CourseRevision, Course)
    .where(Enrolment.person_id == bindparam("person_id"))
    .order_by(Completion.completed_at.desc())
)


def waiting_of(person_id: int) -> Sequence[tuple[Completion, CourseRevision, Course]]:
    """A person's completions without a certificate, newest first."""
    rows = db.session.execute(_WAITING_OF, {"person_id": person_id})
    return [(row[0], row[1], row[2]) for row in rows]


_REVOKED = DirectQuery(
    select(Record.enrolment_id)
    .where(Record.enrolment_id.in_(bindparam("enrolment_ids", expanding=True)))
    .group_by(Record.enrolment_id)
    .having(func.count(Record.revoked_at) == func.count())
)


def revoked_among(enrolment_ids: Collection[int]) -> set[int]:
    """The enrolments whose certificate was revoked, and none issued in its place."""
    return {row.enrolment_id for row in _REVOKED.rows(enrolment_ids=list(enrolment_ids))}


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
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Completion, Completion.enrolment_id == Enrolment.id)
        .join(CourseRevision, CourseRevision.id == Completion.revision_id)
        .outerjoin(Record, (Record.enrolment_id == Enrolment.id) & _is_newest())
        .where(Enrolment.course_id == course_id)
        .where(or_(Enrolment.withdrawn_at.is_(None), Record.id.is_not(None)))
        .options(joinedload(Person.unit), lazyload(Person.grants))
        .order_by(Record.id.is_not(None), func.lower(Person.name), Enrolment.id)
    )


def candidates(
    rows: Sequence[Any], progress: Mapping[int, Mapping[int, ItemProgress]] | None = None
) -> list[Candidate]:
    """Rows of ``completed`` with their present outcome, or that of ``progress`` by enrolment and item."""
    progress = progress or learning.item_progress([row[0].id for row in rows])
    return [
        Candidate(enrolment, person, completion, found, outcome_now(completion, revision, progress[enrolment.id]))
        for enrolment, person, completion, revision, found in rows
    ]


def outcome_now(
    completion: Completion | CompletionRow, revision: CourseRevision, progress: Mapping[int, ItemProgress]
) -> CourseOutcome:
    """Apply the rules of the day of completion to the present grades.

    A pass mark raised later, or a new revision of the course, does not change the result.
    """
    pass_mark = float(completion.facts["pass_mark"] or 0)
    return learning.outcome_of(courses.contents(revision.id), revision.rule, progress, pass_mark)


def revision_completed(completion: Completion | CompletionRow) -> CourseRevision:
    """The course as it was when it was completed."""
    return db.session.get_one(CourseRevision, completion.revision_id)


def enrolments_to_issue(course_id: int, among: Sequence[int]) -> Sequence[int]:
    """Return the enrolments ``among`` that completed the course, including issued ones: issuing twice is harmless.

    They are ordered by name, as their numbers will be.
    """
    named = completed(course_id).where(Enrolment.id.in_(among)).with_only_columns(Enrolment.id)
    return db.session.scalars(named.order_by(None).order_by(*BY_NAME)).all()


def all_to_issue(course_id: int, *, not_of: int, with_all_data: bool = False) -> Sequence[int]:
    """The enrolments of a course that wait for a certificate, except a person's own, by name."""
    waiting = _without_record().join(Person, Person.id == Enrolment.person_id)
    named = waiting.where(Enrolment.course_id == course_id, Enrolment.person_id != not_of)
    if with_all_data:
        named = named.where(~lacks_data())
    return db.session.scalars(named.with_only_columns(Enrolment.id).order_by(*BY_NAME)).all()


BY_NAME = (func.lower(Person.name), Enrolment.id)


def lacks_data() -> ColumnElement[bool]:
    """Condition: the person's rank, position or unit is not known, so the certificate would leave it out."""
    no_rank = and_(Person.rank == "", Person.status.in_(ranks.STATUSES))
    return or_(no_rank, Person.position == "", Person.unit_id.is_(None))


def batch(batch_id: int, course_id: int) -> RecordBatch | None:
    found = db.session.get(RecordBatch, batch_id)
    return found if found is not None and found.course_id == course_id else None


def batches(course_id: int, limit: int) -> Sequence[RecordBatch]:
    """The newest batches of a course, the newest first."""
    own = select(RecordBatch).where(RecordBatch.course_id == course_id).order_by(RecordBatch.id.desc())
    return db.session.scalars(own.limit(limit)).all()


def unfinished_batches() -> Sequence[int]:
    """The ids of batches that are not finished, the oldest first."""
    waiting = select(RecordBatch.id).where(RecordBatch.finished_at.is_(None))
    return db.session.scalars(waiting.order_by(RecordBatch.id)).all()


def with_record(enrolment_ids: Sequence[int]) -> set[int]:
    return set(db.session.scalars(select(Record.enrolment_id).where(Record.enrolment_id.in_(enrolment_ids))))


def in_batch(enrolment_ids: Sequence[int], condition: ColumnElement[bool]) -> set[int]:
    """Return the enrolments that are in a batch for which ``condition`` on batch and entry holds."""
    entries = select(RecordBatchEntry.enrolment_id).join(RecordBatch, RecordBatch.id == RecordBatchEntry.batch_id)
    return set(db.session.scalars(entries.where(RecordBatchEntry.enrolment_id.in_(enrolment_ids), condition)))


def newest_batch_of(enrolment_ids: Sequence[int]) -> RecordBatch | None:
    """The newest batch that one of the enrolments is in."""
    entries = select(RecordBatchEntry.batch_id).where(RecordBatchEntry.enrolment_id.in_(enrolment_ids))
    newest = select(RecordBatch).where(RecordBatch.id.in_(entries)).order_by(RecordBatch.id.desc())
    return db.session.scalar(newest.limit(1))


@dataclass(frozen=True)
class BatchCounts:
    total: int
    issued: int
    refused: int

    @property
    def left(self) -> int:
        return self.total - self.issued - self.refused


def batch_counts(batches: Sequence[RecordBatch]) -> dict[int, BatchCounts]:
    """Count the issued, refused and waiting entries, by the id of the batch."""
    entry = RecordBatchEntry
    rows = db.session.execute(
        select(entry.batch_id, func.count(entry.record_id), func.count(entry.refusal))
        .where(entry.batch_id.in_([one.id for one in batches]))
        .group_by(entry.batch_id)
    )
    found = {batch_id: counts for batch_id, *counts in rows}
    return {one.id: BatchCounts(one.total, *found.get(one.id, (0, 0))) for one in batches}


def batch_entries(batch_id: int) -> Select[RecordBatchEntry, Person, Record]:
    """The people of a batch: refused ones first, then by number, then those who wait."""
    entry = RecordBatchEntry
    return (
        select(entry, Person, Record)
        .join(Enrolment, Enrolment.id == entry.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Record, Record.id == entry.record_id)
        .where(entry.batch_id == batch_id)
        .options(lazyload(Person.grants))
        .order_by(entry.refusal.is_(None), entry.record_id.is_(None), entry.id)
    )


def records_found() -> Select[Record, Person]:
    """Records with their people, newest first."""
    found = select(Record, Person).join(Person, Person.id == Record.person_id).options(lazyload(Person.grants))
    return _newest_first(found)


def ids_found(words: str = "", person_id: int | None = None) -> Select[int]:
    """The ids of ``records_found``: of a person, or by number, code, or name and NIP of the person."""
    found = _newest_first(select(Record.id))
    if person_id is not None:
        found = found.where(Record.person_id == person_id)
    return found.where(_matches(words.strip())) if words.strip() else found


def _newest_first(found: Select[*Columns]) -> Select[*Columns]:
    return found.order_by(Record.issued_at.desc(), Record.id.desc())


def _matches(words: str) -> ColumnElement[bool]:
    return or_(
        *(Record.number.icontains(written, autoescape=True) for written in {words.lower(), fold_text(words)}),
        Record.code == codes.normalise(words),
        Record.person_id.in_(persons.ids_found(words)),
    )
