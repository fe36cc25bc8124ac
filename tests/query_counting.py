"""Counting SQL statements, including those that bypass SQLAlchemy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from lms.core.db import db

NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA", "--")


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements of connections opened inside the block, without BEGIN, COMMIT and the like.

    Commit before and at the end of the block, or the session's own connection is not seen.
    """
    statements: list[str] = []

    def note(statement: str) -> None:
        if not statement.startswith(NOT_COUNTED):
            statements.append(statement)

    def trace(connection: Any, *_rest: object) -> None:
        connection.set_trace_callback(note)

    def sent(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        note(statement)

    listener = ("checkout", trace) if db.engine.dialect.name == "sqlite" else ("before_cursor_execute", sent)
    event.listen(db.engine, *listener)
    try:
        yield statements
    finally:
        event.remove(db.engine, *listener)
        if db.engine.dialect.name == "sqlite":
            db.engine.dispose()  # connections that are still traced
