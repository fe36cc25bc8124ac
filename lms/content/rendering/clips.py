"""How long a video or a recording is, and how large its picture: read from the file's own tables, never decoded."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

MAX_BOXES = 5_000
_BIT_RATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_BIT_RATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SAMPLE_RATES = (44_100, 48_000, 32_000)
_INSIDE = (b"moov", b"trak")


@dataclass(frozen=True)
class Clip:
    """``seconds``, ``width`` and ``height`` are None where the file does not say."""

    size: int
    seconds: int | None = None
    width: int | None = None
    height: int | None = None


def clip(data: bytes) -> Clip:
    try:
        if data[4:8] == b"ftyp":
            return _mp4(data)
        return Clip(len(data), _mp3_seconds(data))
    except (struct.error, IndexError, ZeroDivisionError):
        return Clip(len(data))


def _mp4(data: bytes) -> Clip:
    seconds = width = height = None
    for kind, start in _boxes(data):
        version = data[start]
        if kind == b"mvhd":
            layout = ">4xQQIQ" if version else ">4xIIII"
            _made, _changed, scale, length = struct.unpack_from(layout, data, start)
            seconds = round(length / scale)
        elif kind == b"tkhd":
            across, down = struct.unpack_from(">II", data, start + (88 if version else 76))
            if across >> 16 and down >> 16:
                width, height = across >> 16, down >> 16
    return Clip(len(data), seconds, width, height)


def _boxes(data: bytes) -> Iterator[tuple[bytes, int]]:
    """The headers of the film and its tracks: kind and where the content begins."""
    at, seen = 0, 0
    while at + 8 <= len(data) and seen < MAX_BOXES:
        size, kind = struct.unpack_from(">I4s", data, at)
        begin = at + 8
        if size == 1:
            size = struct.unpack_from(">Q", data, begin)[0]
            begin += 8
        if size != 0 and size < begin - at:
            return
        seen += 1
        if kind in _INSIDE:
            at = begin
            continue
        if kind in (b"mvhd", b"tkhd"):
            yield kind, begin
        if size == 0:
            return
        at += size


def _mp3_seconds(data: bytes) -> int | None:
    at = 0
    if data[:3] == b"ID3":
        at = 10 + (data[6] << 21 | data[7] << 14 | data[8] << 7 | data[9])
    at = data.find(b"\xff", at, at + 65_536)
    while at >= 0 and not _is_frame(data, at):
        at = data.find(b"\xff", at + 1, at + 65_536)
    if at < 0:
        return None
    is_first = data[at + 1] >> 3 & 3 == 3
    rate = _SAMPLE_RATES[data[at + 2] >> 2 & 3] // (1 if is_first else 2 if data[at + 1] >> 3 & 3 == 2 else 4)
    samples = 1152 if is_first else 576
    for mark in (b"Xing", b"Info"):
        found = data.find(mark, at, at + 200)
        if found >= 0 and data[found + 7] & 1:
            return round(int(struct.unpack_from(">I", data, found + 8)[0]) * samples / rate)
    kilobits = (_BIT_RATES if is_first else _BIT_RATES_2)[data[at + 2] >> 4]
    return round((len(data) - at) * 8 / (kilobits * 1000))


def _is_frame(data: bytes, at: int) -> bool:
    """The header of a frame of MPEG layer III."""
    return (
        len(data) > at + 3
        and data[at + 1] & 0xE6 == 0xE2
        and data[at + 1] >> 3 & 3 != 1
        and data[at + 2] >> 4 not in (0, 15)
        and data[at + 2] >> 2 & 3 != 3
    )
