"""Pictures by the hash of the file that an author gave, and their versions for pages."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Id, Model


class Picture(Model):
    """A picture that was read once. Shared by all courses, drafts and revisions that have the same file."""

    __tablename__ = "picture"

    id: Mapped[Id]
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    """The hash of the original, which the courses keep."""
    width: Mapped[int]
    height: Mapped[int]
    """The size of the upright original, in pixels."""
    made_at: Mapped[datetime]

    versions: Mapped[list[PictureVersion]] = relationship(order_by="PictureVersion.width")


class PictureVersion(Model):
    """One width in one format; its bytes are in the storage."""

    __tablename__ = "picture_version"
    __table_args__ = (
        UniqueConstraint("picture_id", "width", "kind"),
        CheckConstraint("kind IN ('webp', 'avif', 'jpg', 'png')", name="kind"),
    )

    id: Mapped[Id]
    picture_id: Mapped[int] = mapped_column(ForeignKey("picture.id"))
    width: Mapped[int]
    height: Mapped[int]
    kind: Mapped[str] = mapped_column(String(4))
    key: Mapped[str] = mapped_column(String(120))
    size: Mapped[int]
