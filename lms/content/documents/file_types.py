"""Detect the type of a file by its content, whatever its name says.

Archives are never unpacked: only the list of names at their end is read, and
only up to the size that a real document needs.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import filetype

from lms.content.documents.shown import KINDS

MAX_ENTRIES = 5_000
MAX_DIRECTORY = 1024 * 1024
MAX_NAME_LENGTH = 120
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."


@dataclass(frozen=True)
class FileType:
    """``extension`` is the usual one; names may have any of ``aliases`` as well."""

    extension: str
    content_type: str
    aliases: tuple[str, ...] = ()


_OOXML = "application/vnd.openxmlformats-officedocument."
KNOWN_TYPES = {
    one.extension: one
    for one in (
        FileType("pdf", "application/pdf"),
        FileType("docx", _OOXML + "wordprocessingml.document"),
        FileType("xlsx", _OOXML + "spreadsheetml.sheet"),
        FileType("pptx", _OOXML + "presentationml.presentation"),
        FileType("odt", "application/vnd.oasis.opendocument.text"),
        FileType("ods", "application/vnd.oasis.opendocument.spreadsheet"),
        FileType("odp", "application/vnd.oasis.opendocument.presentation"),
        FileType("jpg", "image/jpeg", ("jpeg",)),
        FileType("png", "image/png"),
        FileType("webp", "image/webp"),
        FileType("heic", "image/heic", ("heif",)),
        FileType("mp3", "audio/mpeg"),
        FileType("m4a", "audio/mp4"),
        FileType("mp4", "video/mp4"),
        FileType("txt", "text/plain"),
        FileType("csv", "text/csv"),
        FileType("md", "text/markdown"),
    )
}
SHOWN_PICTURES = {"jpg", "png", "webp"}
BY_CONTENT_TYPE = {one.content_type: one for one in KNOWN_TYPES.values()}
_ALIASES = {alias: one for one in KNOWN_TYPES.values() for alias in (one.extension, *one.aliases)}
_TEXTS = {"txt", "csv", "md"}
_BY_MAGIC = {"pdf", "jpg", "png", "webp", "heic", "mp3", "m4a", "mp4"}
_FOLDERS = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}


@dataclass(frozen=True)
class Detection:
    """``type`` is None for a file that is none of ``KNOWN_TYPES``."""

    type: FileType | None
    has_macros: bool = False


def detect(data: bytes, name: str) -> Detection:
    """The name only distinguishes the types of text, which have no signature."""
    if data.startswith(b"PK\x03\x04"):
        return _archive(data)
    found = filetype.guess_extension(data)
    if found in _BY_MAGIC:
        return Detection(KNOWN_TYPES[found])
    extension = extension_of(name)
    return Detection(KNOWN_TYPES[extension] if extension in _TEXTS and _is_text(data) else None)


def is_accepted(file_type: FileType, extensions: Iterable[str]) -> bool:
    """``extensions`` are those that an author allows; ``jpeg`` and ``jpg`` are the same."""
    return any(_ALIASES.get(extension.lower().lstrip(".")) == file_type for extension in extensions)


def accept_attribute(extensions: Iterable[str]) -> str:
    """The file field's ``accept``: extensions and content types, because phones know only the latter."""
    known = [_ALIASES[extension] for extension in extensions if extension in _ALIASES]
    return ",".join(dict.fromkeys(word for one in known for word in (f".{one.extension}", one.content_type)))


def shown_as(content_type: str) -> Literal["text", "picture", ""]:
    """How a grader reads it on the site; empty for what is only downloaded."""
    known = BY_CONTENT_TYPE.get(content_type)
    if known is None:
        return ""
    return "picture" if known.extension in SHOWN_PICTURES else "text" if known.extension in KINDS else ""


def extension_of(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot and stem else ""


def clean_name(name: str, file_type: FileType) -> str:
    """A name that is safe on any disk: no folders or invisible characters, not too long, with the right extension."""
    base = name.replace("\\", "/").rpartition("/")[2]
    plain = " ".join("".join(map(_safe, unicodedata.normalize("NFC", base))).split()).strip(". ")
    extension = extension_of(plain)
    if extension == file_type.extension or extension in file_type.aliases:
        plain = plain.rpartition(".")[0]
    else:
        extension = file_type.extension
    return f"{plain[: MAX_NAME_LENGTH - len(extension) - 1].strip('. ') or 'berkas'}.{extension}"


def _safe(character: str) -> str:
    """Remove invisible characters: a right-to-left mark can make ``exe`` look like the middle of a name."""
    if character.isspace():
        return " "
    if character in '<>:"|?*':
        return "_"
    return "" if unicodedata.category(character).startswith("C") else character


def _archive(data: bytes) -> Detection:
    names = _names_in_archive(data)
    if names is None:
        return Detection(None)
    macros = any(_is_macro(name.lower()) for name in names)
    if "[Content_Types].xml" in names:
        found = [type_ for start, type_ in _FOLDERS.items() if any(name.startswith(start) for name in names)]
        return Detection(KNOWN_TYPES[found[0]] if len(found) == 1 else None, macros)
    if data[30:38] == b"mimetype" and data[38 : 38 + len(OPEN_DOCUMENT)] == OPEN_DOCUMENT:
        declared = data[38:120].split(b"PK", 1)[0].decode("ascii", "replace")
        return Detection(next((one for one in KNOWN_TYPES.values() if one.content_type == declared), None), macros)
    return Detection(None, macros)


def _is_macro(name: str) -> bool:
    return name.endswith("vbaproject.bin") or "/macrosheets/" in name or name.startswith(("basic/", "scripts/"))


def _names_in_archive(data: bytes) -> list[str] | None:
    """The names in a ZIP's directory; None if it is broken, or larger than any document's."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if end < 0 or len(data) < end + 22:
        return None
    count, size, at = struct.unpack_from("<HLL", data, end + 10)
    if count > MAX_ENTRIES or size > MAX_DIRECTORY or at + size > end:
        return None
    names = []
    for _entry in range(count):
        if at + 46 > end or data[at : at + 4] != b"PK\x01\x02":
            return None
        name, extra, comment = struct.unpack_from("<HHH", data, at + 28)
        names.append(data[at + 46 : at + 46 + name].decode("utf-8", "replace"))
        at += 46 + name + extra + comment
    return names


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return bool(text) and "\x00" not in text
