"""Backups that were made."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, Model


class Backup(Model):
    """A backup or a failed attempt. A backup does not contain its own row."""

    __tablename__ = "backup"

    id: Mapped[Id]
    started_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    """Null: it is being made, or was interrupted."""
    file_name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64))
    is_checked: Mapped[bool] = mapped_column(default=False)
    """True once it was read back in full."""
    damaged_files: Mapped[int] = mapped_column(default=0)
    """Number of files that the storage could not return intact."""
    error: Mapped[str | None] = mapped_column(String(200))
    """The class of the error. Details are in the log."""
