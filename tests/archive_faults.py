"""One archive or choice of files per fault of ``lms/content/folder/archive.py``."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Callable

from lms.content.folder import archive
from lms.content.folder.archive import BadArchive, folder_of_files, unpack
from lms.content.markdown.problems import Message


def _zipped(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries:
            file.writestr(name, data)
    return out.getvalue()


def _link() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("a.md")
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return entry


def _locked() -> bytes:
    data = bytearray(_zipped(("a.md", b"a")))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + at] |= 1
    return bytes(data)


FAULTS: dict[str, tuple[Callable[[], object], str]] = {
    "no ZIP": (lambda: unpack(b"PK"), "make it again, without a password"),
    "a password": (lambda: unpack(_locked()), "make it again without one"),
    "a link": (lambda: unpack(_zipped((_link(), b"/etc"))), "put the file itself into the folder"),
    "too large": (lambda: unpack(_zipped(("a.md", b"a" * 2**21)), most_bytes=2**20), "make pictures and recordings"),
    "too many": (
        lambda: folder_of_files((f"{n}.md", b"") for n in range(archive.MAX_ENTRIES + 1)),
        "take out what the course does not need",
    ),
    "leads out": (lambda: folder_of_files([("../a.md", b"")]), "use relative paths with /"),
    "too long": (lambda: folder_of_files([("a" * 250 + ".md", b"")]), "shorten the names of its folders"),
    "nothing": (lambda: folder_of_files([]), "choose the course's folder"),
    "one name twice": (lambda: folder_of_files([("a.md", b""), ("A.md", b"")]), "give one of the two another name"),
    "a file and a folder": (
        lambda: folder_of_files([("a", b""), ("a/b.md", b"")]),
        "give one of the two another name",
    ),
    "names of Windows": (lambda: folder_of_files([("a\\b.md", b"")]), "they are read as /"),
}
"""By what is wrong: how it comes about, and how the remedy begins."""


def messages(of: Callable[[], object]) -> list[tuple[Message, Message]]:
    """What is said, and how to fix it."""
    try:
        found = of()
    except BadArchive as refusal:
        return [(refusal.what, refusal.fix)]
    return [(one.what, one.fix) for one in getattr(found, "problems", ())]
