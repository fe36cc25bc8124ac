"""Files, kept by the hash of their content in a local folder or in S3-compatible storage.

A key is ``folder/aa/<sha256>``: saving the same bytes again is harmless, and what
is read back is checked against its own name. Nobody else opens paths.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import obstore
from flask import Flask, current_app
from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, ObjectStore, S3Store

_EXTENSION = "lms.storage"
FOLDER = re.compile(r"[a-z]+")
PROBE = "probe/written-and-removed"
PATIENCE = 20
"""Seconds after which a bucket that is silent counts as gone; meanwhile only who asked for a file waits."""
KEY = re.compile(rf"{FOLDER.pattern}/([0-9a-f]{{2}})/(\1[0-9a-f]{{62}})")


@dataclass(frozen=True)
class StoredFile:
    """What was kept: under which key, how many bytes, and their SHA-256 in hex."""

    key: str
    size: int
    sha256: str


class StorageUnavailable(Exception):
    """The storage does not answer or takes nothing: it is gone, full or too slow. Nothing half written counts."""


class FileMissing(Exception):
    """The storage has no file of that key (or cannot give it back whole)."""


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
            "timeout": f"{PATIENCE}s",
            "connect_timeout": "3s",
            "allow_http": os.environ.get("AWS_ALLOW_HTTP", "").lower() == "true",  # options here hide that setting
        },
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=10)},
    )


def named(data: bytes, folder: str) -> StoredFile:
    """What ``save`` would give; keeps nothing.

    :raises ValueError: ``folder`` is not a plain word.
    """
    if not FOLDER.fullmatch(folder):
        raise ValueError(f"not a folder of the storage: {folder!r}")
    digest = hashlib.sha256(data).hexdigest()
    return StoredFile(f"{folder}/{digest[:2]}/{digest}", len(data), digest)


def save(data: bytes, folder: str) -> StoredFile:
    """Keep ``data``; when this returns, it is on the disk (or in the bucket).

    :raises StorageUnavailable: it cannot be kept now.
    """
    stored = named(data, folder)
    store = _opened()
    with _faults_named():
        obstore.put(store, stored.key, data)
        if isinstance(store, LocalStore) and store.prefix is not None:
            _sync(Path(store.prefix) / stored.key)
    return stored


def read(key: str) -> bytes:
    """The bytes kept under ``key``.

    :raises FileMissing: there are none, or they are not those that were kept.
    :raises StorageUnavailable: the storage does not answer.
    """
    known = KEY.fullmatch(key)
    if known is None:
        raise FileMissing(key)
    try:
        with _faults_named():
            data = bytes(obstore.get(_opened(), key).bytes())
    except FileNotFoundError as error:
        raise FileMissing(key) from error
    if hashlib.sha256(data).hexdigest() != known[2]:
        raise FileMissing(key)
    return data


def delete(key: str) -> None:
    """Let a file go that nothing refers to any more; harmless where it is gone already.

    :raises StorageUnavailable: the storage does not answer.
    """
    if KEY.fullmatch(key):
        with suppress(FileNotFoundError), _faults_named():
            obstore.delete(_opened(), key)


def all_keys() -> Iterator[str]:
    """All keys, a few at a time; what this house never made is passed over.

    :raises StorageUnavailable: the storage does not answer.
    """
    with _faults_named():
        for some in obstore.list(_opened(), chunk_size=500):
            yield from (one["path"] for one in some if KEY.fullmatch(one["path"]))


def check(*, by_writing: bool = False) -> None:
    """Whether the storage answers; ``by_writing`` also whether it takes a file, and lets it go again.

    :raises StorageUnavailable: it does not.
    """
    store = _opened()
    with _faults_named():
        next(iter(obstore.list(store, prefix="probe", chunk_size=1)), None)
        if isinstance(store, LocalStore) and store.prefix is not None:
            Path(store.prefix).stat()  # an empty list may be a folder that is gone
        if by_writing:
            obstore.put(store, PROBE, b"probe")
            obstore.delete(store, PROBE)


def _opened() -> ObjectStore:
    store: ObjectStore = current_app.extensions[_EXTENSION]
    return store


@contextmanager
def _faults_named() -> Iterator[None]:
    """What the storage cannot do has one name, whichever kind of storage it is."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        raise StorageUnavailable(f"{type(error).__name__} of the storage") from error


def _sync(path: Path) -> None:
    """The file, and the folders that may have been made for it: a name lives in the folder above."""
    for name in (path, *path.parents[:3]):
        handle = os.open(name, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
