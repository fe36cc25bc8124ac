"""Work on many rows, some of them in each transaction."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.exc import OperationalError

from lms.core.db import db


def commit_some_at_once(
    at_once: int, do_next: Callable[[int], bool], leave_out_next: Callable[[], object], failed: Callable[[], object]
) -> None:
    """Do work that waits in rows, ``at_once`` of them in each transaction, so that others write in between.

    ``do_next(count)`` returns False once nothing waits. If some cause an error they are tried one by one, and the one
    that causes it alone is told by ``failed`` and taken off by ``leave_out_next``.

    :raises OperationalError: the database is unavailable; what is committed stays.
    """
    count, goes_on = at_once, True
    while goes_on:
        try:
            goes_on = do_next(count)
            db.session.commit()
            count = at_once
        except OperationalError:
            db.session.rollback()
            raise
        except Exception:
            db.session.rollback()
            if count == 1:
                failed()
                leave_out_next()
                db.session.commit()
            count = 1
