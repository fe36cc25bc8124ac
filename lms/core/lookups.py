"""Questions that nearly every request asks, past the layers that other questions need.

SQLAlchemy takes several times as long to run such a statement as SQLite to answer it, and a transaction of its own, or
the turn to write, as long again. A lookup is written of tables and columns like any statement; on SQLite its text is
made once, and the driver itself is asked.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import Select
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from lms.core.db import db, reading

DIALECT = SQLiteDialect_pysqlite()


class Lookup:
    """A question that stands alone: it needs no transaction around it, and sees one where the session has begun one."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self.statement = statement

    def rows(self, **values: Any) -> Sequence[Any]:
        """Named tuples, in the order of the statement's columns."""
        has_begun = db.session.registry.has() and db.session.registry().in_transaction()
        if has_begun or db.engine.dialect.name != "sqlite":
            return db.session.connection().execute(self.statement, values).all()
        try:
            return self._asked_of_the_driver(values)
        except sqlite3.Error:  # once more, for the error that pages know, or an answer
            with reading(), db.engine.connect() as connection:
                return connection.execute(self.statement, values).all()

    def _asked_of_the_driver(self, values: dict[str, Any]) -> list[Any]:
        connection = db.engine.raw_connection()
        try:
            asked = [values[name] for name in self._names]
            found = connection.driver_connection.execute(self._text, asked).fetchall()  # type: ignore[union-attr]
        finally:
            connection.close()
        return [self._row(raw) for raw in found]

    def _row(self, raw: tuple[Any, ...]) -> Any:
        row = list(raw)
        for place, read in self._readers:
            row[place] = read(row[place])
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
    def _readers(self) -> list[tuple[int, Callable[[Any], Any]]]:
        """What SQLite keeps as text or number though it is something else: moments, days, yes and no, decimals."""
        kinds = [column.type.dialect_impl(DIALECT) for column in self.statement.selected_columns]
        readers = [kind.result_processor(DIALECT, None) for kind in kinds]
        return [(place, read) for place, read in enumerate(readers) if read is not None]

    @cached_property
    def _kind(self) -> Any:
        names = [str(column.key) for column in self.statement.selected_columns]
        return namedtuple("Row", names, rename=True)
