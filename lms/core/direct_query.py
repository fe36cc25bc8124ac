"""Queries that nearly every request makes, executed by SQLite's driver directly.

SQLAlchemy takes several times as long to execute such a statement as SQLite itself, and a transaction around it as long
again. The statement is written with SQLAlchemy as usual; on SQLite it is compiled once. What it replaces is
``session.execute(statement, values)``, which is what happens on PostgreSQL.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import Select
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from lms.core.db import db

DIALECT = SQLiteDialect_pysqlite()


class DirectQuery:
    """Needs no transaction. In one that has begun, it sees what the session has flushed."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self.statement = statement

    def rows(self, **values: Any) -> Sequence[Any]:
        """Named tuples with the statement's columns."""
        if db.engine.dialect.name != "sqlite":
            return self._rows_by_session(values)
        has_begun = db.session.registry.has() and db.session.registry().in_transaction()
        pooled = db.session.connection().connection if has_begun else db.engine.raw_connection()
        try:
            return self._rows_by_driver(pooled.driver_connection, values)
        except sqlite3.Error:  # once more, for an answer or SQLAlchemy's error
            return self._rows_by_session(values)
        finally:
            if not has_begun:
                pooled.close()

    def row(self, **values: Any) -> Any | None:
        return next(iter(self.rows(**values)), None)

    def _rows_by_session(self, values: dict[str, Any]) -> Sequence[Any]:
        return db.session.connection().execute(self.statement, values).all()

    def _rows_by_driver(self, driver: Any, values: dict[str, Any]) -> list[Any]:
        known = self._constants | values
        found = driver.execute(self._text, [known[name] for name in self._names])
        return [self._row(raw) for raw in found.fetchall()]

    def _row(self, raw: tuple[Any, ...]) -> Any:
        row = list(raw)
        for index, read in self._readers:
            row[index] = read(row[index])
        return self._kind._make(row)

    @cached_property
    def _compiled(self) -> Any:
        return self.statement.compile(dialect=DIALECT)

    @cached_property
    def _text(self) -> str:
        return str(self._compiled)

    @cached_property
    def _names(self) -> Sequence[str]:
        return self._compiled.positiontup or ()

    @cached_property
    def _constants(self) -> dict[str, Any]:
        """Values in the statement itself, such as that of ``limit(1)``."""
        bound = self._compiled.bind_names
        return {name: one.value for one, name in bound.items() if not one.required}

    @cached_property
    def _readers(self) -> list[tuple[int, Callable[[Any], Any]]]:
        """Converters for the columns that SQLite stores as text or number: datetimes, dates, booleans, decimals."""
        kinds = [column.type.dialect_impl(DIALECT) for column in self.statement.selected_columns]
        readers = [kind.result_processor(DIALECT, None) for kind in kinds]
        return [(index, read) for index, read in enumerate(readers) if read is not None]

    @cached_property
    def _kind(self) -> Any:
        names = [str(column.key) for column in self.statement.selected_columns]
        return namedtuple("Row", names, rename=True)
