"""Later work of quizzes. ``submit_overdue_attempts`` runs every minute; a second run at once is harmless."""

from __future__ import annotations

import logging

from lms.core import clock
from lms.core.db import db
from lms.quizzes import queries, services

log = logging.getLogger(__name__)


def submit_overdue_attempts() -> int:
    """Hand in what arrived in attempts whose time is over; gives their number.

    Each in a transaction of its own: one that fails keeps no other from its result.
    """
    now = clock.now()
    done = 0
    for attempt_id in queries.overdue_ids(now):
        try:
            done += services.submit_if_overdue(attempt_id, now=now)
            db.session.commit()
        except Exception:
            db.session.rollback()
            log.exception("attempt %s could not be handed in", attempt_id)
    return done
