"""Releasing the marks of essays that an instructor holds until all are given."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from lms.core import ledger
from lms.core.db import db
from lms.quizzes.queries import essays
from lms.quizzes.services import marking, subject


def release_marks(attempt_ids: Collection[int], *, actor_id: int, now: datetime) -> int:
    """Release the held marks of these attempts; returns how many attempts had some.

    The last mark gives an attempt its score. Attempts with an answer that nobody has marked stay as they are. Releasing
    them again changes nothing.
    """
    released = 0
    for attempt_id in sorted(attempt_ids):
        attempt = marking.lock_attempt(attempt_id)
        held = essays.held_marks(attempt_id)
        if not held or not essays.is_ready(attempt_id):
            continue
        for mark in held:
            mark.is_held, mark.released_at = False, now
        db.session.flush()
        marking.score_with_marks(attempt, held[-1], now)
        ledger.record(actor_id, "release mark", subject(attempt), now=now, marks=len(held))
        released += 1
    return released
