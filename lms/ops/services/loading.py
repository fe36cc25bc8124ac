"""Fills all tables at once: references are set aside while rows are inserted, and all of them are checked at the end.

A check per row would search the tables that point to it, which are being filled as well: the time grows with the square
of the rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Date, Insert, LargeBinary, Numeric, Text, insert, inspect, table, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql import column

from lms.core.db import UtcDateTime, db, in_batches
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.ops import values
from lms.ops.archive import TablePart
from lms.ops.values import TableShape

_TYPES: dict[str, Any] = {
    "moment": UtcDateTime(),
    "date": Date(),
    "bytes": LargeBinary(),
    "decimal": Numeric(),
    "json": Text(),
}
_CACHE_KIB = 65_536


class ReferencesBroken(Refusal):
    message = lazy("The backup refers to rows that it does not have: %(what)s. The target is empty now.")


def tables_there(connection: Connection) -> list[str]:
    """All tables, also those of a newer version or of another program."""
    return sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})


def empty(connection: Connection, names: list[str]) -> None:
    """Delete all rows. Only while references are set aside."""
    if connection.dialect.name == "postgresql":
        if names:
            connection.execute(text("TRUNCATE " + ", ".join(f'"{name}"' for name in names)))
        return
    for name in names:
        connection.execute(text(f'DELETE FROM "{name}"'))  # noqa: S608  (names are our own tables')


@contextmanager
def unchecked() -> Iterator[Connection]:
    """A connection in a transaction in which SQLite does not look at references. Commits at the end."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA foreign_keys=OFF")  # has no effect in a transaction
            driver.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
        try:
            with connection.begin():
                yield connection
        finally:
            connection.invalidate()  # these settings end with it


@contextmanager
def references_aside() -> Iterator[Connection]:
    """The same on both engines, for rows that point to rows which are not there yet. Commits if all references hold.

    :raises ReferencesBroken: some do not; nothing was committed.
    """
    with unchecked() as connection:
        if connection.dialect.name == "postgresql":
            with _without_constraints(connection):
                yield connection
        else:
            yield connection
            _check_references(connection)


def _check_references(connection: Connection) -> None:
    broken = connection.execute(text("PRAGMA foreign_key_check")).fetchmany(5)
    if broken:
        raise ReferencesBroken(what=", ".join(f"{row.table}:{row.rowid} → {row.parent}" for row in broken))


@contextmanager
def _without_constraints(connection: Connection) -> Iterator[None]:
    references = connection.execute(
        text(
            "SELECT conrelid::regclass::text AS owner, quote_ident(conname) AS name, conname, confrelid::regclass::text"
            " AS parent, pg_get_constraintdef(oid) AS definition FROM pg_constraint"
            " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2"
        )
    ).all()
    for row in references:
        connection.execute(text(f"ALTER TABLE {row.owner} DROP CONSTRAINT {row.name}"))
    yield
    for row in references:
        try:
            connection.execute(text(f"ALTER TABLE {row.owner} ADD CONSTRAINT {row.name} {row.definition}"))
        except IntegrityError as error:
            raise ReferencesBroken(what=f"{row.owner} → {row.parent} ({row.conname})") from error


def load(connection: Connection, part: TablePart) -> Iterator[int]:
    """Insert the rows of ``part`` in batches; yields the number of rows in each."""
    if connection.dialect.name == "postgresql":
        yield from _copy(connection, part)
        return
    statement = _insert(part.shape)
    for lines in in_batches(part.lines):
        connection.execute(statement, [values.row(part.shape, line) for line in lines])
        yield len(lines)


def _copy(connection: Connection, part: TablePart) -> Iterator[int]:
    driver: Any = connection.connection.driver_connection
    names = ", ".join(f'"{name}"' for name in part.shape.columns)
    with driver.cursor() as cursor, cursor.copy(f'COPY "{part.shape.name}" ({names}) FROM STDIN') as copy:
        for lines in in_batches(part.lines):
            for line in lines:
                copy.write_row(tuple(values.row(part.shape, line).values()))
            yield len(lines)


def _insert(shape: TableShape) -> Insert:
    return insert(table(shape.name, *(column(name, _TYPES.get(kind)) for name, kind in shape.columns.items())))


def set_sequences(connection: Connection) -> None:
    """Let PostgreSQL's sequences continue after the highest ids."""
    if connection.dialect.name != "postgresql":
        return
    # From the catalogue: a function that raises on a table of another schema may run before the schema is compared.
    owned = connection.execute(
        text(
            "SELECT owned.refobjid::regclass::text, quote_ident(part.attname), owned.objid::regclass::text"
            " FROM pg_depend owned JOIN pg_class made ON made.oid = owned.objid AND made.relkind = 'S'"
            " JOIN pg_attribute part ON part.attrelid = owned.refobjid AND part.attnum = owned.refobjsubid"
            " WHERE owned.classid = 'pg_class'::regclass AND owned.refclassid = 'pg_class'::regclass"
            " AND owned.deptype IN ('a', 'i') AND made.relnamespace = current_schema()::regnamespace"
        )
    ).all()
    for name, key, sequence in owned:
        connection.execute(
            text(f"SELECT setval('{sequence}', (SELECT coalesce(max({key}), 0) + 1 FROM {name}), false)")  # noqa: S608
        )
