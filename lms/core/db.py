"""The database: the base of all models, and transactions that work on both engines.

SQLite has one writer at a time. A transaction that reads first and writes later would fail with "database is locked" as
soon as another one has written in between, whatever the busy timeout. Therefore a transaction takes the write lock
(``BEGIN IMMEDIATE``) with its first statement that writes or locks rows (``with_for_update``). What it reads before is
read statement by statement, as on PostgreSQL (``READ COMMITTED``), so the rule is the same on both: what must not
change until the commit is locked first. Only requests that cannot change anything (GET, HEAD) are marked as reading
and see one moment (``BEGIN``).

A commit returns when it is on the disk, so that an acknowledged answer survives a power cut (``shared_sync``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from itertools import islice
from threading import Lock
from time import monotonic, sleep
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    DateTime,
    Float,
    Index,
    MetaData,
    Select,
    String,
    cast,
    event,
    func,
    text,
)
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry
from sqlalchemy.types import JSON, TypeDecorator

from lms.core.shared_sync import SharedSync
from lms.lib.compute_lock import compute_lock
from lms.lib.folding import compose_text, visible

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
    "synchronous=NORMAL",  # the log is synced before it is copied and begun anew; after each commit by SharedSync
    f"busy_timeout={BUSY_TIMEOUT}",
    "cache_size=-128",  # KiB for each of a process's connections, instead of 2,000: the system keeps the file as well
)
RETRY_SECONDS = 0.0005
"""Between two tries to take the write lock. A write takes about three times as long."""
_write_queue = Lock()
"""Held while trying to begin, not during the transaction, so that a thread that dies cannot keep it."""
_DRIVER = "driver connection"
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


class ComposedText(TypeDecorator[str]):
    """A name or title, stored composed (NFC) and without characters that nobody sees, whoever wrote it: equal names are
    equal values, and none looks like another."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else visible(compose_text(value))


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
    """An index of the rows for which ``where``, a condition in SQL, holds; migrations make it so on both databases.

    To say ``postgresql_where`` here would load 2 MiB for that database in each process, on SQLite as well.
    """
    return Index(name, *columns, unique=unique, sqlite_where=text(where))


@contextmanager
def reading(only: bool = True) -> Iterator[None]:
    """Transactions that begin in this block must not write (with ``only=False``, they may)."""
    mark = _begin.set(TO_READ if only else TO_WRITE)
    try:
        yield
    finally:
        _begin.reset(mark)


@contextmanager
def reading_snapshot() -> Iterator[None]:
    """Read in one transaction that sees the database as it is when it begins. Commits the session's one first."""
    db.session.commit()
    with reading():
        if db.engine.dialect.name == "postgresql":
            db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        try:
            yield
        finally:
            db.session.rollback()


class SqliteConnection(sqlite3.Connection):
    """A connection that takes the write lock when it needs it, and whose commits are on the disk."""

    may_write = False
    """A transaction that may write has begun for SQLAlchemy, and has not yet taken the write lock."""
    wrote = False
    sync: SharedSync | None = None
    """None for a database in memory."""

    def commit(self) -> None:
        wrote, self.wrote, self.may_write = self.wrote, False, False
        super().commit()
        if wrote and self.sync is not None:
            try:
                self.sync.wait()
            except OSError as error:
                raise sqlite3.OperationalError(f"disk I/O error: {error}") from error

    def rollback(self) -> None:
        self.wrote = self.may_write = False
        super().rollback()


def begins_to_write() -> bool:
    """Whether a transaction that begins now may write."""
    return _begin.get() == TO_WRITE


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # SQLAlchemy, not the driver, begins
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    if isinstance(connection, SqliteConnection):
        _number, _name, path = connection.execute("PRAGMA database_list").fetchone()
        connection.sync = SharedSync.of(path) if path else None
    else:
        connection.execute("PRAGMA synchronous=FULL")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    if _begin.get() == TO_READ:
        driver.execute(TO_READ)  # never fails, so there is no error for SQLAlchemy to translate
    elif isinstance(driver, SqliteConnection):
        driver.may_write = True
    else:
        _begin_to_write(driver)


@event.listens_for(Engine, "before_cursor_execute")
def _lock_before_writing(
    connection: Connection, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool
) -> None:
    if connection.dialect.name != "sqlite":
        return
    driver = connection.connection.driver_connection
    if (
        isinstance(driver, SqliteConnection)
        and driver.may_write
        and not _only_reads(context.invoked_statement, statement)
    ):
        _begin_to_write(driver)


def _only_reads(invoked: Any, statement: str) -> bool:
    if isinstance(invoked, Select):
        return invoked._for_update_arg is None
    return isinstance(invoked, CompoundSelect) or statement.lstrip()[:6].upper() == "SELECT"


def driver_connection() -> Any:
    """The driver's connection in the session's transaction, which begins if none has.

    It is looked up once in a transaction; SQLAlchemy takes as long for that as SQLite for a short statement.
    """
    session = db.session.registry()
    transaction, driver = session.info.get(_DRIVER, (None, None))
    if transaction is None or transaction is not session.get_transaction():
        driver = session.connection().connection.driver_connection
        session.info[_DRIVER] = session.get_transaction(), driver
    return driver


def acquire_write_lock() -> None:
    """Let nobody else write until the transaction ends. This is for SQLite; PostgreSQL uses a lock of its own."""
    driver = driver_connection()
    if isinstance(driver, SqliteConnection) and driver.may_write:
        _begin_to_write(driver)


def _begin_to_write(driver: sqlite3.Connection) -> None:
    if isinstance(driver, SqliteConnection):
        driver.may_write, driver.wrote = False, True
    driver.execute("PRAGMA busy_timeout=0")
    try:
        if not _begin_immediate(driver):
            driver.execute(TO_WRITE)  # once more, to raise the error
    except sqlite3.OperationalError as error:
        raise OperationalError(TO_WRITE, {}, error, hide_parameters=True) from error
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")


def _begin_immediate(driver: sqlite3.Connection) -> bool:
    """Begin to write, waiting for other writers; False on a timeout or any other error.

    The threads of a process queue, and the first one tries again and again. SQLite's own busy handler lets all of
    them try, less and less often, down to ten times a second: with eight people saving at once, one save in a hundred
    took half a second while others overtook it. Others compute during the wait, and beside this thread after it: who
    holds the turn to write waits for nobody.
    """
    end = monotonic() + BUSY_TIMEOUT / 1000
    if not _write_queue.acquire(blocking=False):
        compute_lock.give_up()
        if not _write_queue.acquire(timeout=BUSY_TIMEOUT / 1000):
            return False
    try:
        while monotonic() < end:
            try:
                driver.execute(TO_WRITE)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:  # others do not pass by waiting
                    return False
                compute_lock.give_up()
                sleep(RETRY_SECONDS)
            else:
                return True
        return False
    finally:
        _write_queue.release()


def refresh_statistics() -> None:
    """Tell PostgreSQL how large its tables are after bulk work; autovacuum would be minutes late.

    SQLite gets none: without statistics its plans depend on tables and indexes alone, so that the plans that the tests
    look at are those of every site. With them it began some queries with everybody's records, not with a unit's people.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.flush()
        db.session.execute(text("ANALYZE"))


def days_between(first: Any, last: Any) -> ColumnElement[Any]:
    """The days from one column of moments to another, as an expression."""
    if db.engine.dialect.name == "sqlite":
        return func.julianday(last, type_=Float) - func.julianday(first, type_=Float)
    return cast(func.extract("epoch", last - first), Float) / 86_400


def engine_options(url: str) -> dict[str, Any]:
    """Each thread of a web process may have a connection; dead ones are noticed before use.

    One to SQLite takes 0.65 MiB, and 1 ms of CPU to open: a process keeps those that it needs most of the time.
    """
    quiet = {"hide_parameters": True}  # they would put personal data into the log
    if url.startswith("sqlite"):
        return quiet | {"pool_size": 4, "max_overflow": 36, "connect_args": {"factory": SqliteConnection}}
    return quiet | {"pool_size": 8, "max_overflow": 24, "pool_pre_ping": True}


def psycopg_url(url: str) -> str:
    """The URL for SQLAlchemy: ``postgresql://`` means psycopg 3 here."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def insert_if_missing(model: type[Base], keys: tuple[str, ...], **values: Any) -> Any | None:
    """Insert a row unless one with the same ``keys`` (a unique constraint) exists; returns its primary key or None.

    Two transactions may do so at once: neither fails.
    """
    db.session.flush()
    found = db.session.connection().execute(insert_statement(model, keys, db.engine.dialect.name), values).first()
    return found[0] if found else None


def insert_missing(model: type[Base], keys: tuple[str, ...], rows: list[dict[str, Any]]) -> int:
    """The same for many ``rows`` with the same columns; returns how many were new."""
    if not rows:
        return 0
    db.session.flush()
    return len(db.session.connection().execute(insert_statement(model, keys, db.engine.dialect.name), rows).all())


@cache
def insert_statement(model: type[Base], keys: tuple[str, ...], dialect: str) -> Any:
    """That of ``insert_if_missing``. Cached, since building it takes longer than executing it.

    The other database's dialect is not loaded.
    """
    insert = import_module(f"sqlalchemy.dialects.{dialect}").insert
    statement = insert(model.__table__).on_conflict_do_nothing(index_elements=keys)
    return statement.returning(*model.__table__.primary_key)


def in_batches(values: Iterable[T], size: int = BATCH_SIZE) -> Iterator[list[T]]:
    """Lists of at most ``size`` values, since a statement takes a limited number of parameters."""
    rest = iter(values)
    while batch := list(islice(rest, size)):
        yield batch
