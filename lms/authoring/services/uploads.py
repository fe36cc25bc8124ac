"""Uploads that wait until their author has looked at a preview.

They wait in the storage, with a list that says whose they are and what for: no row has to be cleaned up if nobody
comes back, and what is taken is exactly what was looked at.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lms.authoring.services import SourceFile, is_text
from lms.core import storage
from lms.courses import services as importing

LISTS = "uploads"
FILES = "banks"
"""A folder of their own, so that an upload can never be read as a list."""
KEPT = timedelta(days=7)


@dataclass(frozen=True)
class HeldUpload:
    files: Mapping[str, SourceFile]
    """Texts have their bytes, anything else its key."""
    name: str
    comment: str


def hold(files: Mapping[str, bytes], person_id: int, purpose: str, *, name: str = "", comment: str = "") -> str:
    """Store files of a course, outside a transaction; returns the key that fetches them again."""
    entries = {}
    for path, data in files.items():
        kept = importing.store_file(data)
        entries[path] = [kept.key, kept.sha256]
    return _list(person_id, purpose, name=name, comment=comment, files=entries)


def held_upload(digest: str, person_id: int, purpose: str) -> HeldUpload | None:
    """None if these are not the person's files, or not for this purpose."""
    try:
        if (listed := _listed(digest, person_id, purpose)) is None:
            return None
        files = {path: _file(path, key, sha256) for path, (key, sha256) in listed["files"].items()}
    except storage.FileMissing:
        return None
    return HeldUpload(files, listed["name"], listed["comment"])


def hold_one(data: bytes, person_id: int, purpose: str) -> str:
    """``hold`` for a file that is only read, such as a question bank."""
    return _list(person_id, purpose, file=storage.save(data, FILES).key)


def held_one(digest: str, person_id: int, purpose: str) -> bytes | None:
    try:
        listed = _listed(digest, person_id, purpose)
        return None if listed is None else storage.read(listed["file"])
    except storage.FileMissing:
        return None


def _list(person_id: int, purpose: str, **facts: Any) -> str:
    listed = {"person": person_id, "purpose": purpose, **facts}
    return storage.save(json.dumps(listed, sort_keys=True).encode(), LISTS).sha256


def _listed(digest: str, person_id: int, purpose: str) -> dict[str, Any] | None:
    """:raises lms.core.storage.FileMissing: nothing is held by this name."""
    listed: dict[str, Any] = json.loads(storage.read(f"{LISTS}/{digest[:2]}/{digest}"))
    return listed if (listed["person"], listed["purpose"]) == (person_id, purpose) else None


def to_delete(now: datetime) -> list[str]:
    """The keys of abandoned uploads, except files of a course, which other uploads and courses may share."""
    return [key for folder in (LISTS, FILES) for key in storage.keys_before(folder, now - KEPT)]


def _file(path: str, key: str, sha256: str) -> SourceFile:
    if is_text(path):
        return SourceFile(path, sha256, storage.read(key), None)
    return SourceFile(path, sha256, None, key)
