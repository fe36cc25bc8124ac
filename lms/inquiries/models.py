"""Inquiries of participants, with their answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, Model, partial_index

MAX_TEXT_LENGTH = 1_000
MAX_ANSWER_LENGTH = 2_000


class Inquiry(Model):
    """What a participant asks about a course or one of its items. The asker may take it back until it is answered."""

    __tablename__ = "inquiry"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "number"),
        CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name="answered_by_somebody"),
        CheckConstraint("answered_at IS NOT NULL OR NOT is_shared", name="shared_with_an_answer"),
        partial_index("ix_inquiry_open", "course_id", where="answered_at IS NULL"),
    )

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    """That of the enrolment: a course may have thousands of these, and few questions."""
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"), index=True)
    """Null: about the course."""
    number: Mapped[int]
    """The running number in the enrolment. The form carries it, so that a form sent twice asks once."""
    text: Mapped[str] = mapped_column(String(MAX_TEXT_LENGTH))
    """Plain text; an empty line separates paragraphs."""
    asked_at: Mapped[datetime] = mapped_column(index=True)
    answered_at: Mapped[datetime | None] = mapped_column(index=True)
    """When the present words of the answer were written. Null: nobody has answered yet."""
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    answer: Mapped[str] = mapped_column(String(MAX_ANSWER_LENGTH), default="")
    """Plain text, as it is now."""
    is_shared: Mapped[bool] = mapped_column(default=False)
    """Whether all participants of the course read it and its answer, without the name of who asked."""
    version: Mapped[int] = mapped_column(default=0)
    """0, and one more with each change by an instructor."""
