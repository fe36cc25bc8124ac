"""Pictures and clips as phones and attackers send them, made here."""

from __future__ import annotations

import io
import struct

from PIL import Image

GPS = 0x8825


def make_photo(
    size: tuple[int, int] = (1600, 1200), *, turn: int = 1, kind: str = "JPEG", has_gps: bool = True
) -> bytes:
    """A photo with noise in it and, in its metadata, where it was taken."""
    small = Image.effect_noise((80, 60), 90).resize(size, Image.Resampling.BICUBIC)
    image = Image.merge("RGB", (small, small.transpose(Image.Transpose.FLIP_LEFT_RIGHT), small))
    image.paste((200, 0, 0), (0, 0, size[0] // 4, size[1] // 4))  # to see how it is turned
    exif = Image.Exif()
    exif[0x010F] = "Ponsel Rahasia"
    exif[0x0112] = turn
    if has_gps:
        exif.get_ifd(GPS).update({1: "S", 2: (0.0, 52.0, 33.0), 3: "E", 4: (131.0, 15.0, 1.0)})
    out = io.BytesIO()
    image.save(out, kind, exif=exif, **({"comment": b"Ponsel Rahasia"} if kind == "JPEG" else {}))
    return out.getvalue()


def make_drawing(size: tuple[int, int] = (300, 200), *, alpha: bool = False) -> bytes:
    image = Image.new("RGBA" if alpha else "RGB", size, (255, 255, 255, 0)[: 4 if alpha else 3])
    image.paste((0, 80, 120), (20, 20, size[0] // 2, size[1] // 2))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def make_bomb() -> bytes:
    """A PNG of a few KB with 400 million pixels."""
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    return out.getvalue()


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content


def make_mp4(seconds: int = 200, width: int = 640, height: int = 360, *, filler: int = 5_000) -> bytes:
    header = box(b"mvhd", struct.pack(">4xIIII", 0, 0, 1000, seconds * 1000) + bytes(80))
    track = box(b"tkhd", bytes(76) + struct.pack(">II", width << 16, height << 16))
    film = box(b"moov", header + box(b"trak", track))
    return box(b"ftyp", b"isom\0\0\2\0isomiso2mp41") + box(b"mdat", bytes(filler)) + film


def make_mp3(frames: int = 100) -> bytes:
    """Frames of 128 kbit/s at 44.1 kHz: 417 bytes, 26 ms each."""
    return b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + (b"\xff\xfb\x90\x00" + bytes(413)) * frames
