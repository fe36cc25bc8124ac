"""Groups, drafts, submissions with their files, grades, and other deadlines of a cohort."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import ComposedText, Id, Model, partial_index
from lms.core.uploads import UploadedFile
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


class WorkGroup(Model):
    """People of one cohort who hand in together, at all assignments that groups hand in."""

    __tablename__ = "work_group"
    __table_args__ = (UniqueConstraint("cohort_id", "name"),)

    id: Mapped[Id]
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    name: Mapped[str] = mapped_column(ComposedText(80))
    formed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    formed_at: Mapped[datetime]


class GroupMember(Model):
    """A person in a group now. The members at the time of a paper are those of its submissions (``GroupPaper``)."""

    __tablename__ = "group_member"

    id: Mapped[Id]
    group_id: Mapped[int] = mapped_column(ForeignKey("work_group.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    """Unique: nobody is in two groups of a cohort."""
    joined_at: Mapped[datetime]

    group: Mapped[WorkGroup] = relationship()


class GroupPaper(Model):
    """What one member handed in for a group. Each member of that moment has a ``Submission`` of it, with its text, its
    files and its markings: it stays theirs when the group changes."""

    __tablename__ = "group_paper"
    __table_args__ = (UniqueConstraint("group_id", "item_id", "number"),)

    id: Mapped[Id]
    group_id: Mapped[int] = mapped_column(ForeignKey("work_group.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    number: Mapped[int]
    """From 1 for each group and assignment. The constraint lets one of two members who hand in at once be first."""
    group_name: Mapped[str] = mapped_column(ComposedText(80))
    """As it was then."""
    handed_in_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    handed_in_at: Mapped[datetime]
    is_returned: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It went back for revision, and is no attempt."""


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
    """It left the queue without a mark: a later submission replaced it, or it was returned."""

    paper_id: Mapped[int | None] = mapped_column(ForeignKey("group_paper.id"), index=True)
    """The paper of a group that this is one member's part of. Null: handed in alone."""

    item_revision: Mapped[ItemRevision] = relationship()
    paper: Mapped[GroupPaper | None] = relationship()
    files: Mapped[list[WorkFile]] = relationship(order_by="WorkFile.id")
    markings: Mapped[list[Marking]] = relationship(order_by="Marking.number")
    returned: Mapped[SubmissionReturn | None] = relationship(uselist=False)
    notes: Mapped[list[PassageNote]] = relationship(order_by="(PassageNote.starts, PassageNote.id)")

    @property
    def told_markings(self) -> list[Marking]:
        """Those that the learner may know of, and that count."""
        return [one for one in self.markings if not one.is_held]

    @property
    def told_notes(self) -> list[PassageNote]:
        """The notes on passages that the learner may read: of the newest marking that was told, or of the return."""
        told = self.told_markings
        number = told[-1].number if told else 0
        return [one for one in self.notes if one.is_in_force(number)]


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

    files: Mapped[list[FeedbackFile]] = relationship(order_by="FeedbackFile.id")


class WorkFile(UploadedFile, Model):
    """A file of a draft; on submission it moves to the submission."""

    __tablename__ = "work_file"
    __table_args__ = (Index("ix_work_file_draft", "draft_id"), Index("ix_work_file_submission", "submission_id"))

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("draft.id"))
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"))


class Marking(Model):
    """A grader's decision about a submission. Added, never edited: a correction is the next number."""

    __tablename__ = "marking"
    __table_args__ = (
        UniqueConstraint("submission_id", "number"),
        CheckConstraint("late_deduction BETWEEN 0 AND 100", name="late_deduction_is_percent"),
        CheckConstraint("(late_deduction IS NULL) = (late_reason = '')", name="late_deduction_has_reason"),
    )

    id: Mapped[Id]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    number: Mapped[int]
    levels: Mapped[dict[str, Any]]
    """Criterion index to level index; empty without a rubric."""
    score: Mapped[Decimal] = mapped_column(Numeric(6, 2))
    """Percent before the late penalty."""
    late_deduction: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    """Percent of the score, as its grader decided where the assignment leaves it to graders. Null: by the assignment's
    rule."""
    late_reason: Mapped[str] = mapped_column(String(300), default="", server_default="")
    """Why the grader decided so. The learner reads it."""
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
    is_alone: Mapped[bool] = mapped_column(default=False, server_default=false())
    """For a group's paper: given to this member alone. While it is the newest, marks for the group do not change it."""
    released_at: Mapped[datetime | None]
    """Null: it was told when it was given, or is held."""

    files: Mapped[list[FeedbackFile]] = relationship(order_by="FeedbackFile.id")

    @property
    def told_at(self) -> datetime:
        """When the learner was told, of a marking that is not held."""
        return self.released_at or self.graded_at

    @property
    def is_renewed(self) -> bool:
        """The deadline was moved, so the late penalty was computed again. ``graded_by`` is who graded before."""
        return self.number > 1 and not self.reason


class FeedbackFile(UploadedFile, Model):
    """A file that a grader gave with a marking, or with work that goes back. A correction has rows of its own for those
    that it keeps."""

    __tablename__ = "feedback_file"
    __table_args__ = (
        UniqueConstraint("marking_id", "key", "name"),
        UniqueConstraint("return_id", "key", "name"),
        CheckConstraint("(marking_id IS NULL) != (return_id IS NULL)", name="of_one_thing"),
    )

    id: Mapped[Id]
    marking_id: Mapped[int | None] = mapped_column(ForeignKey("marking.id"))
    return_id: Mapped[int | None] = mapped_column(ForeignKey("submission_return.id"))
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)

    @property
    def is_recording(self) -> bool:
        return self.content_type.startswith("audio/")


class PassageNote(Model):
    """A grader's note on a passage of the submitted text.

    Its grader alone sees it, and may change it, until it is given together with a marking or with the return. From
    then on it stays; a correction can withdraw it.
    """

    __tablename__ = "passage_note"
    __table_args__ = (
        CheckConstraint("0 <= starts AND starts < ends", name="passage_has_characters"),
        CheckConstraint("withdrawn_with > given_with", name="withdrawn_after_it_was_given"),
        partial_index(
            "uq_passage_note_pending", "submission_id", "written_by", "starts", where="given_with IS NULL", unique=True
        ),
    )

    id: Mapped[Id]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    starts: Mapped[int]
    """Characters of ``Submission.text`` before the passage."""
    ends: Mapped[int]
    """Characters up to its end."""
    note: Mapped[str] = mapped_column(String(300))
    written_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    written_at: Mapped[datetime]
    given_with: Mapped[int | None]
    """The number of the marking that it is told with; 0: it was told with the return. Null: not given yet."""
    withdrawn_with: Mapped[int | None]
    """The number of the marking from which on it is no longer told."""

    def is_in_force(self, number: int) -> bool:
        """Whether it belongs to the marking with this number."""
        is_given = self.given_with is not None and self.given_with <= number
        return is_given and (self.withdrawn_with is None or self.withdrawn_with > number)


class DeadlineOverride(Model):
    """Other moments of an assignment for one cohort. Rows are only added; the newest of a cohort applies, and is copied
    to ``Cohort.item_dates``. Null: as the course says."""

    __tablename__ = "deadline_override"
    __table_args__ = (
        UniqueConstraint("cohort_id", "item_id", "number"),
        CheckConstraint("closes_at > opens_at", name="closes_after_it_opens"),
        CheckConstraint("due_at > opens_at", name="due_after_it_opens"),
        CheckConstraint("closes_at >= due_at", name="closes_after_it_is_due"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    number: Mapped[int]
    """From 1 for each cohort and assignment. A form says which number it adds, so that a double click adds one row."""
    opens_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    """Nothing is accepted after it, not even late."""
    reason: Mapped[str] = mapped_column(String(300))
    given_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    given_at: Mapped[datetime] = mapped_column(index=True)
