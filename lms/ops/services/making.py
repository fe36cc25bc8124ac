"""Makes a backup while the site is in use: written under a temporary name, read back in full, then renamed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import Connection

from lms.core import ledger_heads, schema, storage
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.ops import archive, encryption, queries, values
from lms.ops.archive import About, Manifest

LEDGER_PUBLIC_KEYS, LEDGER_PRIVATE_KEY = "LEDGER_PUBLIC_KEYS", "LEDGER_PRIVATE_KEY"
PART = ".part"
"""Suffix of a file that is being written."""
Advance = Callable[[int], object]
"""Called with the number of rows or files that were processed."""


class BackupFileExists(Refusal):
    message = lazy("There is already a file of that name: %(path)s. Choose another; nothing was overwritten.")


class NoBackupFolder(Refusal):
    message = lazy("There is no folder %(folder)s. Make it first, or choose another.")


@dataclass(frozen=True)
class FinishedBackup:
    """A backup that was read back, with the size and hash of its file."""

    path: Path
    size: int
    sha256: str
    manifest: Manifest


def make_backup(
    path: Path, settings: dict[str, str], *, passphrase: str | None = None, now: datetime, advance: Advance
) -> FinishedBackup:
    """Write all rows, files and ``settings`` into one archive at ``path``.

    Files that are stored after the snapshot of the rows may be in it too.

    :raises BackupFileExists: nothing is ever overwritten.
    :raises NoBackupFolder: it would be in a folder that does not exist.
    :raises archive.Damaged: it could not be read back; no file is left.
    :raises OSError: the disk is full or not writable; no file is left.
    """
    if path.exists():
        raise BackupFileExists(path=str(path))
    if not path.parent.is_dir():
        raise NoBackupFolder(folder=str(path.parent))
    part = path.with_name(f".{path.name}{PART}")
    try:
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as out:
            with _stream_into(out, passphrase) as stream:
                _write(stream, path.parent, settings, now, advance, is_secret=passphrase is not None)
            out.flush()
            os.fsync(out.fileno())
            manifest = check_backup(out, passphrase)[1]
            out.seek(0)
            digest = hashlib.file_digest(out, "sha256")
            made = FinishedBackup(path, out.seek(0, os.SEEK_END), digest.hexdigest(), manifest)
        part.rename(path)
        _sync_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)
    return made


@contextmanager
def opened_backup(source: IO[bytes], passphrase: str | None) -> Iterator[IO[bytes]]:
    """The archive in ``source``, decrypted.

    :raises encryption.WrongPassphrase: it is encrypted with another passphrase.
    """
    source.seek(0)
    if not encryption.is_encrypted(source):
        yield source
        return
    with encryption.decrypting(source, passphrase or "") as stream:
        yield stream


def check_backup(source: IO[bytes], passphrase: str | None) -> tuple[About, Manifest]:
    """Read all of it.

    :raises archive.Damaged: it is incomplete.
    """
    with opened_backup(source, passphrase) as stream:
        return archive.check(stream)


def _stream_into(out: IO[bytes], passphrase: str | None) -> AbstractContextManager[IO[bytes]]:
    return encryption.encrypting(out, passphrase) if passphrase else nullcontext(out)


def _ledger_keys(is_secret: bool) -> dict[str, str]:
    """The public keys, and the private one only in an encrypted backup."""
    keys = ledger_heads.keys()
    found = {LEDGER_PUBLIC_KEYS: ",".join(key.raw.hex() for key in keys.public().values())}
    private = keys.private() if is_secret else None
    return found | ({LEDGER_PRIVATE_KEY: private.hex()} if private else {})


def _write(
    stream: IO[bytes], workspace: Path, settings: dict[str, str], now: datetime, advance: Advance, *, is_secret: bool
) -> None:
    with queries.snapshot() as connection:
        shapes = tuple(queries.shape(table) for table in queries.tables())
        about = About(
            made_at=now.isoformat(),
            site_name=settings.get("LMS_SITE_NAME", ""),
            revision=schema.revision_of(connection) or "",
            engine=connection.dialect.name,
            shapes=shapes,
        )
        writer = archive.ArchiveWriter(stream, workspace, about, settings | _ledger_keys(is_secret))
        with writer.abandoned_on_error():
            _write_rows(writer, connection, advance)
    with writer.abandoned_on_error():
        for key in storage.all_keys():
            try:
                writer.file(key, storage.read(key))
            except storage.FileMissing:
                writer.manifest.damaged.append(key)
            advance(1)
        writer.finish()


def _write_rows(writer: archive.ArchiveWriter, connection: Connection, advance: Advance) -> None:
    for table in queries.tables():
        shape = queries.shape(table)
        writer.table(table.name, values.lines(shape, queries.rows(connection, table)))
        advance(writer.manifest.rows[table.name])


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
