"""The journal: every answer, flag, submission and page read is an event that is never edited."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, Model


class Event(Model):
    """One action of a person. The events of one device about one subject form a chain, numbered from 1."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("device", "subject", "n"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    device: Mapped[str] = mapped_column(String(40))
    """``server`` for form posts, otherwise the random id of a browser."""
    subject: Mapped[str] = mapped_column(String(60), index=True)
    """What the chain is about, such as ``attempt:17`` or ``draft:5``."""
    n: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    prev: Mapped[str] = mapped_column(String(64))
    """The hash of the previous event; 64 zeros for the first."""
    hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of ``bytes``."""
    bytes: Mapped[bytes] = mapped_column(LargeBinary)
    """The bytes as they were received; for ``server`` as they were hashed."""
    arrived_at: Mapped[datetime]
