"""Whether the database takes what people do now: a small write, since reading works on a full disk too."""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from lms.core.db import BUSY_TIMEOUT, TO_WRITE, db

log = logging.getLogger(__name__)

EVERY_SECONDS, AFTER_A_FAILURE_SECONDS = 10.0, 2.0
"""The shortest time between two writes of a process."""
WAITS_SECONDS = 0.5
"""For others who are writing."""
BUSY_SECONDS = 60.0
"""A database in which others have been writing for so long takes nothing from anybody."""
SIZE = 16_384
"""Bytes, about as many pages as a sign-in changes. One row would fit into what a full disk has left."""
WRITE = (
    "INSERT INTO write_probe (id, written_at, filling) VALUES (1, :now, :filling)"
    " ON CONFLICT (id) DO UPDATE SET written_at = excluded.written_at, filling = excluded.filling"
)
LOCK_TIMEOUT = "55P03"


class Busy(Exception):
    """Others are writing. That is no failure."""


class WriteCheck:
    """Remembers the last result, so that frequent questions do not become frequent writes."""

    def __init__(self, write: Callable[[], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._write, self._clock = write, clock
        self._lock = Lock()
        self._is_fine = True
        self._next = self._wrote_at = float("-inf")

    def is_fine(self) -> bool:
        """True if the last write was committed, or others have been writing for less than a minute since."""
        if self._clock() < self._next or not self._lock.acquire(blocking=False):
            return self._is_fine
        try:
            self._is_fine = self._try()
            self._next = self._clock() + (EVERY_SECONDS if self._is_fine else AFTER_A_FAILURE_SECONDS)
        finally:
            self._lock.release()
        return self._is_fine

    def _try(self) -> bool:
        now = self._clock()
        if self._wrote_at == float("-inf"):
            self._wrote_at = now
        try:
            self._write()
        except Busy:
            return self._is_fine and now - self._wrote_at < BUSY_SECONDS
        except (DBAPIError, sqlite3.Error):
            log.exception("nothing can be written")
            return False
        self._wrote_at = self._clock()
        return True


def write() -> None:
    """Write and commit, without waiting long for others.

    :raises Busy: they did not end in time.
    """
    if db.engine.dialect.name == "sqlite":
        _write_to_sqlite()
    else:
        _write_to_postgresql()


def _write_to_sqlite() -> None:
    pooled = db.engine.raw_connection()
    driver = pooled.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    try:
        driver.execute(f"PRAGMA busy_timeout={round(WAITS_SECONDS * 1000)}")
        driver.execute(TO_WRITE)
        driver.execute(WRITE, {"now": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}", "filling": os.urandom(SIZE)})
        driver.execute("COMMIT")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            raise Busy from error
        raise
    finally:
        if driver.in_transaction:
            driver.execute("ROLLBACK")
        driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")
        pooled.close()


def _write_to_postgresql() -> None:
    limit = f"{round(WAITS_SECONDS * 1000)}ms"
    try:
        with db.engine.begin() as connection:
            connection.execute(text(f"SET LOCAL lock_timeout = '{limit}'"))
            connection.execute(text(WRITE), {"now": datetime.now(UTC), "filling": os.urandom(SIZE)})
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == LOCK_TIMEOUT:
            raise Busy from error
        raise


check = WriteCheck(write)
