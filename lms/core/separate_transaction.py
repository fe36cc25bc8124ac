"""Short writes in a transaction of their own, for requests that only read and between the steps of a long job."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import Connection

from lms.core.db import SqliteConnection, db, driver_connection, reading


@contextmanager
def separate_transaction() -> Iterator[Connection]:
    """A transaction on a connection of its own, committed at the end of the block.

    Waits for other writers. On SQLite it would wait in vain while the session itself is writing: ask
    ``session_is_writing`` first.
    """
    with reading(False), db.engine.begin() as connection:
        yield connection


def session_is_writing() -> bool:
    """True on SQLite if the session's transaction holds the write lock."""
    if db.engine.dialect.name != "sqlite" or not db.session().in_transaction():
        return False
    driver = driver_connection()
    return isinstance(driver, sqlite3.Connection) and (not isinstance(driver, SqliteConnection) or driver.wrote)
