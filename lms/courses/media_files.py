"""The files of a course that pages may show."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from lms.content.rendering.media import Medium, PictureVersions, content_type, is_picture, medium


def media_of(files: Mapping[str, bytes], pictures: Mapping[str, PictureVersions]) -> dict[str, Medium]:
    return {
        path: medium(path, data, hashlib.sha256(data).hexdigest(), pictures)
        for path, data in files.items()
        if content_type(path) is not None
    }


def pictures_among(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {path: data for path, data in files.items() if is_picture(path)}
