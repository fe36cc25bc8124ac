"""What is known of the backups that the site made by itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, Model


class Backup(Model):
    """One backup, or the attempt at one. The row of the file's own backup is not in it."""

    __tablename__ = "backup"

    id: Mapped[Id]
    started_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    """Null: it is being made, or was cut off."""
    file_name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64))
    is_checked: Mapped[bool] = mapped_column(default=False)
    """It was read back in full after it was written."""
    damaged_files: Mapped[int] = mapped_column(default=0)
    """Files that the storage could not give back whole."""
    error: Mapped[str | None] = mapped_column(String(200))
    """The kind of error; details are in the log."""
