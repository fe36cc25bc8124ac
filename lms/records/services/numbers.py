"""The running numbers of a year after a restore, uncertain until somebody enters the last one that was printed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from lms.core import ledger
from lms.core.db import db
from lms.records.services import locked_sequence


def doubt_numbers(years: Iterable[int], *, since: datetime) -> None:
    """Mark the numbers of these years as uncertain: some may have been given since this moment that are lost here."""
    for year in years:
        locked_sequence(year).uncertain_since = since
    db.session.flush()


def confirm_last_number(year: int, number: int, *, actor_id: int | None, now: datetime) -> int:
    """``number`` is the last that was printed in this year. Returns the last that counts: never less than before."""
    sequence = locked_sequence(year)
    before, sequence.last = sequence.last, max(sequence.last, number)
    sequence.uncertain_since = None
    ledger.record(actor_id, "confirm last number", f"numbers:{year}", now=now, before=before, after=sequence.last)
    db.session.flush()
    return sequence.last
