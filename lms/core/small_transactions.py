"""Work on many rows, some of them in each transaction.

A row of a table describes the whole work and has ``finished_at``; its parts are the rows of another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.exc import OperationalError

from lms.core.db import db


class BatchRow(Protocol):
    id: Any
    finished_at: Any


B = TypeVar("B", bound=BatchRow)
R = TypeVar("R")


def commit_in_batches(
    size: int, process: Callable[[int], bool], skip_one: Callable[[], object], on_error: Callable[[], object]
) -> None:
    """Do work that waits in rows, ``size`` of them in each transaction, so that others write in between.

    ``process(count)`` returns False once nothing waits. If some cause an error they are tried one by one;
    ``on_error`` reports the one that causes it alone, and ``skip_one`` takes it off.

    :raises OperationalError: the database is unavailable; what is committed stays.
    """
    count, goes_on = size, True
    while goes_on:
        try:
            goes_on = process(count)
            db.session.commit()
            count = size
        except OperationalError:
            db.session.rollback()
            raise
        except Exception:
            db.session.rollback()
            if count == 1:
                on_error()
                skip_one()
                db.session.commit()
            count = 1


def commit_until_error(process: Callable[[], bool], on_error: Callable[[Exception], object]) -> None:
    """Call ``process`` until it returns False, and commit each time.

    An error ends it and is reported; a job goes on with the others later.
    """
    try:
        while process():
            db.session.commit()
        db.session.commit()
    except Exception as error:
        db.session.rollback()
        on_error(error)


def lock_unfinished(model: type[B], row_id: int) -> B | None:
    """Lock and return a row of work; None if the work is finished, or if another worker has locked it."""
    return db.session.scalar(
        select(model)
        .where(model.id == row_id, model.finished_at.is_(None))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )


def next_rows(waiting: Select[R], count: int) -> Sequence[R]:
    """The first rows of a select, read afresh."""
    return db.session.scalars(waiting.limit(count).execution_options(populate_existing=True)).all()
