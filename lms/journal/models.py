"""The journal: every answer, flag, submission and reading as an event that is never edited."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, Model


class Event(Model):
    """One thing a person did. A chain is one device's events on one subject, numbered from 1."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("device", "subject", "n"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    device: Mapped[str] = mapped_column(String(40))
    """``server``: a form post; otherwise the random id a browser keeps."""
    subject: Mapped[str] = mapped_column(String(60), index=True)
    """``attempt:17``, ``draft:5`` ...: what the chain is about."""
    n: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    prev: Mapped[str] = mapped_column(String(64))
    """The hash of the event before; 64 zeros for the first."""
    hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of ``bytes``."""
    bytes: Mapped[bytes] = mapped_column(LargeBinary)
    """Exactly what was sent (for ``server``: exactly what was hashed)."""
    arrived_at: Mapped[datetime]
