"""Attempts at quizzes and the answers in them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Id, Model, partial_index
from lms.core.uploads import UploadedFile
from lms.courses.models import ItemRevision


class Attempt(Model):
    """One attempt at a quiz. The selection of questions never changes after the start."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "item_id", "number"),
        partial_index("uq_attempt_running", "enrolment_id", "item_id", where="submitted_at IS NULL", unique=True),
        partial_index("ix_attempt_overdue", "deadline_at", where="submitted_at IS NULL"),
        partial_index("ix_attempt_unmarked", "submitted_at", where="submitted_at IS NOT NULL AND score IS NULL"),
    )

    id: Mapped[Id]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    item_revision_id: Mapped[int] = mapped_column(ForeignKey("item_revision.id"))
    number: Mapped[int]
    """From 1 for each enrolment and quiz; practice counts down from -1. The constraint turns a double click into one
    attempt."""
    is_practice: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Taken when no other attempt was left. It changes no mark and no progress."""
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
    """Percent; null until it is submitted and every answer that people mark has its mark."""
    is_passed: Mapped[bool | None]
    reviewed_at: Mapped[datetime | None]
    """When the learner first saw the result. Answers that arrive later never change it automatically."""
    basis: Mapped[dict[str, Any] | None]
    """What it was scored by (``quizzes.regrading.Basis``), if not by the keys of ``item_revision_id`` alone."""

    @property
    def waits_for_mark(self) -> bool:
        return self.submitted_at is not None and self.score is None

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
    """Null until the attempt is submitted; then only while people have still to mark it."""

    attempt: Mapped[Attempt] = relationship(back_populates="answers")


class AnswerFile(UploadedFile, Model):
    """A file that is attached to an answer. Which of them count says the answer's response."""

    __tablename__ = "answer_file"
    __table_args__ = (UniqueConstraint("attempt_id", "question", "key", "name"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    question: Mapped[str] = mapped_column(String(80))


class QuizOverride(Model):
    """Other limits than the quiz's for one person or one cohort. Rows are only added; the newest of a target applies.

    In the columns of limits, null means as the quiz says.
    """

    __tablename__ = "quiz_override"
    __table_args__ = (
        UniqueConstraint("target", "number"),
        CheckConstraint("(enrolment_id IS NULL) <> (cohort_id IS NULL)", name="person_or_cohort"),
        CheckConstraint("extra_time >= 0 AND further_attempts >= 0", name="nothing_below_zero"),
        CheckConstraint("closes_at > opens_at", name="closes_after_it_opens"),
    )

    id: Mapped[Id]
    target: Mapped[str] = mapped_column(String(60))
    """``enrolment:17/item:5``, ``cohort:3/item:5``, or ``enrolment:17`` for all quizzes of a person's course."""
    number: Mapped[int]
    """From 1 for each target. A form says which number it adds, so that a double click adds one row."""
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"), index=True)
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"), index=True)
    """Null: all quizzes of the course. Only extra time is given so."""
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    time_limit: Mapped[int | None]
    """Seconds; 0: no limit."""
    attempts: Mapped[int | None]
    """0: no limit."""
    extra_time: Mapped[int | None]
    """Percent of the time limit."""
    further_attempts: Mapped[int] = mapped_column(default=0)
    """Beyond all attempts that the person has otherwise."""
    reason: Mapped[str] = mapped_column(String(300))
    given_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    given_at: Mapped[datetime] = mapped_column(index=True)


class AttemptRequest(Model):
    """A learner who cannot start an attempt asks for one more: once for each number of used attempts."""

    __tablename__ = "attempt_request"
    __table_args__ = (UniqueConstraint("enrolment_id", "item_id", "used_attempts"),)

    id: Mapped[Id]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    used_attempts: Mapped[int]
    """When it was asked."""
    reason: Mapped[str] = mapped_column(String(500))
    asked_at: Mapped[datetime] = mapped_column(index=True)
    answered_at: Mapped[datetime | None] = mapped_column(index=True)
    """Null: nobody has answered yet."""
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    is_granted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(String(500), default="")


class QuestionVoid(Model):
    """A decision about a question that should not count as it was asked. Added, never edited: the newest applies."""

    __tablename__ = "question_void"
    __table_args__ = (
        UniqueConstraint("item_id", "question", "number"),
        CheckConstraint("rule IN ('full', 'left-out', 'counts')", name="rule_is_known"),
    )

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    question: Mapped[str] = mapped_column(String(80))
    number: Mapped[int]
    """From 1 for each question."""
    rule: Mapped[str] = mapped_column(String(8))
    """``full``: full marks for all who drew it; ``left-out``: not in the total; ``counts``: withdrawn."""
    reason: Mapped[str] = mapped_column(String(500))
    decided_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime]


class AnswerMark(Model):
    """An instructor's mark for one answer. Added, never edited: the newest of an answer applies."""

    __tablename__ = "answer_mark"
    __table_args__ = (
        UniqueConstraint("attempt_id", "question", "number"),
        partial_index("ix_answer_mark_held", "attempt_id", where="is_held"),
    )

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    question: Mapped[str] = mapped_column(String(80))
    number: Mapped[int]
    """From 1 for each answer."""
    points: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    """Null: withdrawn; the answer is marked by the key again."""
    levels: Mapped[list[Any] | None]
    """For an essay with a rubric: ``[{"criterion", "level", "points", "most"}, ...]`` in its words."""
    feedback: Mapped[str] = mapped_column(Text, default="", server_default="")
    feedback_html: Mapped[str] = mapped_column(Text, default="", server_default="")
    reason: Mapped[str] = mapped_column(String(500))
    """Empty for the first mark of an essay."""
    marked_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    marked_at: Mapped[datetime] = mapped_column(index=True)
    old_effective: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    """The quiz's score that counted before and after."""
    new_effective: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    grade_number: Mapped[int | None]
    """The number of the resulting mark in the grade ledger; null if the attempt's score stayed the same."""
    is_held: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Nobody but those who teach sees it, and its answer still waits, until it is released with others."""
    released_at: Mapped[datetime | None]
    """Null: it was told when it was given, or is held."""


class Regrade(Model):
    """Attempts at a quiz that somebody had scored again by the keys of a later revision."""

    __tablename__ = "regrade"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        CheckConstraint("mode IN ('improved', 'all', 'chosen')", name="mode_is_known"),
        partial_index("ix_regrade_unfinished", "id", where="finished_at IS NULL"),
    )

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    item_revision_id: Mapped[int] = mapped_column(ForeignKey("item_revision.id"), index=True)
    """The published revision whose keys and points were used."""
    number: Mapped[int]
    """From 1 for each quiz. The constraint turns a double click into one regrade."""
    mode: Mapped[str] = mapped_column(String(8))
    """Which attempts: those that improve, all that change, or those that were chosen."""
    voided: Mapped[dict[str, Any]]
    """The questions that were void, by id, with the rule."""
    reason: Mapped[str] = mapped_column(String(500))
    started_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None] = mapped_column(index=True)


class RegradeLine(Model):
    """One attempt of a regrade."""

    __tablename__ = "regrade_line"
    __table_args__ = (
        UniqueConstraint("regrade_id", "attempt_id"),
        CheckConstraint("state IN ('waiting', 'changed', 'same', 'kept', 'failed')", name="state_is_known"),
        partial_index("ix_regrade_line_waiting", "regrade_id", where="state = 'waiting'"),
    )

    id: Mapped[Id]
    regrade_id: Mapped[int] = mapped_column(ForeignKey("regrade.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    state: Mapped[str] = mapped_column(String(8))
    """``kept``: the new score would have been lower, and only improvements were wanted. ``failed``: an error of the
    server; the attempt is as it was."""
    old_points: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    old_most: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    old_score: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    new_points: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    new_most: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    new_score: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    """What the attempt would have if ``state`` is ``kept``."""
    old_effective: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    """The quiz's score that counted before and after this line; null unless ``state`` is ``changed``."""
    new_effective: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    grade_number: Mapped[int | None]
    """The number of the resulting mark in the grade ledger."""
    done_at: Mapped[datetime | None]
