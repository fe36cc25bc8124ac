"""Files that were sent and are looked at before something is made of them.

They wait in the storage, with a list that says whose they are and what for: no row has to be cleaned up if nobody
comes back, and what is taken is exactly what was looked at.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lms.authoring.services import SourceFile, is_text
from lms.core import storage
from lms.courses import services as importing

FOLDER = "uploads"
KEPT = timedelta(days=7)


@dataclass(frozen=True)
class HeldUpload:
    files: Mapping[str, SourceFile]
    """Texts have their bytes, anything else its key."""
    name: str
    comment: str


def hold(files: Mapping[str, bytes], person_id: int, purpose: str, *, name: str = "", comment: str = "") -> str:
    """Store files outside a transaction; what is returned fetches them again."""
    entries = {}
    for path, data in files.items():
        kept = importing.store_file(data)
        entries[path] = [kept.key, kept.sha256]
    listed = {"person": person_id, "purpose": purpose, "name": name, "comment": comment, "files": entries}
    return storage.save(json.dumps(listed, sort_keys=True).encode(), FOLDER).sha256


def held(digest: str, person_id: int, purpose: str) -> HeldUpload | None:
    """None if these are not the person's files, or not for this purpose."""
    try:
        listed = json.loads(storage.read(f"{FOLDER}/{digest[:2]}/{digest}"))
        if (listed["person"], listed["purpose"]) != (person_id, purpose):
            return None
        files = {path: _file(path, key, sha256) for path, (key, sha256) in listed["files"].items()}
    except storage.FileMissing:
        return None
    return HeldUpload(files, listed["name"], listed["comment"])


def delete_old(now: datetime) -> int:
    """Delete the lists that nobody came back to. The files are kept: other lists and courses may have the same."""
    return storage.delete_before(FOLDER, now - KEPT)


def _file(path: str, key: str, sha256: str) -> SourceFile:
    if is_text(path):
        return SourceFile(path, sha256, storage.read(key), None)
    return SourceFile(path, sha256, None, key)
