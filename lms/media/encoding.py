"""A picture as an author gives it, made into versions for pages: upright, without metadata, in at most three widths.

Runs in a child process (``lms.core.isolated``): a hostile file can make a decoder loop or run out of memory.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

WIDTHS = (720, 1080, 1440)
"""The first is for a phone of 360 CSS pixels with two device pixels each, the last for a laptop of that kind."""
FALLBACK_WIDTH = 1080
"""For browsers that show neither WebP nor AVIF."""
MAX_PIXELS = 50_000_000
"""As decoded. A JPEG is decoded in a fraction of its size, so photos of 200 megapixels pass."""
MAX_DRAFT_SIDE = 2_880
TALLEST = 12_000
"""WebP ends at 16,383 pixels."""
AVIF_PAYS_BELOW = 0.9
"""AVIF versions are kept if all together have less than this share of the bytes of WebP."""
FORMATS = {"JPEG": "jpg", "PNG": "png", "GIF": "gif", "WEBP": "webp", "AVIF": "avif"}


class PictureRefused(ValueError):
    """``args[0]`` is ``"broken"``, ``"bomb"`` or ``"format"``."""


@dataclass(frozen=True)
class EncodedVersion:
    width: int
    height: int
    kind: str
    """``webp``, ``avif``, ``jpg`` or ``png``."""
    data: bytes


@dataclass(frozen=True)
class EncodedPicture:
    """``width`` and ``height`` are those of the upright original. A moving picture has no versions."""

    width: int
    height: int
    versions: tuple[EncodedVersion, ...]


def encoded(data: bytes) -> EncodedPicture:
    """:raises PictureRefused: the bytes are no picture, or too large a one."""
    found = _opened(data)
    if getattr(found.image, "n_frames", 1) > 1:
        return EncodedPicture(found.width, found.height, ())
    return EncodedPicture(found.width, found.height, tuple(_versions(found.plain(), found.image.format or "")))


def reduced(data: bytes) -> bytes:
    """A JPEG for a phone: upright, at most ``FALLBACK_WIDTH`` wide, on white; of a moving picture, the first.

    :raises PictureRefused: as ``encoded``.
    """
    plain = _opened(data).plain()
    width = min(FALLBACK_WIDTH, widths_of(*plain.size)[-1])
    size = width, max(1, round(plain.height * width / plain.width))
    image = plain if size == plain.size else _scaled(plain, size)
    if image.mode == "RGBA":
        from PIL import Image

        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image).convert("RGB")
    return _saved(image, "JPEG", quality=76, progressive=True, optimize=True)


@dataclass(frozen=True)
class _Opened:
    """``width`` and ``height`` are those of the upright original."""

    image: Image.Image
    width: int
    height: int

    def plain(self) -> Image.Image:
        try:
            self.image.load()
            return _plain(self.image)
        except MemoryError as error:
            raise PictureRefused("bomb") from error
        except Exception as error:  # decoders raise whatever comes to them
            raise PictureRefused("broken") from error


def _opened(data: bytes) -> _Opened:
    from PIL import Image  # here and below: memory that web processes do not need

    Image.MAX_IMAGE_PIXELS = None  # checked below, once a JPEG is drafted
    try:
        image = Image.open(io.BytesIO(data), formats=tuple(FORMATS))
    except Exception as error:  # decoders raise whatever comes to them
        raise PictureRefused("format") from error
    full = image.size
    image.draft("RGB", (MAX_DRAFT_SIDE, MAX_DRAFT_SIDE))
    if image.width * image.height > MAX_PIXELS:
        raise PictureRefused("bomb")
    try:
        turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    except Exception as error:
        raise PictureRefused("broken") from error
    return _Opened(image, *(full[::-1] if turned else full))


def widths_of(width: int, height: int) -> list[int]:
    """The widths of a picture's versions: at most three, none above its own, none that the next makes superfluous."""
    most = min(width, max(1, width * TALLEST // height))
    if most > WIDTHS[-1]:
        return list(WIDTHS)
    return [*(step for step in WIDTHS if step < most * 0.85), most]


def _plain(image: Image.Image) -> Image.Image:
    """Upright, in sRGB, as RGB or RGBA, with nothing but pixels."""
    from PIL import ImageCms, ImageOps

    upright = ImageOps.exif_transpose(image)
    has_alpha = "A" in upright.getbands() or "transparency" in upright.info
    profile = upright.info.get("icc_profile")
    upright.info = {key: value for key, value in upright.info.items() if key == "transparency"}
    if profile and upright.mode in ("RGB", "RGBA", "CMYK", "L"):
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            mode = "RGBA" if upright.mode == "RGBA" else "RGB"
            srgb = ImageCms.createProfile("sRGB")
            upright = ImageCms.profileToProfile(upright, source, srgb, outputMode=mode) or upright
    plain = upright.convert("RGBA" if has_alpha else "RGB")
    if has_alpha and plain.getchannel("A").getextrema()[0] == 255:
        plain = plain.convert("RGB")
    plain.info = {}
    return plain


def _versions(plain: Image.Image, original: str) -> Iterator[EncodedVersion]:
    is_drawn = original in ("PNG", "GIF")
    sizes = [
        (width, max(1, round(plain.height * width / plain.width))) for width in widths_of(plain.width, plain.height)
    ]
    scaled = {size: plain if size == plain.size else _scaled(plain, size) for size in sizes}
    webp = [EncodedVersion(*size, "webp", _webp(image, is_drawn)) for size, image in scaled.items()]
    avif = [EncodedVersion(*size, "avif", _avif(image)) for size, image in scaled.items()]
    yield from webp
    if sum(len(one.data) for one in avif) < AVIF_PAYS_BELOW * sum(len(one.data) for one in webp):
        yield from avif
    fallback = max((size for size in sizes if size[0] <= FALLBACK_WIDTH), default=sizes[0])
    yield EncodedVersion(*fallback, *_fallback(scaled[fallback], is_drawn))


def _scaled(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    from PIL import Image

    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _webp(image: Image.Image, is_drawn: bool) -> bytes:
    """What was drawn, such as a screenshot, is often smaller and sharper without loss."""
    lossy = _saved(image, "WEBP", quality=74, method=4)
    if not is_drawn:
        return lossy
    return min(lossy, _saved(image, "WEBP", lossless=True, quality=40, method=2), key=len)


def _avif(image: Image.Image) -> bytes:
    """Each thread of the encoder takes address space, of which the child process has little."""
    return _saved(image, "AVIF", quality=55, speed=8, max_threads=2)


def _fallback(image: Image.Image, is_drawn: bool) -> tuple[str, bytes]:
    if image.mode == "RGBA":
        return "png", _saved(image.quantize(256), "PNG", optimize=True)
    photo = _saved(image, "JPEG", quality=76, progressive=True, optimize=True)
    if not is_drawn:
        return "jpg", photo
    drawing = _saved(image.quantize(256), "PNG", optimize=True)
    return ("png", drawing) if len(drawing) < len(photo) else ("jpg", photo)


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
