"""Keep the counts. Late, killed or run twice: boards stay right, and only take longer."""

from __future__ import annotations

import logging

from lms.core.db import db, reading
from lms.counts import queries, services

log = logging.getLogger(__name__)


def count_changes() -> None:
    """Count who has changed, some people at a time."""
    with reading():
        more = queries.has_changes()
        db.session.rollback()
    while more:
        more = services.count_changes() > 0
        db.session.commit()


def check_counts() -> None:
    """Merge rows of a count that have the same values. If a count is wrong, count everybody again."""
    for kept in queries.KEPT:
        for count in kept.counts:
            services.add_up(kept, count)
            db.session.commit()
    with reading():
        wrong = queries.wrong_counts()
        db.session.rollback()
    if wrong:
        log.warning("counts were wrong and are made again: %s", ", ".join(wrong))
        services.mark_everybody()
        db.session.commit()
        count_changes()
