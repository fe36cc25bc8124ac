"""How long each transaction keeps others from writing, and what it does meanwhile."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event

from lms.core.db import begins_to_write


@dataclass
class Hold:
    """A transaction that may write: from the granted BEGIN IMMEDIATE to the end of COMMIT or ROLLBACK.

    PostgreSQL has no such turn; there it is the whole transaction, the longest time that a row can stay locked.
    """

    milliseconds: float = 0
    cpu: float = 0
    """Milliseconds of this thread, which other work on the machine does not lengthen."""
    statements: int = 0
    rows: int = 0
    """Rows that were inserted, changed or deleted."""


@contextmanager
def record_holds(engine: Engine) -> Iterator[list[Hold]]:
    """Collect the holds that end inside the block, of all threads."""
    holds: list[Hold] = []
    open_: dict[int, tuple[Hold, float, float]] = {}
    dialect = engine.dialect
    ends = {"do_commit": dialect.do_commit, "do_rollback": dialect.do_rollback}

    def begun(connection: Any) -> None:
        if begins_to_write():
            driver = connection.connection.driver_connection
            open_[id(driver)] = Hold(), time.perf_counter(), time.thread_time()

    def executed(connection: Any, cursor: Any, statement: str, *_rest: object) -> None:
        found = open_.get(id(connection.connection.driver_connection))
        if found:
            found[0].statements += 1
            found[0].rows += max(0, cursor.rowcount) if not statement.startswith("SELECT") else 0

    def ended(name: str, connection: Any) -> None:
        ends[name](connection)
        found = open_.pop(id(getattr(connection, "driver_connection", connection)), None)
        if found:
            hold, wall, cpu = found
            hold.milliseconds, hold.cpu = 1000 * (time.perf_counter() - wall), 1000 * (time.thread_time() - cpu)
            holds.append(hold)

    listeners = {"begin": begun, "after_cursor_execute": executed}
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    for name in ends:
        setattr(dialect, name, lambda connection, name=name: ended(name, connection))
    try:
        yield holds
    finally:
        for name in ends:
            delattr(dialect, name)
        for name, listener in listeners.items():
            event.remove(engine, name, listener)
