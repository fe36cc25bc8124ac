"""Announcements."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, Model

MAX_TITLE_LENGTH = 120
MAX_TEXT_LENGTH = 2_000


class Announcement(Model):
    """What somebody who teaches a course tells its participants. The present words only; the ledger has the titles
    before."""

    __tablename__ = "announcement"
    __table_args__ = (UniqueConstraint("course_id", "author_id", "number"),)

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"), index=True)
    """Null: for all cohorts of the course."""
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    number: Mapped[int]
    """The author's running number in the course. The form carries it, so that a form sent twice creates one row."""
    title: Mapped[str] = mapped_column(String(MAX_TITLE_LENGTH))
    text: Mapped[str] = mapped_column(String(MAX_TEXT_LENGTH))
    """Plain text; an empty line separates paragraphs."""
    created_at: Mapped[datetime]
    version: Mapped[int]
    """1, and one more with each correction."""
    corrected_at: Mapped[datetime | None] = mapped_column(index=True)
    told_number: Mapped[int]
    """How often the participants are notified: once, and with each correction that says so."""
    told_at: Mapped[datetime] = mapped_column(index=True)
    """When it was written, or corrected so that they are notified again."""
    withdrawn_at: Mapped[datetime | None] = mapped_column(index=True)
