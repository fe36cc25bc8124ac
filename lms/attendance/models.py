"""Other times of meetings, open check-ins, and who attended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, Model, partial_index


class MeetingChange(Model):
    """Another time or place of one meeting for one cohort. Rows are only added; the newest applies. Null or empty: as
    the course says."""

    __tablename__ = "meeting_change"
    __table_args__ = (UniqueConstraint("cohort_id", "item_id", "meeting", "number"),)

    id: Mapped[Id]
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    meeting: Mapped[int]
    """From 1, in the order of the session's file."""
    number: Mapped[int]
    starts_at: Mapped[datetime | None]
    place: Mapped[str] = mapped_column(String(200))
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    changed_at: Mapped[datetime]


class CheckIn(Model):
    """The time in which people of a cohort can say with a code that they attend a meeting."""

    __tablename__ = "check_in"
    __table_args__ = (
        UniqueConstraint("cohort_id", "item_id", "meeting"),
        CheckConstraint("closes_at >= opened_at", name="closes_after_it_opens"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    meeting: Mapped[int]
    secret: Mapped[str] = mapped_column(String(32))
    """What the codes are made from (RFC 6238)."""
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    opened_at: Mapped[datetime]
    """When it was opened first: later codes than that may arrive late."""
    closes_at: Mapped[datetime]


class AttendanceMark(Model):
    """Whether a learner attended a meeting. Rows are only added; the newest of a meeting counts."""

    __tablename__ = "attendance_mark"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "item_id", "meeting", "number"),
        CheckConstraint("status IN ('present', 'excused', 'absent', 'claimed')", name="status_is_known"),
        partial_index("ix_attendance_mark_claimed", "enrolment_id", where="status = 'claimed'"),
    )

    id: Mapped[Id]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    meeting: Mapped[int]
    number: Mapped[int]
    status: Mapped[str] = mapped_column(String(10))
    """``claimed``: a code of the meeting arrived after it was no longer shown; an instructor decides."""
    marked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Null: by the learner, with a code."""
    marked_at: Mapped[datetime]
