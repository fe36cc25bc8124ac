"""Cohorts and enrolments."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Id, Model
from lms.courses.models import Course


class Cohort(Model):
    """One run of a course (angkatan). A course has at most one without dates: there each goes at the own pace."""

    __tablename__ = "cohort"
    __table_args__ = (
        UniqueConstraint("course_id", "name"),
        Index(
            "uq_cohort_undated",
            "course_id",
            unique=True,
            sqlite_where=text("starts_on IS NULL"),
            postgresql_where=text("starts_on IS NULL"),
        ),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_starts"),
    )

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    """``Angkatan I Tahun 2026``; empty for the one without dates, and never printed."""
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    is_open: Mapped[bool]
    """Anyone who is signed in may enrol without being asked."""
    created_at: Mapped[datetime]

    course: Mapped[Course] = relationship()


class Enrolment(Model):
    """A person in a cohort. ``cycle`` counts the times the same person takes it again."""

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("cohort_id", "person_id", "cycle"),)

    id: Mapped[Id]
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    """The cohort's course, kept here too: most questions are asked by person and course."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    cycle: Mapped[int] = mapped_column(default=1)
    enrolled_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    cohort: Mapped[Cohort] = relationship()
