"""``renew_results`` renews the results that were marked for it. Safe to run twice at the same time."""

from __future__ import annotations

import logging

from lms.core import clock
from lms.core.db import db, reading
from lms.core.small_transactions import SomeFailed, commit_in_batches
from lms.learning.services import renewal

log = logging.getLogger(__name__)


def renew_results() -> int:
    """Renew the marked results, some in each transaction, and return for how many enrolments.

    Those that cause an error keep their mark for the next run, and hold up no others.

    :raises lms.core.small_transactions.SomeFailed: there are such.
    """
    with reading():
        is_needed = renewal.left_to_renew() > 0
        db.session.rollback()
    count, failed = 0, list[int]()

    def renew_some(most: int) -> bool:
        nonlocal count
        some = renewal.renew_marked(most, skip=failed, now=clock.now())
        count += some
        return some > 0

    def leave_one() -> None:
        enrolment_id = renewal.next_marked(failed)
        if enrolment_id is not None:
            failed.append(enrolment_id)

    def report() -> None:
        log.exception("the results of enrolment %s cannot be renewed", renewal.next_marked(failed))

    if is_needed:
        commit_in_batches(renewal.AT_ONCE, renew_some, leave_one, report)
    if failed:
        raise SomeFailed(f"{len(failed)} enrolments")
    return count
