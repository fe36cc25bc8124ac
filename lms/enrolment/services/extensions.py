"""Deadline extensions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select

from lms.core import ledger
from lms.core.db import db, in_batches
from lms.core.errors import Refusal
from lms.core.i18n import lazy, to_site_time, zone
from lms.enrolment import queries
from lms.enrolment.models import Cohort, Enrolment, Extension
from lms.enrolment.services.dates import dates_changed


class UntilIsPast(Refusal):
    message = lazy("Choose today or a later day. Nothing was changed.")


def extend(
    enrolments: Sequence[Enrolment],
    until: date,
    reason: str,
    *,
    actor_id: int | None,
    now: datetime,
    may_shorten: bool = False,
) -> int:
    """Extend deadlines to the end of a day; returns how many were extended.

    Skips people who left, and people who have no deadline or a later one. A later extension stays, unless
    ``may_shorten`` (to correct a mistyped day).

    :raises UntilIsPast: the day is before today.
    """
    if until < to_site_time(now).date():
        raise UntilIsPast
    _lock(enrolments)
    open_ = [
        one for one in enrolments if one.withdrawn_at is None and _is_change(one.extended_until, until, may_shorten)
    ]
    extended = [one for one, day in zip(open_, _days_without_extension(open_), strict=True) if day and until > day]
    rows = [
        {"enrolment_id": one.id, "until": until, "reason": reason, "given_by": actor_id, "given_at": now}
        for one in extended
    ]
    if rows:
        db.session.execute(insert(Extension), rows)
    for one in extended:
        one.extended_until = one.due_on = until
    facts = {"until": until, "reason": reason}
    ledger.record_all(actor_id, "extend", {f"enrolment:{one.id}": facts for one in extended}, now=now)
    if extended:
        db.session.flush()
        dates_changed(Enrolment.id.in_([one.id for one in extended]), now)
    return len(extended)


def _lock(enrolments: Sequence[Enrolment]) -> None:
    """Reload the enrolments and their cohorts, which are locked: two extensions at once do not overwrite each other."""
    cohorts = select(Cohort).where(Cohort.id.in_({one.cohort_id for one in enrolments})).order_by(Cohort.id)
    db.session.scalars(cohorts.with_for_update().execution_options(populate_existing=True)).all()
    for some in in_batches([one.id for one in enrolments]):
        fresh = select(Enrolment).where(Enrolment.id.in_(some)).execution_options(populate_existing=True)
        db.session.scalars(fresh).all()


def _is_change(own: date | None, until: date, may_shorten: bool) -> bool:
    return own is None or until > own or (may_shorten and until < own)


@dataclass(frozen=True)
class _Unextended:
    enrolled_at: datetime
    extended_until: None = None


def _days_without_extension(enrolments: Sequence[Enrolment]) -> Iterator[date | None]:
    """The deadline that each would have without any extension; the course is read once per cohort."""
    by_cohort: dict[Cohort, list[Enrolment]] = {}
    for one in enrolments:
        by_cohort.setdefault(one.cohort, []).append(one)
    days: dict[int, date | None] = {}
    for cohort, some in by_cohort.items():
        ends = queries.last_days(cohort, [_Unextended(one.enrolled_at) for one in some], zone())
        days |= {one.id: day for one, day in zip(some, ends, strict=True)}
    return (days[one.id] for one in enrolments)
