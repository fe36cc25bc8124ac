"""Attempts at quizzes and the answers in them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, Numeric, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Id, Model
from lms.courses.models import ItemRevision


class Attempt(Model):
    """One try at a quiz, a row from its start. What was dealt never changes afterwards."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "item_id", "number"),
        Index(
            "uq_attempt_running",
            "enrolment_id",
            "item_id",
            unique=True,
            sqlite_where=text("submitted_at IS NULL"),
            postgresql_where=text("submitted_at IS NULL"),
        ),
        Index(
            "ix_attempt_overdue",
            "deadline_at",
            sqlite_where=text("submitted_at IS NULL"),
            postgresql_where=text("submitted_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    item_revision_id: Mapped[int] = mapped_column(ForeignKey("item_revision.id"))
    number: Mapped[int]
    """From 1 for each person and quiz; the constraint makes a double click one attempt."""
    deal: Mapped[list[Any]]
    """``[{"id": question, "options": [option ids in their order]}, ...]`` as shown to this person."""
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime | None]
    """Null: no time limit and no closing moment."""
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[str | None] = mapped_column(String(10))
    """``learner``, or ``deadline`` where time ran out."""
    points: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    most_points: Mapped[Decimal] = mapped_column(Numeric(8, 2))
    score: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    """Percent; null until marked."""
    is_passed: Mapped[bool | None]
    reviewed_at: Mapped[datetime | None]
    """When result or review was first opened: from then on nothing that arrives counts by itself."""

    item_revision: Mapped[ItemRevision] = relationship()
    answers: Mapped[list[Answer]] = relationship(back_populates="attempt")


class Answer(Model):
    """The newest answer to one question: a projection of the journal, rebuilt at will."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("attempt_id", "question"),)

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    question: Mapped[str] = mapped_column(String(80))
    response: Mapped[dict[str, Any]]
    """``{"picked": [option ids]}`` or ``{"text": "..."}``, empty when cleared; with ``"is_final": true``
    where the question was checked or passed by and is locked."""
    is_flagged: Mapped[bool] = mapped_column(default=False)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    answered_at: Mapped[datetime]
    points: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    """Null until the attempt was marked."""

    attempt: Mapped[Attempt] = relationship(back_populates="answers")
