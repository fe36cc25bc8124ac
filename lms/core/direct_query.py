"""Statements that nearly every request makes, executed by SQLite's driver directly.

SQLAlchemy takes several times as long to execute such a statement as SQLite itself, and a transaction around it as long
again. The statement is written with SQLAlchemy as usual; on SQLite it is compiled once. What it replaces is
``session.connection().execute(statement, values)``, which is what happens on PostgreSQL.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from typing import Any

from sqlalchemy import CompoundSelect, Insert, Select, Update, bindparam
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import DBAPIError

from lms.core.db import Base, acquire_write_lock, db, driver_connection, insert_statement

DIALECT = SQLiteDialect_pysqlite()
AT_ONCE = 5_000
"""Rows of ``each`` that PostgreSQL sends together."""
_shared: ContextVar[list[Any] | None] = ContextVar("shared connection", default=None)
"""The one connection of ``sharing_connection``, once a query has taken it."""


@contextmanager
def sharing_connection(shared: bool = True) -> Iterator[None]:
    """Queries in this block that stand alone take one connection from the pool together, not one each.

    Nothing is open on it between two of them, so each reads what is committed by then, as it does otherwise.
    """
    held: list[Any] = []
    mark = _shared.set(held if shared else None)
    try:
        yield
    finally:
        _shared.reset(mark)
        for pooled in held:
            pooled.close()


def _driver_and_own(engine: Any) -> tuple[Any, Any]:
    """The driver's connection for a query, and the one from the pool that is this query's own, or None."""
    held = _shared.get()
    if db.session.registry.has() and db.session.registry().in_transaction():
        if held:  # a request has one at a time
            held.pop().close()
        return driver_connection(), None
    if held is None:
        own = engine.raw_connection()
        return own.driver_connection, own
    if not held:
        held.append(engine.raw_connection())
    return held[0].driver_connection, None


class _Statement:
    """Compiled for SQLite once, when it is first executed."""

    statement: Any

    @cached_property
    def _compiled(self) -> Any:
        return self.statement.compile(dialect=DIALECT)

    @cached_property
    def _text(self) -> str:
        return str(self._compiled)

    @cached_property
    def _constants(self) -> dict[str, Any]:
        """Values in the statement itself, such as that of ``limit(1)``."""
        return {name: one.value for one, name in self._compiled.bind_names.items() if not one.required}


class DirectQuery(_Statement):
    """Needs no transaction. In one that has begun, it sees what the session has flushed."""

    def __init__(
        self, statement: Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]], kind: Any | None = None
    ) -> None:
        """``kind``: the ``NamedTuple`` of the rows, with the statement's columns in their order; or ``tuple``."""
        self.statement = statement
        self._given_kind = kind

    def rows(self, **values: Any) -> list[Any]:
        """Named tuples with the statement's columns."""
        engine = db.engine
        if engine.dialect.name != "sqlite":
            return self._rows_by_session(values)
        if self._locks:
            acquire_write_lock()
        driver, own = _driver_and_own(engine)
        try:
            return self._rows_by_driver(driver, values)
        except sqlite3.Error:  # once more, for an answer or SQLAlchemy's error
            return self._rows_by_session(values)
        finally:
            if own is not None:
                own.close()

    def row(self, **values: Any) -> Any | None:
        return next(iter(self.rows(**values)), None)

    def each(self, **values: Any) -> Iterator[Any]:
        """``rows`` one by one, for hundreds of thousands: they are never all in memory. Not for queries that lock."""
        engine = db.engine
        if engine.dialect.name != "sqlite":
            found = db.session.connection().execute(self.statement, values, execution_options={"yield_per": AT_ONCE})
            yield from map(self._make, found)
            return
        has_begun = db.session.registry.has() and db.session.registry().in_transaction()
        own = None if has_begun else engine.raw_connection()
        try:
            text, sent = self._to_send(values)
            driver: Any = driver_connection() if own is None else own.driver_connection
            cursor = driver.execute(text, sent)
            yield from (self._make(self._read(raw)) for raw in cursor) if self._readers else map(self._make, cursor)
        finally:
            if own is not None:
                own.close()

    def _rows_by_session(self, values: dict[str, Any]) -> list[Any]:
        return [self._make(row) for row in db.session.connection().execute(self.statement, values)]

    def _rows_by_driver(self, driver: Any, values: dict[str, Any]) -> list[Any]:
        text, sent = self._to_send(values)
        found, make = driver.execute(text, sent).fetchall(), self._make
        return [make(self._read(raw)) for raw in found] if self._readers else list(map(make, found))

    def _to_send(self, values: dict[str, Any]) -> tuple[str, list[Any]]:
        known = self._constants | values
        for name, write in self._writers:
            known[name] = write(known[name])
        return self._expanded(known) if self._expanding else (self._text, [known[name] for name in self._names])

    def _expanded(self, known: dict[str, Any]) -> tuple[str, list[Any]]:
        text, sent = self._text, []
        for name in self._names:
            if name in self._expanding:
                text = text.replace(f"__[POSTCOMPILE_{name}]", ",".join("?" * len(known[name])))
                sent += known[name]
            else:
                sent.append(known[name])
        return text, sent

    def _read(self, raw: tuple[Any, ...]) -> list[Any]:
        row = list(raw)
        for index, read in self._readers:
            row[index] = read(row[index])
        return row

    @cached_property
    def _locks(self) -> bool:
        """Whether the statement has ``FOR UPDATE``, for which SQLite knows only the turn to write."""
        return isinstance(self.statement, Select) and self.statement._for_update_arg is not None

    @cached_property
    def _names(self) -> Sequence[str]:
        return self._compiled.positiontup or ()

    @cached_property
    def _writers(self) -> list[tuple[str, Callable[[Any], Any]]]:
        """Converters for the values that SQLite stores as text or number; lists are sent as they are."""
        sent = [
            (name, one.type.dialect_impl(DIALECT))
            for one, name in self._compiled.bind_names.items()
            if not one.expanding
        ]
        writers = [(name, kind.bind_processor(DIALECT)) for name, kind in sent]
        return [(name, write) for name, write in writers if write is not None]

    @cached_property
    def _expanding(self) -> set[str]:
        """Lists of values, for ``IN``."""
        return {name for name, one in self._compiled.binds.items() if one.expanding}

    @cached_property
    def _readers(self) -> list[tuple[int, Callable[[Any], Any]]]:
        """Converters for the columns that SQLite stores as text or number: datetimes, dates, booleans, decimals."""
        kinds = [column.type.dialect_impl(DIALECT) for column in self.statement.selected_columns]
        readers = [kind.result_processor(DIALECT, None) for kind in kinds]
        return [(index, read) for index, read in enumerate(readers) if read is not None]

    @cached_property
    def _make(self) -> Callable[[Any], Any]:
        return tuple if self._given_kind is tuple else self._kind._make

    @cached_property
    def _kind(self) -> Any:
        if self._given_kind is not None:
            return self._given_kind
        names = [str(column.key) for column in self.statement.selected_columns]
        return namedtuple("Row", names, rename=True)


class DirectWrite(_Statement):
    """INSERT or UPDATE in the session's transaction, which takes its turn to write.

    Objects that the session has loaded before do not hear of it.
    """

    def __init__(self, statement: Insert | Update, on_postgresql: Callable[[], Insert | Update] | None = None) -> None:
        """``on_postgresql``: makes the statement there, if it is another one."""
        self.statement = statement
        self._make_on_postgresql = on_postgresql

    @cached_property
    def _on_postgresql(self) -> Insert | Update:
        return self.statement if self._make_on_postgresql is None else self._make_on_postgresql()

    @classmethod
    def insert_if_missing(cls, model: type[Base], keys: tuple[str, ...], columns: Sequence[str]) -> DirectWrite:
        """``db.insert_if_missing`` with these columns: ``row`` returns the primary key, or None."""
        values: dict[str, Any] = {name: bindparam(name) for name in columns}

        def statement(dialect: str) -> Insert:
            made: Insert = insert_statement(model, keys, dialect).values(values)
            return made

        return cls(statement("sqlite"), lambda: statement("postgresql"))

    def run(self, **values: Any) -> None:
        self.for_each([values])

    def row(self, **values: Any) -> Any | None:
        """The row that the statement returns, if any."""
        if db.engine.dialect.name != "sqlite":
            return db.session.connection().execute(self._on_postgresql, values).first()
        with self._driver() as driver:
            return next(iter(driver.execute(self._text, self._sent(values)).fetchall()), None)

    def for_each(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Once for each of ``rows``."""
        if not rows:
            return
        if db.engine.dialect.name != "sqlite":
            db.session.connection().execute(self._on_postgresql, rows)
            return
        with self._driver() as driver:
            driver.executemany(self._text, [self._sent(values) for values in rows])

    @contextmanager
    def _driver(self) -> Iterator[Any]:
        """Errors are told as SQLAlchemy does. Nothing is tried again: the driver may have ended the transaction."""
        acquire_write_lock()
        try:
            yield driver_connection()
        except sqlite3.Error as error:
            raise DBAPIError.instance(self._text, None, error, sqlite3.Error, hide_parameters=True) from error

    def _sent(self, values: Mapping[str, Any]) -> list[Any]:
        return [
            given if write is None else write(given)
            for name, write in self._writers
            for given in (values[name] if name in values else self._constants[name],)
        ]

    @cached_property
    def _writers(self) -> list[tuple[str, Callable[[Any], Any] | None]]:
        """The values in their order, with the converters for what SQLite stores as text or number."""
        kinds = {name: one.type.dialect_impl(DIALECT) for name, one in self._compiled.binds.items()}
        return [(name, kinds[name].bind_processor(DIALECT)) for name in self._compiled.positiontup]
