"""Notices in inboxes, and the mails that are the outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, Model, partial_index

Channel = Literal["site", "mail"]
State = Literal["waiting", "sent", "failed", "dropped"]


class Notice(Model):
    """One notification through one channel. Its text is composed when it is shown (``lms.notices.texts``)."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("occasion", "person_id", "channel"),
        CheckConstraint("channel IN ('site', 'mail')", name="channel_is_known"),
        CheckConstraint("state IN ('waiting', 'sent', 'failed', 'dropped')", name="state_is_known"),
        Index("ix_notice_inbox", "person_id", "channel", "id"),
        partial_index("ix_notice_outbox", "due_at", where="state = 'waiting'"),
        partial_index("ix_notice_failed", "id", where="state = 'failed'"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str] = mapped_column("occasion", String(80))
    """What happened, such as ``graded:submission:5:1``. A person gets one notice per key and channel."""
    channel: Mapped[str] = mapped_column(String(4))
    kind: Mapped[str] = mapped_column(String(20))
    facts: Mapped[dict[str, Any]]
    """Values for the text. Names that end in ``_on`` hold ISO dates, names in ``_at`` ISO timestamps."""
    link: Mapped[str] = mapped_column(String(300))
    """Path of the page it is about."""
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    """Do not send before this: the end of the quiet hours, or the next attempt."""
    state: Mapped[str] = mapped_column(String(8))
    """``waiting``, ``sent`` (always so in the inbox), ``failed`` (given up) or ``dropped`` (no longer wanted)."""
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(200))
    """What the mail server answered to the last failed attempt."""
    read_at: Mapped[datetime | None]
    """When it was opened in the inbox. Null for mails, which are not tracked."""


class NoticeSweep(Model):
    """When the sweep for new events last ran. Everything that happened before that has been notified."""

    __tablename__ = "notice_mark"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    last_run_at: Mapped[datetime] = mapped_column("until")
