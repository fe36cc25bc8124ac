"""The database: the base of all models, and transactions that work on both engines.

On SQLite a transaction that may write starts with ``BEGIN IMMEDIATE``. A transaction
that reads first and writes later would fail with "database is locked" as soon as
another one has written in between, whatever the busy timeout. Only requests that
cannot change anything (GET, HEAD) are marked as reading and start with a plain
``BEGIN``. Commits are synced in full, so that an acknowledged answer survives a power cut.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache, lru_cache, wraps
from itertools import islice
from threading import Lock
from time import monotonic, sleep
from typing import TYPE_CHECKING, Annotated, Any, Protocol, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Index, MetaData, event, text
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

BUSY_TIMEOUT = 15_000
"""Milliseconds that a writer on SQLite waits for others."""
PRAGMAS = (
    "foreign_keys=ON",
    "journal_mode=WAL",
    "synchronous=FULL",
    f"busy_timeout={BUSY_TIMEOUT}",
    "cache_size=-128",  # KiB for each of a process's connections, instead of 2,000: the system keeps the file as well
)
BETWEEN_TRIES = 0.0005
"""Seconds. A write takes about three times as long."""
_next_to_write = Lock()
"""Held while trying to begin, not during the transaction, so that a thread that dies cannot keep it."""
TO_WRITE, TO_READ = "BEGIN IMMEDIATE", "BEGIN"
_begin: ContextVar[str] = ContextVar("begin", default=TO_WRITE)
"""How transactions on SQLite begin in this context."""


class UtcDateTime(TypeDecorator[datetime]):
    """Timezone-aware values only, stored in UTC and returned aware, on SQLite too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a time zone cannot be stored")
        return value.astimezone(UTC)

    def result_processor(self, dialect: Any, coltype: object) -> Any:
        """SQLite stores text; most rows of most pages have some, so it is converted in one step."""
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


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of the rows for which ``where``, a condition in SQL, holds; the same on both databases."""
    condition = text(where)
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


@contextmanager
def reading(only: bool = True) -> Iterator[None]:
    """Transactions that begin in this block must not write (with ``only=False``, they may)."""
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
        driver.execute(begin)  # never fails, so there is no error for SQLAlchemy to translate
        return
    driver.execute("PRAGMA busy_timeout=0")
    try:
        if not _begin_immediate(driver):
            connection.exec_driver_sql(begin)  # once more, to raise SQLAlchemy's error
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")


def _begin_immediate(driver: sqlite3.Connection) -> bool:
    """Begin to write, waiting for other writers; False on a timeout or any other error.

    The threads of a process queue, and the first one tries again and again. SQLite's own busy handler lets all of
    them try, less and less often, down to ten times a second: with eight people saving at once, one save in a hundred
    took half a second while others overtook it.
    """
    end = monotonic() + BUSY_TIMEOUT / 1000
    if not _next_to_write.acquire(timeout=BUSY_TIMEOUT / 1000):
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
    """Pool as many connections as a web process has threads; dead ones are noticed before use."""
    quiet = {"hide_parameters": True}  # they would put personal data into the log
    if url.startswith("sqlite"):
        return quiet | {"pool_size": 32, "max_overflow": 8}
    return quiet | {"pool_size": 8, "max_overflow": 24, "pool_pre_ping": True}


def psycopg_url(url: str) -> str:
    """The URL for SQLAlchemy: ``postgresql://`` means psycopg 3 here."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def insert_unless_there(model: type[Base], keys: tuple[str, ...], **values: Any) -> Any | None:
    """Insert a row unless one with the same ``keys`` (a unique constraint) exists; returns its primary key or None.

    Two transactions may do so at once: neither fails.
    """
    db.session.flush()
    found = db.session.connection().execute(_insert(model, keys, db.engine.dialect.name), values).first()
    return found[0] if found else None


def insert_those_missing(model: type[Base], keys: tuple[str, ...], rows: list[dict[str, Any]]) -> int:
    """The same for many ``rows`` with the same columns; returns how many were new."""
    if not rows:
        return 0
    db.session.flush()
    return len(db.session.connection().execute(_insert(model, keys, db.engine.dialect.name), rows).all())


@cache
def _insert(model: type[Base], keys: tuple[str, ...], dialect: str) -> Any:
    """Cached, since building the statement takes longer than executing it."""
    insert: Any = sqlite_insert if dialect == "sqlite" else postgresql_insert
    statement = insert(model.__table__).on_conflict_do_nothing(index_elements=keys)
    return statement.returning(*model.__table__.primary_key)


def in_batches(values: Iterable[T], size: int = BATCH_SIZE) -> Iterator[list[T]]:
    """Lists of at most ``size`` values, since a statement takes a limited number of parameters."""
    rest = iter(values)
    while batch := list(islice(rest, size)):
        yield batch


Loaded = TypeVar("Loaded", covariant=True)

_MAKES_ROWS = "makes cached rows"


class Cached(Protocol[Loaded]):
    def __call__(self, row_id: int) -> Loaded: ...

    def cache_clear(self) -> None: ...


def cached_by_id(maxsize: int) -> Callable[[Callable[[int], Loaded]], Cached[Loaded]]:
    """``lru_cache`` by the id of a row that never changes once it is committed.

    Bypassed in a transaction that makes such rows: if it is rolled back, other rows get the same ids.
    """

    def decorate(function: Callable[[int], Loaded]) -> Cached[Loaded]:
        cached = lru_cache(maxsize)(function)

        @wraps(function)
        def find(row_id: int) -> Loaded:
            return function(row_id) if _makes_rows() else cached(row_id)

        find.cache_clear = cached.cache_clear  # type: ignore[attr-defined]
        return find  # type: ignore[return-value]

    return decorate


def bypass_caches() -> None:
    """Call before the ids of new rows are known; holds until the transaction ends."""
    db.session.info[_MAKES_ROWS] = db.session().get_transaction() or db.session().begin()


def _makes_rows() -> bool:
    marked: Any = db.session.info.get(_MAKES_ROWS)
    return marked is not None and marked is db.session().get_transaction()
