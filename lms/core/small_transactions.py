"""Work on many rows, some of them in each transaction.

A row of a table describes the whole work and has ``finished_at``; its parts are the rows of another.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Protocol, TypeVar

from sqlalchemy import Select, select

from lms.core import database_errors, storage
from lms.core.db import BATCH_SIZE, db, in_batches


class BatchRow(Protocol):
    id: Any
    finished_at: Any


B = TypeVar("B", bound=BatchRow)
R = TypeVar("R")
T = TypeVar("T")


class SomeFailed(Exception):
    """Parts of a job caused errors and are left as they were; the others are done. The log says which."""


class Parts:
    """The parts of a job: one that causes an error holds up no others.

    It is logged, by what its caller calls it: an id, never a name. ``end`` then fails the job, which is where operators
    look (``lms doctor``, ``/metrics``). An error of the database itself ends the job at once.

    Without a log nothing is held apart: the first error is raised.
    """

    def __init__(self, log: logging.Logger | None = None) -> None:
        self.log = log
        self.failed = 0

    def read(self, work: Callable[[], T], otherwise: T, what: str, *about: object) -> T:
        """What ``work`` returns, or ``otherwise`` after an error."""
        try:
            return work()
        except Exception as error:
            if self.log is None:
                raise
            db.session.rollback()
            if _is_of_the_database(error):
                raise
            self.log.exception(f"{what} failed", *about)
            self.failed += 1
            return otherwise

    def commit(self, work: Callable[[], T], otherwise: T, what: str, *about: object) -> T:
        """As ``read``, in a transaction of its own."""

        def committed() -> T:
            done = work()
            db.session.commit()
            return done

        return self.read(committed, otherwise, what, *about)

    def each(self, rows: Iterable[R], make: Callable[[R], T], what: str, key: Callable[[R], object]) -> list[T]:
        """What ``make`` returns for each row, without those that cause errors; ``key`` says which these are."""
        made: list[T] = []
        for row in rows:
            self.read(lambda: made.append(make(row)), None, what, key(row))  # noqa: B023  called at once
        return made

    def commit_batches(
        self, rows: Iterable[R], work: Callable[[list[R]], int], what: str, key: Callable[[R], object]
    ) -> int:
        """``work`` on some rows in each transaction, one by one where some cause an error; the sum of its results."""
        count = 0
        for batch in in_batches(rows, BATCH_SIZE):
            try:
                done = work(batch)
                db.session.commit()
            except Exception as error:
                db.session.rollback()
                if _is_of_the_database(error):
                    raise
                done = sum(self.commit(partial(work, [one]), 0, what, key(one)) for one in batch)
            count += done
        return count

    def end(self) -> None:
        """:raises SomeFailed: parts have caused errors."""
        if self.failed:
            raise SomeFailed(f"{self.failed} parts failed")


UNDIVIDED = Parts()


def _is_of_the_database(error: Exception) -> bool:
    return database_errors.is_unusable(error) or database_errors.is_away(error)


def commit_in_batches(
    size: int, process: Callable[[int], bool], skip_one: Callable[[], object], on_error: Callable[[], object]
) -> None:
    """Do work that waits in rows, ``size`` of them in each transaction, so that others write in between.

    ``process(count)`` returns False once nothing waits. If some cause an error they are tried one by one;
    ``on_error`` reports the one that causes it alone, and ``skip_one`` takes it off.

    :raises sqlalchemy.exc.DBAPIError: the database is unavailable; what is committed stays, and nothing is taken off.
    :raises lms.core.storage.StorageUnavailable: the same.
    """
    count, goes_on = size, True
    while goes_on:
        try:
            goes_on = process(count)
            db.session.commit()
            count = size
        except Exception as error:
            db.session.rollback()
            if _is_of_the_database(error) or isinstance(error, storage.StorageUnavailable):
                raise
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
