"""What a file is, by its content; a name proves nothing.

Archives are never unpacked: only the list of names at their end is read, and
only as far as a real document could need.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import filetype

MOST_ENTRIES = 5_000
MOST_DIRECTORY = 1024 * 1024
LONGEST_NAME = 120
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."


@dataclass(frozen=True)
class Kind:
    """``extension`` is the usual one; a name may carry any of ``aliases`` as well."""

    extension: str
    content_type: str
    aliases: tuple[str, ...] = ()


_OOXML = "application/vnd.openxmlformats-officedocument."
KINDS = {
    kind.extension: kind
    for kind in (
        Kind("pdf", "application/pdf"),
        Kind("docx", _OOXML + "wordprocessingml.document"),
        Kind("xlsx", _OOXML + "spreadsheetml.sheet"),
        Kind("pptx", _OOXML + "presentationml.presentation"),
        Kind("odt", "application/vnd.oasis.opendocument.text"),
        Kind("ods", "application/vnd.oasis.opendocument.spreadsheet"),
        Kind("odp", "application/vnd.oasis.opendocument.presentation"),
        Kind("jpg", "image/jpeg", ("jpeg",)),
        Kind("png", "image/png"),
        Kind("webp", "image/webp"),
        Kind("heic", "image/heic", ("heif",)),
        Kind("mp3", "audio/mpeg"),
        Kind("m4a", "audio/mp4"),
        Kind("mp4", "video/mp4"),
        Kind("txt", "text/plain"),
        Kind("csv", "text/csv"),
        Kind("md", "text/markdown"),
    )
}
_ALIASES = {alias: kind for kind in KINDS.values() for alias in (kind.extension, *kind.aliases)}
_TEXTS = {"txt", "csv", "md"}
_BY_MAGIC = {"pdf", "jpg", "png", "webp", "heic", "mp3", "m4a", "mp4"}
_PARTS = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}


@dataclass(frozen=True)
class Look:
    """What a glance at a file tells. ``kind`` is None where it is none of ``KINDS``."""

    kind: Kind | None
    has_macros: bool = False


def look_at(data: bytes, name: str) -> Look:
    """Recognise ``data``. The name only tells apart the kinds of text, which have no mark of their own."""
    if data.startswith(b"PK\x03\x04"):
        return _archive(data)
    found = filetype.guess_extension(data)
    if found in _BY_MAGIC:
        return Look(KINDS[found])
    extension = extension_of(name)
    return Look(KINDS[extension] if extension in _TEXTS and _is_text(data) else None)


def is_taken(kind: Kind, types: Iterable[str]) -> bool:
    """Whether ``kind`` is among the extensions an author allows (``jpeg`` and ``jpg`` are the same)."""
    return any(_ALIASES.get(written.lower().lstrip(".")) == kind for written in types)


def accepted(types: Iterable[str]) -> str:
    """For the file field's ``accept``: extensions and types, because phones know only the latter."""
    known = [_ALIASES[written] for written in types if written in _ALIASES]
    return ",".join(dict.fromkeys(word for kind in known for word in (f".{kind.extension}", kind.content_type)))


def extension_of(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot and stem else ""


def clean_name(name: str, kind: Kind) -> str:
    """A name that is safe on any disk: no folders, no invisible signs, not too long, its ending true."""
    base = name.replace("\\", "/").rpartition("/")[2]
    plain = " ".join("".join(map(_safe, unicodedata.normalize("NFC", base))).split()).strip(". ")
    extension = extension_of(plain)
    if extension == kind.extension or extension in kind.aliases:
        plain = plain.rpartition(".")[0]
    else:
        extension = kind.extension
    return f"{plain[: LONGEST_NAME - len(extension) - 1].strip('. ') or 'berkas'}.{extension}"


def _safe(sign: str) -> str:
    """Invisible signs go: one of them can make ``exe`` read as the middle of a name."""
    if sign.isspace():
        return " "
    if sign in '<>:"|?*':
        return "_"
    return "" if unicodedata.category(sign).startswith("C") else sign


def _archive(data: bytes) -> Look:
    names = _names_in_archive(data)
    if names is None:
        return Look(None)
    macros = any(_is_macro(name.lower()) for name in names)
    if "[Content_Types].xml" in names:
        parts = [kind for start, kind in _PARTS.items() if any(name.startswith(start) for name in names)]
        return Look(KINDS[parts[0]] if len(parts) == 1 else None, macros)
    if data[30:38] == b"mimetype" and data[38 : 38 + len(OPEN_DOCUMENT)] == OPEN_DOCUMENT:
        declared = data[38:120].split(b"PK", 1)[0].decode("ascii", "replace")
        return Look(next((kind for kind in KINDS.values() if kind.content_type == declared), None), macros)
    return Look(None, macros)


def _is_macro(name: str) -> bool:
    return name.endswith("vbaproject.bin") or "/macrosheets/" in name or name.startswith(("basic/", "scripts/"))


def _names_in_archive(data: bytes) -> list[str] | None:
    """The names in a zip's directory; None where it is broken or larger than any document's."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if end < 0 or len(data) < end + 22:
        return None
    count, size, at = struct.unpack_from("<HLL", data, end + 10)
    if count > MOST_ENTRIES or size > MOST_DIRECTORY or at + size > end:
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
