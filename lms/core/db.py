"""The database: the base of all models, and transactions that hold on both engines.

On SQLite a transaction that may write begins with ``BEGIN IMMEDIATE``: one that
reads first and writes later would otherwise fail at once with "database is
locked" when another writer came between, whatever the busy timeout. Only
requests that cannot change anything (GET, HEAD) are marked as reading and begin
plainly. Commits are synced in full, so an acknowledged answer survives a power cut.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from threading import Lock
from time import monotonic, sleep
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, MetaData, event
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry
from sqlalchemy.types import JSON, TypeDecorator

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

PATIENCE = 15_000
"""Milliseconds that a writer on SQLite waits for the others."""
PRAGMAS = (
    "foreign_keys=ON",
    "journal_mode=WAL",
    "synchronous=FULL",
    f"busy_timeout={PATIENCE}",
    "cache_size=-128",  # KiB for each of a process's connections, instead of 2,000: the system keeps the file as well
)
BETWEEN_TRIES = 0.0005
"""Seconds; a turn to write takes about three times as long."""
_next_to_write = Lock()
"""Held while asking for the turn, not while having it: whoever ends in whatever way cannot keep it."""
TO_WRITE, TO_READ = "BEGIN IMMEDIATE", "BEGIN"
_begin: ContextVar[str] = ContextVar("begin", default=TO_WRITE)
"""How a transaction on SQLite begins."""


class UtcDateTime(TypeDecorator[datetime]):
    """Aware moments only, kept in UTC and given back aware, also by SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be kept")
        return value.astimezone(UTC)

    def result_processor(self, dialect: Any, coltype: object) -> Any:
        """SQLite keeps texts. In one step: most rows of most pages have some."""
        return _moment if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


class Base(DeclarativeBase):
    # Flask-SQLAlchemy 3.1 refuses a type_annotation_map on the class itself.
    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={datetime: UtcDateTime(), dict[str, Any]: JSON(), list[Any]: JSON()},
    )


db = SQLAlchemy(model_class=Base)
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

Id = Annotated[int, mapped_column(primary_key=True)]
T = TypeVar("T")
BATCH_SIZE = 500


@contextmanager
def reading(only: bool = True) -> Iterator[None]:
    """Transactions begun in this block promise not to write (or, with ``only=False``, may)."""
    mark = _begin.set(TO_READ if only else TO_WRITE)
    try:
        yield
    finally:
        _begin.reset(mark)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: object) -> None:
    if type(connection).__module__ != "sqlite3":
        return
    connection.isolation_level = None  # SQLAlchemy, not the driver, begins
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    driver, begin = connection.connection.driver_connection, _begin.get()
    assert isinstance(driver, sqlite3.Connection)
    if begin == TO_READ:
        driver.execute(begin)  # always granted: nothing to translate into SQLAlchemy's errors
        return
    driver.execute("PRAGMA busy_timeout=0")
    try:
        if not _is_granted(driver):
            connection.exec_driver_sql(begin)  # once more, for the error that pages know
    finally:
        driver.execute(f"PRAGMA busy_timeout={PATIENCE}")


def _is_granted(driver: sqlite3.Connection) -> bool:
    """Wait for the turn to write; False where it did not come, or cannot.

    The threads of a process stand in line, and the first of them asks again and again. SQLite by itself lets all of
    them ask, more and more seldom, up to every tenth of a second: with eight people saving at once, one in a hundred
    waited for half a second while others went in and out.
    """
    end = monotonic() + PATIENCE / 1000
    if not _next_to_write.acquire(timeout=PATIENCE / 1000):
        return False
    try:
        while monotonic() < end:
            try:
                driver.execute(TO_WRITE)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:  # others do not pass by waiting
                    return False
                sleep(BETWEEN_TRIES)
            else:
                return True
        return False
    finally:
        _next_to_write.release()


def engine_options(url: str) -> dict[str, Any]:
    """How connections are pooled: as many as a worker has threads; a dead one is noticed before use."""
    quiet = {"hide_parameters": True}  # in a traceback they would put numbers and answers into the log
    if url.startswith("sqlite"):
        return quiet | {"pool_size": 32, "max_overflow": 8}
    return quiet | {"pool_size": 8, "max_overflow": 24, "pool_pre_ping": True}


def psycopg_url(url: str) -> str:
    """``postgresql://`` means psycopg 3 here."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def insert_unless_there(model: type[Base], keys: tuple[str, ...], **values: Any) -> Any | None:
    """Insert a row unless one with the same ``keys`` (a unique constraint) exists; gives its primary key, or None.

    The same on both engines, also for two at once: neither fails.
    """
    db.session.flush()
    found = db.session.connection().execute(_insert(model, keys, db.engine.dialect.name), values).first()
    return found[0] if found else None


def insert_those_missing(model: type[Base], keys: tuple[str, ...], rows: list[dict[str, Any]]) -> int:
    """The same for many ``rows`` at once, all with the same columns; gives how many were new."""
    if not rows:
        return 0
    db.session.flush()
    return len(db.session.connection().execute(_insert(model, keys, db.engine.dialect.name), rows).all())


@cache
def _insert(model: type[Base], keys: tuple[str, ...], dialect: str) -> Any:
    """Built once: putting a statement together takes longer than asking it."""
    insert: Any = sqlite_insert if dialect == "sqlite" else postgresql_insert
    statement = insert(model.__table__).on_conflict_do_nothing(index_elements=keys)
    return statement.returning(*model.__table__.primary_key)


def in_batches(values: Iterable[T], size: int = BATCH_SIZE) -> Iterator[list[T]]:
    """Lists of at most ``size`` values, since a statement takes a limited number of parameters."""
    rest = iter(values)
    while batch := list(islice(rest, size)):
        yield batch
