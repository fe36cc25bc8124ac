"""Progress in items and courses, the grade ledger, and completion."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    false,
    func,
)
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
    place: Mapped[str | None] = mapped_column(Text)
    """The part of a module where the learner stopped reading: the id of its heading."""
    place_at: Mapped[datetime | None]
    """When the learner was there, in whole seconds, by the server's clock."""
    taken_back_at: Mapped[datetime | None]
    """When the learner said that a finished module is not finished; null again once it is."""


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
    """How many items that the completion rule asks for are done, at most ``needed``."""
    needed: Mapped[int]
    total_done: Mapped[int | None]
    """How many of the ``total`` items that count are done. None: not computed since the columns exist."""
    total: Mapped[int | None]
    touched_at: Mapped[datetime]

    @classmethod
    def shown_count(cls) -> tuple[ColumnElement[int], ColumnElement[int]]:
        """What pages show: done of all. Until a result was renewed, what its rule needs."""
        return func.coalesce(cls.total_done, cls.done), func.coalesce(cls.total, cls.needed)


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
    __table_args__ = (
        # All that a report reads of a completion, without its evidence.
        Index("ix_completion_report", "enrolment_id", "revision_id", "completed_at", "score"),
    )

    id: Mapped[Id]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("course_revision.id"), index=True)
    completed_at: Mapped[datetime]
    score: Mapped[Decimal | None] = mapped_column(Score)
    facts: Mapped[dict[str, Any]]
    """The evidence: items done and needed, pass mark, and the rule itself."""


class Renewal(Model):
    """An enrolment whose results are to be computed again, since something that they depend on has changed.

    Written in the transaction of that change; the job ``renew results`` deletes the rows that it has read. An
    enrolment may have several, so that none is lost to a job that began before the change.
    """

    __tablename__ = "renewal"

    id: Mapped[Id]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    marked_at: Mapped[datetime]


class OpenWork(Model):
    """A grader has somebody's work open: shown to others for some minutes after each report (``presence``)."""

    __tablename__ = "open_work"
    __table_args__ = (UniqueConstraint("work", "person_id"),)

    id: Mapped[Id]
    work: Mapped[str] = mapped_column(String(160))
    """``submission:5``, ``essay:`` with item, question and attempt."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    """The last report. Expired rows are deleted with the next one of anybody."""
