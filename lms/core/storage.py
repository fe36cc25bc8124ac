"""Files, stored by the hash of their content in a local folder or in S3-compatible storage.

A key is ``folder/aa/<sha256>``. Saving the same bytes again is harmless, and what is
read is checked against its key. No other module opens paths.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from urllib.parse import unquote, urlsplit

import obstore
from flask import Flask, current_app
from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, ObjectStore, S3Store

_EXTENSION = "lms.storage"
FOLDER = re.compile(r"[a-z]+")
PROBE = "probe/written-and-removed"
TIMEOUT_SECONDS = 20
"""A bucket that has not answered by then counts as unavailable. Only requests for files wait for it."""
PIECE = 256 * 1024
"""Bytes that ``pieces`` reads at a time."""
KEY = re.compile(rf"{FOLDER.pattern}/([0-9a-f]{{2}})/(\1[0-9a-f]{{62}})")


@dataclass(frozen=True)
class StoredFile:
    """A file's key, its size in bytes and its SHA-256 in hex."""

    key: str
    size: int
    sha256: str


class StorageUnavailable(Exception):
    """The storage does not answer or cannot store: it is down, full or too slow. No partial file is left."""


class FileMissing(Exception):
    """The storage has no intact file with this key."""


def set_up(app: Flask) -> None:
    app.extensions[_EXTENSION] = _open(app.config["STORAGE_URL"])


def _open(url: str) -> ObjectStore:
    parts = urlsplit(url)
    if parts.scheme == "file":
        return LocalStore(prefix=Path(unquote(parts.path)), mkdir=True)
    if parts.scheme == "memory":
        return MemoryStore()
    return S3Store.from_url(
        url,
        client_options={
            "timeout": f"{TIMEOUT_SECONDS}s",
            "connect_timeout": "3s",
            "allow_http": os.environ.get("AWS_ALLOW_HTTP", "").lower() == "true",  # overridden by client_options
        },
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=10)},
    )


def stored_file_for(data: bytes, folder: str) -> StoredFile:
    """What ``save`` would return, without saving.

    :raises ValueError: ``folder`` is not a plain word.
    """
    if not FOLDER.fullmatch(folder):
        raise ValueError(f"not a folder of the storage: {folder!r}")
    digest = hashlib.sha256(data).hexdigest()
    return StoredFile(f"{folder}/{digest[:2]}/{digest}", len(data), digest)


def save(data: bytes, folder: str) -> StoredFile:
    """Store ``data``; when this returns, it is on the disk or in the bucket.

    :raises StorageUnavailable: it cannot be stored now.
    """
    stored = stored_file_for(data, folder)
    store = _store()
    with _errors_translated():
        obstore.put(store, stored.key, data)
        if isinstance(store, LocalStore) and store.prefix is not None:
            _sync(Path(store.prefix) / stored.key)
    return stored


def has(key: str) -> bool:
    """Whether there is a file with this key. Its content is checked when it is read.

    :raises StorageUnavailable: the storage does not answer.
    """
    try:
        with _errors_translated():
            obstore.head(_store(), key)
    except FileNotFoundError:
        return False
    return True


def read(key: str) -> bytes:
    """The bytes stored under ``key``.

    :raises FileMissing: there are none, or they are not what was stored.
    :raises StorageUnavailable: the storage does not answer.
    """
    known = KEY.fullmatch(key)
    if known is None:
        raise FileMissing(key)
    try:
        with _errors_translated():
            data = bytes(obstore.get(_store(), key).bytes())
    except FileNotFoundError as error:
        raise FileMissing(key) from error
    if hashlib.sha256(data).hexdigest() != known[2]:
        raise FileMissing(key)
    return data


def size(key: str) -> int:
    """The bytes stored under ``key``, counted without reading them.

    :raises FileMissing: there are none.
    :raises StorageUnavailable: the storage does not answer.
    """
    try:
        with _errors_translated():
            return int(obstore.head(_store(), key)["size"])
    except FileNotFoundError as error:
        raise FileMissing(key) from error


def pieces(key: str, start: int, end: int) -> Iterator[bytes]:
    """The bytes stored under ``key`` from ``start`` up to and without ``end``, for a response that is sent slowly.

    The first piece is read at once, the others as they are taken, without the application's context. Unlike in
    ``read``, the bytes are not checked.

    :raises FileMissing: there is no such file, or it is shorter.
    :raises StorageUnavailable: the storage does not answer.
    """
    if KEY.fullmatch(key) is None or not 0 <= start < end:
        raise FileMissing(key)
    store = _store()

    def piece(at: int) -> bytes:
        until = min(end, at + PIECE)
        try:
            with _errors_translated():
                data = bytes(obstore.get_range(store, key, start=at, end=until))
        except FileNotFoundError as error:
            raise FileMissing(key) from error
        if len(data) != until - at:
            raise FileMissing(key)
        return data

    first = piece(start)
    return chain((first,), (piece(at) for at in range(start + len(first), end, PIECE)))


def checked_pieces(key: str, size: int) -> Iterator[bytes]:
    """All ``size`` bytes stored under ``key``, as ``pieces`` gives them, and checked against the key.

    The last piece is given only if all of them together are what was stored, so that a file of one piece fails at once
    and a larger one while it is sent.

    :raises FileMissing: there is no such file, or it was altered.
    :raises StorageUnavailable: the storage does not answer.
    """
    if size == 0:
        return iter(())
    checked = _checked(pieces(key, 0, size), size, key.rpartition("/")[2])
    return chain((next(checked),), checked)


def _checked(parts: Iterator[bytes], size: int, sha256: str) -> Iterator[bytes]:
    digest, left = hashlib.sha256(), size
    for part in parts:
        digest.update(part)
        left -= len(part)
        if left == 0 and digest.hexdigest() != sha256:
            raise FileMissing(sha256)
        yield part


def delete(key: str) -> None:
    """Delete a file; harmless if it is gone already.

    :raises StorageUnavailable: the storage does not answer.
    """
    if KEY.fullmatch(key):
        with suppress(FileNotFoundError), _errors_translated():
            obstore.delete(_store(), key)


def all_keys() -> Iterator[str]:
    """All keys, in batches; files that were not made by this module are skipped.

    :raises StorageUnavailable: the storage does not answer.
    """
    with _errors_translated():
        for some in obstore.list(_store(), chunk_size=500):
            yield from (one["path"] for one in some if KEY.fullmatch(one["path"]))


def keys_before(folder: str, moment: datetime) -> Iterator[str]:
    """The keys of a folder whose files were last saved before ``moment``.

    :raises StorageUnavailable: the storage does not answer.
    """
    with _errors_translated():
        for some in obstore.list(_store(), prefix=folder, chunk_size=500):
            yield from (one["path"] for one in some if KEY.fullmatch(one["path"]) and one["last_modified"] < moment)


def check(*, by_writing: bool = False) -> None:
    """Check that the storage answers and, with ``by_writing``, that it can store and delete a file.

    :raises StorageUnavailable: it does not.
    """
    store = _store()
    with _errors_translated():
        next(iter(obstore.list(store, prefix="probe", chunk_size=1)), None)
        if isinstance(store, LocalStore) and store.prefix is not None:
            Path(store.prefix).stat()  # a missing folder lists as empty
        if by_writing:
            obstore.put(store, PROBE, b"probe")
            obstore.delete(store, PROBE)


def _store() -> ObjectStore:
    store: ObjectStore = current_app.extensions[_EXTENSION]
    return store


@contextmanager
def _errors_translated() -> Iterator[None]:
    """Raise the same error for any kind of storage."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        raise StorageUnavailable(f"{type(error).__name__} of the storage") from error


def _sync(path: Path) -> None:
    """Sync the file and the folders that may have been created for it."""
    for name in (path, *path.parents[:3]):
        handle = os.open(name, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
