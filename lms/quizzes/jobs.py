"""``submit_overdue_attempts`` runs every minute. A second run at the same time is harmless."""

from __future__ import annotations

import logging

from lms.core import clock
from lms.core.db import db
from lms.quizzes import queries, services

log = logging.getLogger(__name__)


def submit_overdue_attempts() -> int:
    """Submit the attempts whose time is over, and return their number.

    Each has a transaction of its own, so a failure does not hold up the others.
    """
    now = clock.now()
    done = 0
    for attempt_id in queries.overdue_ids(now):
        try:
            done += services.submit_if_overdue(attempt_id, now=now)
            db.session.commit()
        except Exception:
            db.session.rollback()
            log.exception("attempt %s could not be submitted", attempt_id)
    return done
