"""Issuing the records of batches. Safe to run twice at once and to be killed: each run takes the entries that still
wait."""

from __future__ import annotations

import logging
from functools import partial

from lms.core import clock
from lms.core.db import db, reading
from lms.core.small_transactions import Parts, commit_in_batches
from lms.records import policy, queries
from lms.records.services import batches

log = logging.getLogger(__name__)


def issue_certificates() -> None:
    """Go on with all batches that are not finished, the oldest first."""
    with reading():
        batch_ids = queries.unfinished_batches()
        db.session.rollback()
    parts = Parts(log)
    for batch_id in batch_ids:
        parts.read(partial(issue_batch, batch_id), None, "issuing the certificates of batch %s", batch_id)
    parts.end()


def issue_batch(batch_id: int) -> None:
    """Issue all records of a batch. Whoever causes an error is left out, alone."""
    commit_in_batches(
        batches.AT_ONCE,
        lambda count: batches.issue_next(batch_id, policy.may_issue, count=count, now=clock.now()),
        lambda: batches.refuse_next(batch_id),
        lambda: log.exception("a certificate of batch %s could not be issued", batch_id),
    )
