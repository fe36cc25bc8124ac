"""How far a certificate brings somebody: the JP of a year and its target."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import and_, extract, func, select
from sqlalchemy.orm import aliased

from lms.core.db import db
from lms.records import queries
from lms.records.models import Record
from lms.records.years import Credit, JpTarget, YearProgress, reached_at


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
    records = db.session.scalars(select(Record).where(Record.person_id == person_id, of_year).order_by(Record.id)).all()
    first: dict[int, datetime] = {}
    for record in records:
        first.setdefault(record.enrolment_id, record.issued_at)
    return [Credit(one.jp, first[one.enrolment_id]) for one in records if one.revoked_at is None]


def jp_up_to(record_ids: Collection[int]) -> dict[int, int]:
    """For each record, the JP of its person in its year including this record, as far as they still count."""
    other = aliased(Record)
    same_year = extract("year", other.completed_on) == extract("year", Record.completed_on)
    counted = and_(other.person_id == Record.person_id, other.id <= Record.id, other.revoked_at.is_(None), same_year)
    sums = select(Record.id, func.sum(other.jp)).join(other, counted).where(Record.id.in_(record_ids))
    return {record_id: int(jp) for record_id, jp in db.session.execute(sums.group_by(Record.id))}
