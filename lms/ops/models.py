"""Backups that were made, checks of the ledger, and the row by which a server finds out whether it can write."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, String
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


class EvidenceCheck(Model):
    """A check of the ledger, and of all that rests on it. Belongs to this server: backups leave it out."""

    __tablename__ = "evidence_check"

    id: Mapped[Id]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    """Null: it is running, or was interrupted."""
    disagreements: Mapped[int | None]
    """Null: it failed or is not finished."""
    found: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    """The first disagreements, each as what disagrees and the reason (``services.evidence.REASONS``)."""
    error: Mapped[str | None] = mapped_column(String(200))
    """The class of the error. Details are in the log."""
    mailed_at: Mapped[datetime | None]


class WriteProbe(Model):
    """One row, overwritten by ``services.readiness``."""

    __tablename__ = "write_probe"

    id: Mapped[Id]
    written_at: Mapped[datetime]
    filling: Mapped[bytes]
