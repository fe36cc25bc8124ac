"""Files that pages may show, and their addresses."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from lms.content.rendering.clips import Clip, clip

MEDIA_TYPES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "pdf": "application/pdf",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
    "vtt": "text/vtt; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
PICTURES = frozenset({"png", "jpg", "jpeg", "gif", "webp", "avif"})
"""Extensions of pictures of which versions are made."""
CLIPS = {"mp4": "video", "mp3": "audio", "m4a": "audio"}
"""Extensions of what a player plays, with its element."""
DOCUMENTS = frozenset({"pdf", "docx", "xlsx", "pptx"})
"""Extensions of what opens in another program: a link says so, and how much it costs."""


@dataclass(frozen=True)
class PictureVersions:
    """``width`` and ``height`` are those of the original. ``sizes``: format, width, and bytes of each version."""

    width: int
    height: int
    sizes: tuple[tuple[str, int, int], ...] = ()

    @property
    def lightest(self) -> int | None:
        """Bytes of what a phone takes: the smallest width in its best format. None if there are no versions."""
        modern = [(width, size) for kind, width, size in self.sizes if kind in ("webp", "avif")]
        return min(modern)[1] if modern else None


@dataclass(frozen=True)
class Medium:
    """A file with its SHA-256 hash (hex) and, for pictures, its size in CSS pixels."""

    path: str
    sha256: str
    width: int | None = None
    height: int | None = None
    versions: tuple[tuple[str, int, int], ...] = ()
    clip: Clip | None = None
    base: str = ""
    """Before the address: empty for published courses, a path of the editor's for drafts."""
    bytes: int = 0
    """The size of a document; 0 for other media."""

    @property
    def url(self) -> str:
        """Changes with the content, so browsers can cache the file forever."""
        return f"{self.base}/media/{self.sha256[:20]}/{posixpath.basename(self.path)}"

    @property
    def versions_at(self) -> str:
        """The beginning of the addresses of versions; width and format follow."""
        return f"{self.base}/pictures/{self.sha256[:20]}/"


def extension(path: str) -> str:
    return path.rsplit(".", 1)[-1].lower()


def content_type(path: str) -> str | None:
    """The media type, or None for files that pages do not show."""
    return MEDIA_TYPES.get(extension(path))


def is_picture(path: str) -> bool:
    return extension(path) in PICTURES


def medium(
    path: str, data: bytes, sha256: str, pictures: Mapping[str, PictureVersions] | None = None, base: str = ""
) -> Medium:
    """A medium from its bytes. Pictures of unreadable size have no size.

    :param pictures: the versions of pictures by the hash of the original.
    """
    known = (pictures or {}).get(sha256)
    if known is not None:
        return Medium(path, sha256, known.width, known.height, known.sizes, base=base)
    if extension(path) in DOCUMENTS:
        return Medium(path, sha256, base=base, bytes=len(data))
    if extension(path) in CLIPS:
        return Medium(path, sha256, clip=clip(data), base=base)
    import imagesize  # with XML for drawings; most processes only show pictures

    try:
        width, height = imagesize.get(BytesIO(data))
    except (ValueError, OSError):
        width = height = -1
    if width <= 0 or height <= 0:
        return Medium(path, sha256, base=base)
    return Medium(path, sha256, round(width), round(height), base=base)
