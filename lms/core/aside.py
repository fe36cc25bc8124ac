"""Small writes beside the session's transaction: from requests that only read, and between the steps of long work."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import Connection

from lms.core.db import Driver, db, reading


@contextmanager
def writing_aside() -> Iterator[Connection]:
    """A transaction on a connection of its own, committed at the end of the block.

    It waits for whoever writes. Do not begin it while the session itself does (``session_writes``).
    """
    with reading(False), db.engine.begin() as connection:
        yield connection


def session_writes() -> bool:
    """Whether the session's transaction has taken its turn to write, so that on SQLite no other one can."""
    if db.engine.dialect.name != "sqlite" or not db.session().in_transaction():
        return False
    driver = db.session.connection().connection.driver_connection
    return isinstance(driver, sqlite3.Connection) and (not isinstance(driver, Driver) or driver.wrote)
