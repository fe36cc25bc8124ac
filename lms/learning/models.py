"""Progress in items and courses, the grade ledger, and completion."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, Model

Score = Numeric(6, 2)


class Progress(Model):
    """One person's state in one item. No row: not started."""

    __tablename__ = "progress"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "item_id"),
        CheckConstraint("state IN ('started', 'waiting', 'done', 'failed')", name="state_is_known"),
        Index("ix_progress_latest", "enrolment_id", "touched_at"),
    )

    id: Mapped[Id]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    item_revision_id: Mapped[int] = mapped_column(ForeignKey("item_revision.id"))
    """The revision the learner last worked on."""
    state: Mapped[str] = mapped_column(String(10))
    score: Mapped[Decimal | None] = mapped_column(Score)
    """The item's effective mark, 0-100; null where it has none (yet)."""
    started_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    is_final: Mapped[bool] = mapped_column("is_dead_end", default=False, server_default=false())
    """True once the last attempt was marked: neither state nor score can improve any more."""


class EnrolmentState(Model):
    """One learner's state in a whole course, updated with every change of progress: boards count thousands of them.

    No row: not started. Withdrawal and deadline are columns of the enrolment.
    """

    __tablename__ = "enrolment_state"
    __table_args__ = (
        CheckConstraint("state IN ('in-progress', 'waiting', 'failed', 'finished')", name="state_is_known"),
    )

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(12))
    """See ``lms.learning.states.course_state``."""
    done: Mapped[int]
    needed: Mapped[int]
    touched_at: Mapped[datetime]


class Grade(Model):
    """A mark, given by a rule or a person. Marks are added, never edited; a rule picks the effective one."""

    __tablename__ = "grade"
    __table_args__ = (
        UniqueConstraint("source", "number"),
        Index("ix_grade_item", "enrolment_id", "item_id"),
        CheckConstraint("score >= 0 AND score <= 100", name="score_is_a_percentage"),
    )

    id: Mapped[Id]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    item_revision_id: Mapped[int] = mapped_column(ForeignKey("item_revision.id"))
    source: Mapped[str] = mapped_column(String(40))
    """What was marked: ``attempt:17``, ``submission:5``."""
    number: Mapped[int]
    """1 for the first mark of a source; a correction adds the next."""
    score: Mapped[Decimal] = mapped_column(Score)
    graded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Null: marked automatically."""
    reason: Mapped[str] = mapped_column(String(500), default="")
    graded_at: Mapped[datetime]


class Completion(Model):
    """An enrolment met the completion rule of one revision."""

    __tablename__ = "completion"

    id: Mapped[Id]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("course_revision.id"))
    completed_at: Mapped[datetime]
    score: Mapped[Decimal | None] = mapped_column(Score)
    facts: Mapped[dict[str, Any]]
    """The evidence: items done and needed, pass mark, and the rule itself."""
