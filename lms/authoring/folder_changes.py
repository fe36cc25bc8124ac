"""A course folder that comes back, compared with the draft: what differs, and who changed it since the two were one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Hashes = Mapping[str, str]
"""The hash of each file, by path."""

Kind = Literal["theirs", "ours", "both", "missing", "removed"]


@dataclass(frozen=True)
class ReturnedFile:
    """A file that is not the same in both.

    ``theirs``: changed or new in the folder only; ``ours``: on the site only; ``both``: nobody can say, or both;
    ``missing``: not in the folder, but in the draft; ``removed``: as an older revision had it, and not in the draft.
    """

    path: str
    kind: Kind

    @property
    def takes(self) -> bool | None:
        """True if the author probably wants the folder's file, False if not, None if only a person can tell."""
        return {"theirs": True, "ours": False, "both": None, "missing": False, "removed": False}[self.kind]


def folder_state(hashes: Hashes) -> str:
    """A hash of the whole folder, to tell whether anything in it changed."""
    return hashlib.sha256(json.dumps(sorted(hashes.items())).encode()).hexdigest()


def folder_differences(
    ours: Hashes, edited: Collection[str], theirs: Hashes, revisions: Sequence[Hashes], downloaded: str = ""
) -> list[ReturnedFile]:
    """What a folder (``theirs``) would change in a draft (``ours``), by path.

    :param edited: paths that were edited on the site in this draft.
    :param revisions: the newest first. The one that the folder is most like is taken to be the one that it was
    downloaded as.
    :param downloaded: the state of the draft that the folder was downloaded as, if it says so.
    """
    is_of_this_draft = downloaded == folder_state(ours)
    base = ours if is_of_this_draft else _most_alike(theirs, revisions)
    known = {(path, digest) for one in revisions for path, digest in one.items()}
    found = []
    for path in sorted({*ours, *theirs}):
        here, there = ours.get(path), theirs.get(path)
        if here == there:
            continue
        kind: Kind
        if there is None:
            kind = "missing"
        elif is_of_this_draft:
            kind = "theirs"
        elif (path, there) in known:
            kind = "ours" if here is not None else "removed"
        elif here == base.get(path) and path not in edited:
            kind = "theirs"
        else:
            kind = "both"
        found.append(ReturnedFile(path, kind))
    return found


def differences_since(base: Hashes | None, ours: Hashes, theirs: Hashes) -> list[ReturnedFile]:
    """As ``folder_differences``, if the common base is known. Without one, a file that only one side has stays
    there."""
    found = []
    for path in sorted({*ours, *theirs}):
        here, there = ours.get(path), theirs.get(path)
        if here == there:
            continue
        was = (base or {}).get(path)
        kind: Kind = "theirs" if was == here else "ours" if was == there else "both"
        found.append(ReturnedFile(path, kind))
    return found


def _most_alike(theirs: Hashes, revisions: Sequence[Hashes]) -> Hashes:
    best: Hashes = {}
    most = -1
    for one in revisions:
        number = sum(theirs.get(path) == digest for path, digest in one.items())
        if number >= most:  # of those that are as alike the oldest: it is better to ask once too often
            best, most = one, number
    return best
