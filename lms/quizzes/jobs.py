"""Submitting overdue attempts, and scoring attempts again. A second run at the same time is harmless."""

from __future__ import annotations

import logging
from functools import partial

from lms.core import clock
from lms.core.db import db, reading
from lms.core.small_transactions import Parts, commit_in_batches
from lms.quizzes import queries, services
from lms.quizzes.queries import regrades
from lms.quizzes.services import regrading

log = logging.getLogger(__name__)


def submit_overdue_attempts() -> int:
    """Submit the attempts whose time is over, and return their number.

    Each has a transaction of its own, so a failure does not hold up the others.
    """
    now, parts = clock.now(), Parts(log)
    done = 0
    for attempt_id in queries.overdue_ids(now):
        submit = partial(services.submit_if_overdue, attempt_id, now=now)
        done += parts.commit(submit, False, "submitting attempt %s", attempt_id)
    parts.end()
    return done


def regrade_attempts() -> None:
    """Go on with all regrades that are not finished, the oldest first. Commits each few; between them others write."""
    with reading():
        regrade_ids = regrades.unfinished_ids()
        db.session.rollback()
    parts = Parts(log)
    for regrade_id in regrade_ids:
        parts.read(partial(regrade, regrade_id), None, "regrade %s", regrade_id)
    parts.end()


def regrade(regrade_id: int) -> None:
    """Score all attempts of a regrade again. An attempt that causes an error is left as it was, alone."""
    commit_in_batches(
        regrading.AT_ONCE,
        lambda count: regrading.regrade_next(regrade_id, count=count, now=clock.now()),
        lambda: regrading.fail_next(regrade_id, now=clock.now()),
        lambda: log.exception("an attempt of regrade %s could not be scored", regrade_id),
    )
