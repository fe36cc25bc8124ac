"""Restores a backup on either engine, then counts the rows and reads the files again."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice
from typing import IO, Any

from sqlalchemy import (
    JSON,
    Connection,
    Date,
    Insert,
    LargeBinary,
    Numeric,
    Text,
    bindparam,
    cast,
    func,
    insert,
    inspect,
    select,
    table,
    text,
)
from sqlalchemy.sql import column

from lms.core import jobs, ledger_heads, storage
from lms.core.db import UtcDateTime, db
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.ops import archive, queries, values
from lms.ops.archive import FilePart, Manifest, TablePart
from lms.ops.services import making
from lms.ops.values import TableShape

Advance = Callable[[int], object]
AT_ONCE = 500
IN_USE = timedelta(minutes=2)
_TYPES: Mapping[str, Any] = {
    "moment": UtcDateTime(),
    "date": Date(),
    "bytes": LargeBinary(),
    "decimal": Numeric(),
    "json": Text(),
}


class TargetNotEmpty(Refusal):
    message = lazy("The target is not empty: it has %(what)s. Nothing was changed.")


class RestoreIncomplete(Refusal):
    message = lazy("The restored data differs from the backup: %(what)s. Do not use this server.")


def what_is_there() -> list[str]:
    """What a restore would overwrite: the names of tables with rows, and ``files`` if there are any."""
    with db.engine.connect() as connection:
        names = [name for name in _tables_there(connection) if name not in queries.LOCAL_TABLES]
        found = [name for name in names if connection.execute(select(text("1")).select_from(table(name))).first()]
    return found + (["files"] if next(storage.all_keys(), None) else [])


def is_in_use(now: datetime) -> bool:
    """True if a server has run a job on this database within the last two minutes."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table(jobs.JobLease.__tablename__):
            return False
        newest = connection.scalar(select(func.max(jobs.JobLease.last_started_at)))
    return newest is not None and abs(now - newest) < IN_USE


def remove_tables() -> None:
    """Drop all tables, so that the migrations can create them as they were at the time of the backup."""
    with db.engine.begin() as connection:
        names = _tables_there(connection)
        _empty(connection, names)
        for name in [*names, "alembic_version"]:
            cascade = " CASCADE" if connection.dialect.name == "postgresql" else ""
            connection.execute(text(f'DROP TABLE IF EXISTS "{name}"{cascade}'))


def fill(source: IO[bytes], *, advance: Advance) -> tuple[dict[str, str], set[str]]:
    """Replace all rows and store the files. The tables must be at the backup's revision.

    Returns the settings in the backup and the keys of its files.

    :raises archive.Damaged: it is incomplete; the caller must not commit.
    """
    connection = db.session.connection()
    settings: dict[str, str] = {}
    keys: set[str] = set()
    with _references_aside(connection):
        _empty(connection, _tables_there(connection))
        for part in archive.read(source):
            if isinstance(part, TablePart):
                for some in _in_portions(part.shape, part.lines):
                    connection.execute(_insert(connection, part.shape), some)
                    advance(len(some))
            elif isinstance(part, FilePart):
                keys.add(storage.save(part.data, part.key.split("/")[0]).key)
                advance(1)
            elif isinstance(part, dict):
                settings = part
    _set_sequences(connection)
    return settings, keys


def restore_ledger_keys(settings: dict[str, str]) -> None:
    """The backup's public keys, so that its signatures can be verified; its private key if it has one."""
    keys = ledger_heads.keys()
    for raw in filter(None, settings.get(making.LEDGER_PUBLIC_KEYS, "").split(",")):
        keys.add_public(bytes.fromhex(raw))
    if making.LEDGER_PRIVATE_KEY in settings:
        keys.add(bytes.fromhex(settings[making.LEDGER_PRIVATE_KEY]))


def remove_other_files(keys: Container[str]) -> None:
    """Delete the files that are not in the backup."""
    for key in list(storage.all_keys()):
        if key not in keys:
            storage.delete(key)


def verify(manifest: Manifest, *, advance: Advance) -> None:
    """Count the rows and read every file.

    :raises RestoreIncomplete: something is missing.
    """
    connection = db.session.connection()
    for name, told in manifest.rows.items():
        found = connection.scalar(select(func.count()).select_from(table(name)))
        if found != told:
            raise RestoreIncomplete(what=f"{name}: {found} / {told}")
    whole = 0
    for key in storage.all_keys():
        storage.read(key)
        whole += 1
        advance(1)
    if whole != manifest.files:
        raise RestoreIncomplete(what=f"files: {whole} / {manifest.files}")


def _tables_there(connection: Connection) -> list[str]:
    """All tables, also those of a newer version or of another program."""
    return sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})


def _empty(connection: Connection, names: list[str]) -> None:
    if connection.dialect.name == "postgresql":
        if names:
            connection.execute(text("TRUNCATE " + ", ".join(f'"{name}"' for name in names)))
        return
    connection.execute(text("PRAGMA defer_foreign_keys=ON"))
    for name in names:
        connection.execute(text(f'DELETE FROM "{name}"'))  # noqa: S608  (names are our own tables')


@contextmanager
def _references_aside(connection: Connection) -> Iterator[None]:
    """Defer the checks of foreign keys to the end of this block (SQLite: to the commit)."""
    if connection.dialect.name != "postgresql":
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))  # until the commit
        yield
        return
    references = connection.execute(
        text(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
        )
    ).all()
    for owner, name, _definition in references:
        connection.execute(text(f"ALTER TABLE {owner} DROP CONSTRAINT {name}"))
    yield
    for owner, name, definition in references:
        connection.execute(text(f"ALTER TABLE {owner} ADD CONSTRAINT {name} {definition}"))


def _insert(connection: Connection, shape: TableShape) -> Insert:
    target = table(shape.name, *(column(name, _TYPES.get(kind)) for name, kind in shape.columns.items()))
    if connection.dialect.name != "postgresql":
        return insert(target)
    as_text = {
        name: cast(bindparam(name, type_=Text()), JSON) for name, kind in shape.columns.items() if kind == "json"
    }
    return insert(target).values({name: bindparam(name) for name in shape.columns} | as_text)


def _in_portions(shape: TableShape, lines: Iterator[bytes]) -> Iterator[list[dict[str, Any]]]:
    while some := [values.row(shape, line) for line in islice(lines, AT_ONCE)]:
        yield some


def _set_sequences(connection: Connection) -> None:
    """Let PostgreSQL's sequences continue after the highest ids."""
    if connection.dialect.name != "postgresql":
        return
    counted = connection.execute(
        text(
            "SELECT table_name, column_name, pg_get_serial_sequence(quote_ident(table_name), column_name)"
            " FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL"
        )
    ).all()
    for name, key, sequence in counted:
        connection.execute(
            text(f'SELECT setval(\'{sequence}\', (SELECT coalesce(max("{key}"), 0) + 1 FROM "{name}"), false)')  # noqa: S608
        )
