"""Files that pages may show, and their addresses."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from io import BytesIO

import imagesize

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
    "mp4": "video/mp4",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


@dataclass(frozen=True)
class Medium:
    """A file with its SHA-256 hash (hex) and, for pictures, its size in CSS pixels."""

    path: str
    sha256: str
    width: int | None = None
    height: int | None = None

    @property
    def url(self) -> str:
        """Changes with the content, so browsers can cache the file forever."""
        return f"/media/{self.sha256[:20]}/{posixpath.basename(self.path)}"


def content_type(path: str) -> str | None:
    """The media type, or None for files that pages do not show."""
    return MEDIA_TYPES.get(path.rsplit(".", 1)[-1].lower())


def medium(path: str, data: bytes, sha256: str) -> Medium:
    """A medium from its bytes. Pictures of unreadable size have no size."""
    try:
        width, height = imagesize.get(BytesIO(data))
    except (ValueError, OSError):
        width = height = -1
    if width <= 0 or height <= 0:
        return Medium(path, sha256)
    return Medium(path, sha256, round(width), round(height))
