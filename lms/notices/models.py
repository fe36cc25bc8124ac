"""What people were told, each thing once; the mails among them are the outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, Model

Channel = Literal["site", "mail"]
State = Literal["waiting", "sent", "failed", "dropped"]


class Notice(Model):
    """One thing told to one person through one channel. The texts are made when it is shown (``lms.notices.texts``)."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("occasion", "person_id", "channel"),
        CheckConstraint("channel IN ('site', 'mail')", name="channel_is_known"),
        CheckConstraint("state IN ('waiting', 'sent', 'failed', 'dropped')", name="state_is_known"),
        Index("ix_notice_inbox", "person_id", "channel", "id"),
        Index(
            "ix_notice_outbox",
            "due_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_notice_failed",
            "id",
            sqlite_where=text("state = 'failed'"),
            postgresql_where=text("state = 'failed'"),
        ),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    occasion: Mapped[str] = mapped_column(String(80))
    """What happened, to whom and when, such as ``graded:submission:5:1``: a person is told of it once per channel."""
    channel: Mapped[str] = mapped_column(String(4))
    kind: Mapped[str] = mapped_column(String(20))
    facts: Mapped[dict[str, Any]]
    """What the text names; days and moments in ISO form, under names that end in ``_on`` and ``_at``."""
    link: Mapped[str] = mapped_column(String(300))
    """The path of the page it is about."""
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    """Not to be sent before: the end of the quiet hours, or the next try."""
    state: Mapped[str] = mapped_column(String(8))
    """``waiting``; ``sent``, as all of the inbox are; ``failed`` for good; ``dropped``: no longer wanted."""
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(200))
    """What the mail server said to the last try that failed."""
    read_at: Mapped[datetime | None]
    """When it was opened in the inbox. Null for mails: nobody watches whether they are read."""


class NoticeMark(Model):
    """Up to which moment everything that happened has been told; one row, ``name`` is the sweep's."""

    __tablename__ = "notice_mark"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    until: Mapped[datetime]
