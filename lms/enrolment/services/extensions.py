"""Putting off the end for one person."""

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
    message = lazy("Choose a day from today on. Nothing was changed.")


def extend(
    enrolments: Sequence[Enrolment],
    until: date,
    reason: str,
    *,
    actor_id: int | None,
    now: datetime,
    may_shorten: bool = False,
) -> int:
    """Let nothing close for these before the end of a day; gives how many that put off.

    Left as they are: who has left, who has no end or a later one, and, unless
    ``may_shorten`` (to correct a mistyped day), who has a later extension.

    :raises UntilIsPast: the day lies before today.
    """
    if until < to_site_time(now).date():
        raise UntilIsPast
    extended = 0
    for enrolment in enrolments:
        own = enrolment.extended_until
        is_later = own is None or until > own or (may_shorten and until < own)
        if enrolment.withdrawn_at is None and is_later and _puts_off(enrolment, until):
            _extend(enrolment, until, reason, actor_id, now)
            extended += 1
    db.session.flush()
    return extended


def _puts_off(enrolment: Enrolment, until: date) -> bool:
    """Whether the day lies after the end that this person has without any extension."""
    before, enrolment.extended_until = enrolment.extended_until, None
    end = queries.last_day(enrolment, enrolment.cohort, zone())
    enrolment.extended_until = before
    return end is not None and until > end


def _extend(enrolment: Enrolment, until: date, reason: str, actor_id: int | None, now: datetime) -> None:
    row = Extension(enrolment_id=enrolment.id, until=until, reason=reason, given_by=actor_id, given_at=now)
    db.session.add(row)
    enrolment.extended_until = enrolment.due_on = until
    ledger.record(actor_id, "extend", f"enrolment:{enrolment.id}", now=now, until=until, reason=reason)
