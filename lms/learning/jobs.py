"""``renew_results`` renews the results that were marked for it. Safe to run twice at the same time."""

from __future__ import annotations

from lms.core import clock
from lms.core.db import db, reading
from lms.learning.services import renewal


def renew_results() -> int:
    """Renew the marked results, some in each transaction, and return for how many enrolments."""
    with reading():
        is_needed = renewal.left_to_renew() > 0
        db.session.rollback()
    count = 0
    while is_needed and (some := renewal.renew_marked(now=clock.now())):
        db.session.commit()
        count += some
    return count
