"""How often the database is asked, also past SQLAlchemy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from lms.core.db import db

NO_QUESTIONS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA", "--")


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements of connections that are taken meanwhile, transactions' own words left out."""
    statements: list[str] = []

    def note(statement: str) -> None:
        if not statement.startswith(NO_QUESTIONS):
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
