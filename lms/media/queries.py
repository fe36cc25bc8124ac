"""Reads of pictures: their versions by the hash of the original."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from lms.content.rendering.media import MEDIA_TYPES, PictureVersions
from lms.core.db import db
from lms.media.models import Picture, PictureVersion

MOST_AT_ONCE = 500
"""A database bounds the parameters of a statement."""


class StoredVersion(NamedTuple):
    key: str
    size: int
    kind: str

    @property
    def content_type(self) -> str:
        return MEDIA_TYPES[self.kind]


def pictures(hashes: Collection[str]) -> dict[str, PictureVersions]:
    """The known ones of these files, by their hash."""
    wanted = sorted(set(hashes))
    found: dict[str, PictureVersions] = {}
    for at in range(0, len(wanted), MOST_AT_ONCE):
        rows = db.session.scalars(
            select(Picture)
            .where(Picture.sha256.in_(wanted[at : at + MOST_AT_ONCE]))
            .options(selectinload(Picture.versions))
        )
        for row in rows:
            sizes = tuple(sorted((one.kind, one.width, one.size) for one in row.versions))
            found[row.sha256] = PictureVersions(row.width, row.height, sizes)
    return found


def version(sha256_start: str, width: int, kind: str) -> StoredVersion | None:
    row = db.session.execute(
        select(PictureVersion.key, PictureVersion.size, PictureVersion.kind)
        .join(Picture, Picture.id == PictureVersion.picture_id)
        .where(
            Picture.sha256.startswith(sha256_start, autoescape=True),
            PictureVersion.width == width,
            PictureVersion.kind == kind,
        )
    ).first()
    return StoredVersion(*row) if row else None


def plain_version(sha256: str) -> StoredVersion | None:
    """The one that every browser shows."""
    row = db.session.execute(
        select(PictureVersion.key, PictureVersion.size, PictureVersion.kind)
        .join(Picture, Picture.id == PictureVersion.picture_id)
        .where(Picture.sha256 == sha256, PictureVersion.kind.in_(("jpg", "png")))
        .order_by(PictureVersion.width.desc())
    ).first()
    return StoredVersion(*row) if row else None
