"""Files, kept by the hash of their content in a local folder or in S3-compatible storage.

A key is ``folder/aa/<sha256>``: saving the same bytes again is harmless, and what
is read back is checked against its own name. Nobody else opens paths.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import obstore
from flask import Flask, current_app
from obstore.store import LocalStore, MemoryStore, ObjectStore, S3Store

FOLDER = re.compile(r"[a-z]+")
KEY = re.compile(rf"{FOLDER.pattern}/([0-9a-f]{{2}})/(\1[0-9a-f]{{62}})")


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
    """What ``save`` would give; keeps nothing.

    :raises ValueError: ``folder`` is not a plain word.
    """
    if not FOLDER.fullmatch(folder):
        raise ValueError(f"not a folder of the storage: {folder!r}")
    digest = hashlib.sha256(data).hexdigest()
    return Stored(f"{folder}/{digest[:2]}/{digest}", len(data), digest)


def save(data: bytes, folder: str) -> Stored:
    """Keep ``data``; when this returns, it is on the disk (or in the bucket)."""
    stored = named(data, folder)
    store = current_app.extensions["lms.storage"]
    obstore.put(store, stored.key, data)
    if isinstance(store, LocalStore) and store.prefix is not None:
        _sync(Path(store.prefix) / stored.key)
    return stored


def read(key: str) -> bytes:
    """The bytes kept under ``key``.

    :raises FileMissing: there are none, or they are not those that were kept.
    """
    known = KEY.fullmatch(key)
    if known is None:
        raise FileMissing(key)
    try:
        data = bytes(obstore.get(current_app.extensions["lms.storage"], key).bytes())
    except FileNotFoundError as error:
        raise FileMissing(key) from error
    if hashlib.sha256(data).hexdigest() != known[2]:
        raise FileMissing(key)
    return data


def _sync(path: Path) -> None:
    """The file, and the folders that may have been made for it: a name lives in the folder above."""
    for name in (path, *path.parents[:3]):
        handle = os.open(name, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
