"""How far a certificate brings somebody: the JP of a year and its target."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import and_, extract, func, not_, select
from sqlalchemy.orm import aliased

from lms.core.db import db
from lms.courses.models import CourseRevision
from lms.learning.models import Completion
from lms.records import queries
from lms.records.models import Record
from lms.records.queries import repeats
from lms.records.repeats import Rules
from lms.records.repeats import counted_before as repeated_of
from lms.records.years import Credit, JpTarget, Training, YearProgress, reached_at


def trainings_of(person_id: int, rules: Rules) -> list[Training]:
    """A person's records as listed for their owner."""
    found = db.session.execute(
        select(Record, CourseRevision.competency)
        .join(Completion, Completion.enrolment_id == Record.enrolment_id)
        .join(CourseRevision, CourseRevision.id == Completion.revision_id)
        .where(Record.person_id == person_id)
    )
    rows = [(record, competency) for record, competency in found]
    counted_on = repeated_of((record for record, _ in rows if record.revoked_at is None), rules)
    return [_training(record, competency, counted_on.get(record.enrolment_id)) for record, competency in rows]


def counted_before(person_id: int) -> dict[int, date]:
    """The enrolments of a person whose certificates bring no JP, with the day on which their course was completed
    before."""
    valid = select(Record).where(Record.person_id == person_id, Record.revoked_at.is_(None))
    return repeated_of(db.session.scalars(valid), repeats.rules())


def _training(row: Record, competency: str | None, counted_on: date | None) -> Training:
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
        changed_at=row.revoked_at or row.issued_at,
        is_revoked=row.revoked_at is not None,
        reason=row.revoke_reason or "",
        counted_on=counted_on if row.revoked_at is None else None,
    )


def year_progress(
    person_id: int, year: int, target: JpTarget, *, jp: int | None = None, waiting: int = 0, learning: int = 0
) -> YearProgress:
    """A person's ``jp`` of a year, read if they are not given. Asks when the target was reached only if it was."""
    jp = queries.jp_in_year(person_id, year) if jp is None else jp
    at = reached_at(target, _credits(person_id, year)) if target.is_reached(jp) else None
    return YearProgress(year, jp, target, at, waiting, learning)


def _credits(person_id: int, year: int) -> list[Credit]:
    """A person's JP with their moments. A replacement counts from the moment of the first certificate of the course."""
    of_year = Record.completed_on.between(date(year, 1, 1), date(year, 12, 31))
    found = select(Record, and_(*queries.counts_for(year))).where(Record.person_id == person_id, of_year)
    records = db.session.execute(found.order_by(Record.id)).all()
    first: dict[int, datetime] = {}
    for record, _counts in records:
        first.setdefault(record.enrolment_id, record.issued_at)
    return [Credit(record.jp, first[record.enrolment_id]) for record, counts in records if counts]


def jp_up_to(record_ids: Collection[int]) -> dict[int, int]:
    """For each record, the JP of its person in its year including this record, as far as they still count."""
    other = aliased(Record)
    same_year = extract("year", other.completed_on) == extract("year", Record.completed_on)
    valid = and_(other.person_id == Record.person_id, other.id <= Record.id, other.revoked_at.is_(None), same_year)
    sums = select(Record.id, func.sum(other.jp)).join(other, and_(valid, repeats.counts(repeats.rules(), other)))
    found = db.session.execute(sums.where(Record.id.in_(record_ids)).group_by(Record.id))
    return dict.fromkeys(record_ids, 0) | {record_id: int(jp) for record_id, jp in found}


def repeated_among(record_ids: Collection[int]) -> set[int]:
    """The records that were not revoked and whose JP do not count, because their course was completed before."""
    repeated = Record.revoked_at.is_(None), not_(repeats.counts(repeats.rules()))
    return set(db.session.scalars(select(Record.id).where(Record.id.in_(record_ids), *repeated)))
