"""Drafts, submissions with their files, and grades."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, Numeric, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Id, Model
from lms.courses.models import ItemRevision


class Draft(Model):
    """Work that is not submitted yet: a projection of the journal (subject ``draft:id``)."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("enrolment_id", "item_id"),)

    id: Mapped[Id]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    text: Mapped[str]
    link: Mapped[str] = mapped_column(String(500), default="")
    """As typed; checked on submission."""
    saved_at: Mapped[datetime]

    files: Mapped[list[WorkFile]] = relationship(order_by="WorkFile.id")


class Submission(Model):
    """Submitted work. A later submission is added and never replaces an earlier one."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("enrolment_id", "item_id", "number"),)

    id: Mapped[Id]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    item_revision_id: Mapped[int] = mapped_column(ForeignKey("item_revision.id"))
    number: Mapped[int]
    text: Mapped[str]
    text_html: Mapped[str]
    link: Mapped[str] = mapped_column(String(500), default="")
    """An https address, or empty."""
    submitted_at: Mapped[datetime]
    late_days: Mapped[int] = mapped_column(default=0)
    """Started days after the due moment. The assignment says what each costs."""
    is_graded: Mapped[bool] = mapped_column(default=False, index=True)
    """Redundant to ``markings``, so that the queue is one indexed read."""
    is_superseded: Mapped[bool] = mapped_column(default=False)
    """It has left the queue without a mark: a later submission came before, or it was returned."""

    item_revision: Mapped[ItemRevision] = relationship()
    files: Mapped[list[WorkFile]] = relationship(order_by="WorkFile.id")
    markings: Mapped[list[Marking]] = relationship(order_by="Marking.number")
    returned: Mapped[SubmissionReturn | None] = relationship(uselist=False)

    @property
    def told_markings(self) -> list[Marking]:
        """Those that the learner may know of, and that count."""
        return [one for one in self.markings if not one.is_held]


class AnonymousNumber(Model):
    """What graders call a participant of an assignment that is graded without names: "Participant 7".

    Drawn at random with the first submission, so that neither the order of names nor that of handing in tells it.
    """

    __tablename__ = "anonymous_number"
    __table_args__ = (UniqueConstraint("enrolment_id", "item_id"), UniqueConstraint("item_id", "number"))

    id: Mapped[Id]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    number: Mapped[int]


class SubmissionReturn(Model):
    """A submission went back to its learner for revision, without a mark. It does not count as an attempt."""

    __tablename__ = "submission_return"

    id: Mapped[Id]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), unique=True)
    note: Mapped[str] = mapped_column(String(4000))
    """What is to be improved. The learner reads it."""
    note_html: Mapped[str]
    until: Mapped[date]
    """The revision is in time until the end of this day, in the site's zone, whatever the assignment's deadline."""
    returned_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    returned_at: Mapped[datetime]


class WorkFile(Model):
    """A file of a draft; on submission it moves to the submission."""

    __tablename__ = "work_file"
    __table_args__ = (Index("ix_work_file_draft", "draft_id"), Index("ix_work_file_submission", "submission_id"))

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("draft.id"))
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"))
    name: Mapped[str] = mapped_column(String(160))
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    key: Mapped[str] = mapped_column(String(120))
    uploaded_at: Mapped[datetime]


class Marking(Model):
    """A grader's decision about a submission. Added, never edited: a correction is the next number."""

    __tablename__ = "marking"
    __table_args__ = (UniqueConstraint("submission_id", "number"),)

    id: Mapped[Id]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    number: Mapped[int]
    levels: Mapped[dict[str, Any]]
    """Criterion index to level index; empty without a rubric."""
    score: Mapped[Decimal] = mapped_column(Numeric(6, 2))
    """Percent before the late penalty."""
    final_score: Mapped[Decimal] = mapped_column(Numeric(6, 2))
    feedback: Mapped[str]
    feedback_html: Mapped[str]
    reason: Mapped[str] = mapped_column(String(500), default="")
    """Why it was graded again; empty for the first, and where only the late penalty was renewed."""
    graded_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    graded_at: Mapped[datetime]
    is_held: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Nobody but those who teach sees it, and it counts for nothing, until it is released with others. Ask
    ``Submission.told_markings`` for what a learner may know."""
    released_at: Mapped[datetime | None]
    """Null: it was told when it was given, or is held."""

    @property
    def told_at(self) -> datetime:
        """When the learner was told, of a marking that is not held."""
        return self.released_at or self.graded_at

    @property
    def is_renewed(self) -> bool:
        """The deadline was moved, so the late penalty was computed again. ``graded_by`` is who graded before."""
        return self.number > 1 and not self.reason
