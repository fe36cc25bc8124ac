"""Restores a backup on either engine, then counts the rows and reads the files again."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO

from sqlalchemy import func, inspect, select, table, text
from sqlalchemy.exc import SQLAlchemyError

from config import Config
from lms.auth.services.codes import end_everybodys_access
from lms.core import jobs, ledger, ledger_heads, storage
from lms.core.db import db, refresh_statistics
from lms.core.errors import Refusal
from lms.core.i18n import lazy, to_site_time
from lms.ops import archive, queries
from lms.ops.archive import FilePart, Manifest, TablePart
from lms.ops.services import loading, making
from lms.records.services import numbers

Advance = Callable[[int], object]
IN_USE = timedelta(minutes=2)
UNFINISHED = "restore-unfinished"
"""A file in the instance folder."""


class TargetNotEmpty(Refusal):
    message = lazy("The target is not empty: it has %(what)s. Nothing was changed. To delete all of it, add --replace.")


class RestoreIncomplete(Refusal):
    message = lazy("The restored data differs from the backup: %(what)s. The target is empty now.")


def what_is_there() -> list[str]:
    """What a restore would overwrite: the names of tables with rows, and ``files`` if there are any."""
    with db.engine.connect() as connection:
        names = [name for name in loading.tables_there(connection) if name not in queries.LOCAL_TABLES]
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
    with loading.unchecked() as connection:
        names = [*loading.tables_there(connection), "alembic_version"]
        cascade = " CASCADE" if connection.dialect.name == "postgresql" else ""
        for name in names:
            connection.execute(text(f'DROP TABLE IF EXISTS "{name}"{cascade}'))


def fill(source: IO[bytes], *, advance: Advance) -> tuple[dict[str, str], set[str]]:
    """Replace all rows in one transaction, and store the files. The tables must be at the backup's revision.

    Returns the settings in the backup and the keys of its files.

    :raises archive.Damaged: it is incomplete; no row was committed.
    :raises loading.ReferencesBroken: its rows do not fit together; no row was committed.
    """
    settings: dict[str, str] = {}
    keys: set[str] = set()
    with loading.references_aside() as connection:
        loading.empty(connection, loading.tables_there(connection))
        for part in archive.read(source):
            if isinstance(part, TablePart):
                for count in loading.load(connection, part):
                    advance(count)
            elif isinstance(part, FilePart):
                keys.add(storage.save(part.data, part.key.split("/")[0]).key)
                advance(1)
            elif isinstance(part, dict):
                settings = part
        loading.set_sequences(connection)
    refresh_statistics()
    return settings, keys


@dataclass(frozen=True)
class VoidedNumbers:
    """``years`` are those whose last certificate number is not known any more."""

    sign_ins: int
    codes: int
    years: list[int]


def void_what_is_outdated(made_at: datetime, *, now: datetime) -> VoidedNumbers:
    """End all sign-ins and void all codes: some had ended or were used since the backup. Numbers become uncertain."""
    years = list(range(to_site_time(made_at).year, to_site_time(now).year + 1))
    numbers.doubt_numbers(years, since=made_at)
    sign_ins, codes = end_everybodys_access(now=now)
    ledger.record(None, "restore backup", f"backup:{made_at.isoformat()}", now=now, sign_ins=sign_ins, codes=codes)
    db.session.flush()
    return VoidedNumbers(sign_ins, codes, years)


def unfinished(config: Config) -> bool:
    """True if a restore was killed before its end: what is there must not be served."""
    return (config.instance / UNFINISHED).exists()


@contextmanager
def complete_or_nothing(config: Config) -> Iterator[None]:
    """Leaves neither tables nor files if this block fails. Killed, it leaves a mark for which ``unfinished`` looks."""
    mark = config.instance / UNFINISHED
    config.instance.mkdir(parents=True, exist_ok=True)
    mark.touch()
    try:
        yield
    except BaseException:
        db.session.remove()
        with suppress(SQLAlchemyError, storage.StorageUnavailable):  # the first error is the one to tell
            remove_tables()
            remove_other_files(set())
            mark.unlink()
        raise
    mark.unlink()


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
