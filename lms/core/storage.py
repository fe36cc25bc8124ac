"""Files, kept by the hash of their content in a local folder or in S3-compatible storage.

A key is ``folder/aa/<sha256>``: saving the same bytes again is harmless, and what
is read back can be checked against its own name. Nobody else opens paths.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import obstore
from flask import Flask, current_app
from obstore.store import LocalStore, MemoryStore, ObjectStore, S3Store


@dataclass(frozen=True)
class Stored:
    """What was kept: under which key, how many bytes, and their SHA-256 in hex."""

    key: str
    size: int
    sha256: str


class FileMissing(Exception):
    """The storage has no file of that key (or cannot give it back whole)."""


def set_up(app: Flask) -> None:
    app.extensions["lms.storage"] = _open(app.config["STORAGE_URL"])


def _open(url: str) -> ObjectStore:
    parts = urlsplit(url)
    if parts.scheme == "file":
        return LocalStore(prefix=Path(unquote(parts.path)), mkdir=True)
    if parts.scheme == "memory":
        return MemoryStore()
    return S3Store.from_url(url)


def named(data: bytes, folder: str) -> Stored:
    """What ``save`` would give; keeps nothing."""
    digest = hashlib.sha256(data).hexdigest()
    return Stored(f"{folder}/{digest[:2]}/{digest}", len(data), digest)


def save(data: bytes, folder: str) -> Stored:
    """Keep ``data``; when this returns, it is on the disk (or in the bucket)."""
    stored = named(data, folder)
    key = stored.key
    store = current_app.extensions["lms.storage"]
    obstore.put(store, key, data)
    if isinstance(store, LocalStore) and store.prefix is not None:
        _sync(Path(store.prefix) / key)
    return stored


def read(key: str) -> bytes:
    """The bytes kept under ``key``.

    :raises FileMissing: there are none.
    """
    try:
        return bytes(obstore.get(current_app.extensions["lms.storage"], key).bytes())
    except FileNotFoundError as error:
        raise FileMissing(key) from error


def _sync(path: Path) -> None:
    for name in (path, path.parent):
        handle = os.open(name, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
