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

from lms.core.db import db

DIALECT = SQLiteDialect_pysqlite()


class DirectQuery:
    """A question that needs no transaction around it, and that sees what the session wrote where it has begun one.

    What the session has not flushed yet it does not see.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self.statement = statement

    def rows(self, **values: Any) -> Sequence[Any]:
        """Named tuples, in the order of the statement's columns."""
        if db.engine.dialect.name != "sqlite":
            return self._asked_in_the_session(values)
        has_begun = db.session.registry.has() and db.session.registry().in_transaction()
        pooled = db.session.connection().connection if has_begun else db.engine.raw_connection()
        try:
            return self._asked_of(pooled.driver_connection, values)
        except sqlite3.Error:  # once more, for the error that pages know, or an answer
            return self._asked_in_the_session(values)
        finally:
            if not has_begun:
                pooled.close()

    def row(self, **values: Any) -> Any | None:
        """The first one."""
        return next(iter(self.rows(**values)), None)

    def _asked_in_the_session(self, values: dict[str, Any]) -> Sequence[Any]:
        return db.session.connection().execute(self.statement, values).all()

    def _asked_of(self, driver: Any, values: dict[str, Any]) -> list[Any]:
        known = self._constants | values
        found = driver.execute(self._text, [known[name] for name in self._names])
        return [self._row(raw) for raw in found.fetchall()]

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
    def _constants(self) -> dict[str, Any]:
        """What the statement itself says, as ``limit(1)`` does."""
        bound = self._compiled.bind_names
        return {name: one.value for one, name in bound.items() if not one.required}

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
