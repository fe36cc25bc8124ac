"""Metadata taken out of a picture without touching its pixels: where and when a photo was taken, by whom, with what.

Only the way that a photo is turned, and its colours, stay. A file that is not as its format says stays as it is.
"""

from __future__ import annotations

import struct
import zlib

_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_JPEG_KEPT = frozenset({0xE0, 0xE2, 0xEE})
"""JFIF, colour profile, Adobe's colour transform. All other APPn segments and comments go."""
_PNG_DROPPED = frozenset({b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME"})
_WEBP_DROPPED = frozenset({b"EXIF", b"XMP "})
_ORIENTATION = 0x0112


def without_metadata(data: bytes) -> bytes:
    try:
        if data.startswith(_JPEG):
            return _jpeg(data)
        if data.startswith(_PNG):
            return _png(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
    except (struct.error, IndexError, ValueError):
        return data
    return data


def _jpeg(data: bytes) -> bytes:
    written, at, turn = [data[:2]], 2, 1
    while data[at] == 0xFF and data[at + 1] != 0xDA:
        kind = data[at + 1]
        end = at + 2 + int(struct.unpack(">H", data[at + 2 : at + 4])[0])
        if end > len(data):
            raise ValueError("a segment is cut off")
        segment = data[at:end]
        if kind == 0xE1 and segment[4:10] == b"Exif\0\0":
            turn = _orientation(segment[10:])
        is_needed = not (0xE0 <= kind <= 0xEF or kind == 0xFE) or kind in _JPEG_KEPT
        if is_needed and segment[4:8] != b"MPF\0":
            written.append(segment)
        at = end
    if data[at] != 0xFF:
        raise ValueError("no segment where one should be")
    if turn != 1:
        first = 2 if len(written) > 1 and written[1][1] == 0xE0 else 1
        written.insert(first, _turned(turn))
    return b"".join([*written, data[at : _end_of_picture(data, at)]])


def _end_of_picture(data: bytes, at: int) -> int:
    """Find the end of a JPEG. Some phones put a second picture or a film after it, with metadata of its own."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        kind = data[at + 1]
        if kind == 0xD9:
            return at + 2
        if kind in (0x00, 0xFF) or 0xD0 <= kind <= 0xD7:  # a stuffed byte, padding, a restart
            at += 1 if kind == 0xFF else 2
            continue
        at += 2 + int(struct.unpack(">H", data[at + 2 : at + 4])[0])


def _orientation(tiff: bytes) -> int:
    """1 to 8; 1 where it does not say, or nothing that can be read."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        start = struct.unpack(f"{order}I", tiff[4:8])[0]
        count = struct.unpack(f"{order}H", tiff[start : start + 2])[0]
        for number in range(min(count, 200)):
            entry = start + 2 + 12 * number
            if struct.unpack(f"{order}H", tiff[entry : entry + 2])[0] == _ORIENTATION:
                turn = int(struct.unpack(f"{order}H", tiff[entry + 8 : entry + 10])[0])
                return turn if 1 <= turn <= 8 else 1
    except struct.error:
        return 1
    return 1


def _turned(turn: int) -> bytes:
    """A segment that says this and nothing else."""
    tiff = b"MM\0*" + struct.pack(">IH", 8, 1) + struct.pack(">HHIHH", _ORIENTATION, 3, 1, turn, 0) + bytes(4)
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _png(data: bytes) -> bytes:
    written, at = [data[:8]], 8
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        end = at + 12 + length
        if end > len(data):
            raise ValueError("a chunk is cut off")
        if kind == b"eXIf" and (turn := _orientation(data[at + 8 : end - 4])) != 1:
            tiff = _turned(turn)[10:]
            written.append(struct.pack(">I4s", len(tiff), kind) + tiff + struct.pack(">I", zlib.crc32(kind + tiff)))
        elif kind not in _PNG_DROPPED:
            written.append(data[at:end])
        at = end
        if kind == b"IEND":
            break
    return b"".join(written)


def _webp(data: bytes) -> bytes:
    written, at = [], 12
    while at + 8 <= len(data):
        kind, length = struct.unpack("<4sI", data[at : at + 8])
        end = at + 8 + length + length % 2
        if at + 8 + length > len(data):
            raise ValueError("a chunk is cut off")
        chunk = data[at:end]
        if kind == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~0x0C]) + chunk[9:]  # says no longer that there are any
        if kind not in _WEBP_DROPPED:
            written.append(chunk)
        at = end
    body = b"WEBP" + b"".join(written)
    return b"RIFF" + struct.pack("<I", len(body)) + body
