"""Voice recordings of browsers and phones, recognised by their content."""

from __future__ import annotations

import re

import filetype

from lms.content.documents.file_types import FileType

MAX_BYTES = 2 * 1024 * 1024
"""Bytes: a minute at 256 kbit/s."""
SECONDS = 60
"""What the page records at most."""

TYPES = {
    one.extension: one
    for one in (
        FileType("m4a", "audio/mp4", ("mp4",)),
        FileType("webm", "audio/webm"),
        FileType("ogg", "audio/ogg", ("oga", "opus")),
        FileType("mp3", "audio/mpeg"),
    )
}
ACCEPT = ("audio/*", *(f".{extension}" for extension in TYPES))
"""For the field of a file; phones then offer to record."""
_HEAD = 4096
_WEBM_VIDEO = re.compile(rb"V_(?:VP8|VP9|AV1|MPEG|MS)")


def recording_type(data: bytes) -> FileType | None:
    """None if it is no sound recording, or is a video."""
    head = data[:_HEAD]
    if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head[:64]:
        is_sound = (b"A_OPUS" in head or b"A_VORBIS" in head) and not _WEBM_VIDEO.search(head)
        return TYPES["webm"] if is_sound else None
    if head.startswith(b"OggS"):
        is_sound = (b"OpusHead" in head or b"\x01vorbis" in head) and b"\x80theora" not in head
        return TYPES["ogg"] if is_sound else None
    if head[4:8] == b"ftyp":
        handlers = {data[at.start() + 12 : at.start() + 16] for at in re.finditer(b"hdlr", data)}
        return TYPES["m4a"] if b"soun" in handlers and b"vide" not in handlers else None
    return TYPES["mp3"] if filetype.guess_extension(head) == "mp3" else None
