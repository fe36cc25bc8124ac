"""Deadline extensions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from lms.core import ledger
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy, to_site_time, zone
from lms.enrolment import queries
from lms.enrolment.models import Enrolment, Extension


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

    Skips people who left, who have no deadline or a later one and, unless ``may_shorten`` (to correct a mistyped
    day), who have a later extension.

    :raises UntilIsPast: the day is before today.
    """
    if until < to_site_time(now).date():
        raise UntilIsPast
    extended = 0
    for enrolment in enrolments:
        own = enrolment.extended_until
        is_later = own is None or until > own or (may_shorten and until < own)
        if enrolment.withdrawn_at is None and is_later and _is_after_deadline(enrolment, until):
            _extend(enrolment, until, reason, actor_id, now)
            extended += 1
    db.session.flush()
    return extended


def _is_after_deadline(enrolment: Enrolment, until: date) -> bool:
    """True if the day is after the deadline that the person would have without any extension."""
    before, enrolment.extended_until = enrolment.extended_until, None
    end = queries.last_day(enrolment, enrolment.cohort, zone())
    enrolment.extended_until = before
    return end is not None and until > end


def _extend(enrolment: Enrolment, until: date, reason: str, actor_id: int | None, now: datetime) -> None:
    row = Extension(enrolment_id=enrolment.id, until=until, reason=reason, given_by=actor_id, given_at=now)
    db.session.add(row)
    enrolment.extended_until = enrolment.due_on = until
    ledger.record(actor_id, "extend", f"enrolment:{enrolment.id}", now=now, until=until, reason=reason)
