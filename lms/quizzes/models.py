"""Attempts at quizzes and the answers in them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Id, Model, partial_index
from lms.courses.models import ItemRevision


class Attempt(Model):
    """One attempt at a quiz. The selection of questions never changes after the start."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "item_id", "number"),
        partial_index("uq_attempt_running", "enrolment_id", "item_id", where="submitted_at IS NULL", unique=True),
        partial_index("ix_attempt_overdue", "deadline_at", where="submitted_at IS NULL"),
    )

    id: Mapped[Id]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    item_revision_id: Mapped[int] = mapped_column(ForeignKey("item_revision.id"))
    number: Mapped[int]
    """From 1 for each enrolment and quiz. The constraint turns a double click into one attempt."""
    selection: Mapped[list[Any]] = mapped_column("deal")
    """``[{"id": question id, "options": [option ids in order]}, ...]`` (``quizzes.selection``)."""
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime | None]
    """Null: no time limit and no closing moment."""
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[str | None] = mapped_column(String(10))
    """``learner``, or ``deadline`` if time ran out."""
    points: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    most_points: Mapped[Decimal] = mapped_column(Numeric(8, 2))
    score: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    """Percent; null until submitted."""
    is_passed: Mapped[bool | None]
    reviewed_at: Mapped[datetime | None]
    """When the learner first saw the result. Answers that arrive later never change it automatically."""

    item_revision: Mapped[ItemRevision] = relationship()
    answers: Mapped[list[Answer]] = relationship(back_populates="attempt")


class Answer(Model):
    """The newest answer to one question: a projection of the journal that can be rebuilt."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("attempt_id", "question"),)

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    question: Mapped[str] = mapped_column(String(80))
    response: Mapped[dict[str, Any]]
    """What the kind of question stores, such as ``{"picked": [option ids]}``; empty when cleared. Contains
    ``"is_final": true`` if the question was checked or left behind, and so is locked."""
    is_flagged: Mapped[bool] = mapped_column(default=False)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    answered_at: Mapped[datetime]
    points: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    """Null until the attempt is submitted."""

    attempt: Mapped[Attempt] = relationship(back_populates="answers")
