"""A folder out of a ZIP, or out of files chosen in a browser. Nothing is written to a disk.

What other programs do to names is repaired with a warning; what could mean harm, or would lose a file, is refused.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from unicodedata import normalize

from lms.content.folder.outline import MAX_PATH_LENGTH, is_safe
from lms.content.markdown.names import shorten
from lms.content.markdown.problems import Message, Problem, say
from lms.lib.damaged_zip import BROKEN

MAX_BYTES = 200 * 1024 * 1024
MAX_ENTRIES = 5_000

_UTF8, _ENCRYPTED = 0x800, 0x1
_SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini", "__macosx"})


class BadArchive(Exception):
    """Nothing was read. ``what`` says why, ``fix`` what to do."""

    def __init__(self, what: Message, fix: Message) -> None:
        super().__init__(what, fix)  # both, so that it comes back from a child process
        self.what, self.fix = what, fix

    def __str__(self) -> str:
        return f"{self.what}; {self.fix}"


@dataclass(frozen=True)
class UnpackedFolder:
    """``name`` is that of the folder around the files, if there is one; ``comment`` is the ZIP's."""

    name: str
    files: Mapping[str, bytes]
    problems: tuple[Problem, ...]
    comment: bytes = b""


def unpack(data: bytes, *, most_bytes: int = MAX_BYTES) -> UnpackedFolder:
    """:raises BadArchive: it is no ZIP, or not a safe one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = _Names()
            entries = [one for one in archive.infolist() if not one.is_dir()]
            if len(archive.infolist()) > MAX_ENTRIES:
                raise _too_many(len(archive.infolist()))
            if sum(one.file_size for one in entries) > most_bytes:
                raise _too_large(most_bytes)
            pairs = [(found.repair(_decoded(one)), one) for one in entries]
            left = most_bytes
            files: list[tuple[str, bytes]] = []
            for path, entry in pairs:
                if path is None:
                    continue
                _refuse_special(path, entry)
                content = _read(archive, entry, left)
                left -= len(content)
                if left < 0:
                    raise _too_large(most_bytes)
                files.append((path, content))
            return found.folder(files, archive.comment)
    except BROKEN as error:
        raise BadArchive(
            say("this file is not a ZIP that can be read"),
            say("make it again, without a password; of other kinds of archives, unpack them first"),
        ) from error


def folder_of_files(pairs: Iterable[tuple[str, bytes]]) -> UnpackedFolder:
    """The files of a form, by the paths that the browser names.

    :raises BadArchive: a name is not safe, or two files have the same.
    """
    found = _Names()
    repaired = [(found.repair(name), data) for name, data in pairs]
    return found.folder([(path, data) for path, data in repaired if path is not None], b"")


def _decoded(entry: zipfile.ZipInfo) -> str:
    """Names without the mark for UTF-8 are read as cp437, but macOS and others write UTF-8 all the same."""
    if entry.flag_bits & _UTF8:
        return entry.filename
    try:
        return entry.orig_filename.encode("cp437").decode()
    except (UnicodeEncodeError, UnicodeDecodeError):
        return entry.orig_filename


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """What it says of its size may be a lie, so no more than ``most`` is unpacked."""
    with archive.open(entry) as stream:
        return stream.read(min(most, entry.file_size) + 1)


def _refuse_special(path: str, entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & _ENCRYPTED:
        raise BadArchive(say("the ZIP is locked with a password"), say("make it again without one"))
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind and kind != stat.S_IFREG and entry.create_system == 3:
        raise BadArchive(
            say("“%(path)s” in the ZIP is a link and not a file", path=shorten(path)),
            say("put the file itself into the folder, then make the ZIP again"),
        )


@dataclass
class _Names:
    """Repairs names, and remembers an example of each kind of repair."""

    repairs: dict[str, tuple[str, Message, Message]] = field(default_factory=dict)

    def repair(self, name: str) -> str | None:
        """The path, or None for what operating systems put beside people's files.

        :raises BadArchive: it leads out of the folder.
        """
        path = name
        if "\\" in path:
            path = path.replace("\\", "/")
            self._note(
                "separator",
                path,
                say("names in the ZIP have \\ between folders, as some programs of Windows write them"),
                say("they are read as /; nothing is to be done"),
            )
        if normalize("NFC", path) != path:
            path = normalize("NFC", path)
        path = re.sub(r"^(?:\./)+", "", path)
        path = re.sub(r"/{2,}", "/", path) if not path.startswith("/") else path
        parts = path.split("/")
        if any(part.lower() in _SYSTEM_FILES for part in parts) or (
            any(part.startswith(".") and part not in (".", "..") for part in parts)
        ):
            return None
        if not is_safe(path):
            is_long = len(path) > MAX_PATH_LENGTH
            raise BadArchive(
                say("the name “%(path)s” is not safe", path=ascii(shorten(path, 80))[1:-1])
                if not is_long
                else say("the name “%(path)s” is too long", path=shorten(path, 80)),
                say("use relative paths with / between folders, without .. and control characters")
                if not is_long
                else say("shorten the names of its folders: at most %(most)d characters", most=MAX_PATH_LENGTH),
            )
        return path

    def _note(self, kind: str, path: str, what: Message, fix: Message) -> None:
        self.repairs.setdefault(kind, (path, what, fix))

    def folder(self, files: list[tuple[str, bytes]], comment: bytes) -> UnpackedFolder:
        """:raises BadArchive: two names are one on some systems, or there are too many files or none."""
        if len(files) > MAX_ENTRIES:
            raise _too_many(len(files))
        if not files:
            raise BadArchive(say("there is no file in it"), say("choose the course's folder or its ZIP"))
        taken: dict[str, str] = {}
        for path, _data in files:
            if other := taken.get(path.casefold()):
                raise BadArchive(
                    say("“%(one)s” and “%(other)s” are one name on many computers", one=other, other=path),
                    say("give one of the two another name"),
                )
            taken[path.casefold()] = path
        for path in list(taken.values()):
            above = path.casefold()
            while "/" in above:
                above = above.rpartition("/")[0]
                if above in taken:
                    raise BadArchive(
                        say("“%(one)s” is a file and a folder at once", one=taken[above]),
                        say("give one of the two another name"),
                    )
        name, shorter = _without_top(dict(files))
        problems = tuple(Problem(path, 1, 1, what, fix, True) for path, what, fix in self.repairs.values())
        return UnpackedFolder(name, shorter, problems, comment)


def _without_top(files: dict[str, bytes]) -> tuple[str, dict[str, bytes]]:
    """Folders that hold everything are left out."""
    name = ""
    while all("/" in path for path in files) and len({path.split("/", 1)[0] for path in files}) == 1:
        name = next(iter(files)).split("/", 1)[0]
        files = {path.split("/", 1)[1]: data for path, data in files.items()}
    return name, files


def _too_large(most: int) -> BadArchive:
    return BadArchive(
        say("the files have more than %(most)d MB when unpacked", most=most // 1024 // 1024),
        say("make pictures and recordings smaller, or take files out that the course does not need"),
    )


def _too_many(number: int) -> BadArchive:
    return BadArchive(
        say("there are %(number)d files; at most %(most)d are read", number=number, most=MAX_ENTRIES),
        say("take out what the course does not need, such as .git or node_modules"),
    )
