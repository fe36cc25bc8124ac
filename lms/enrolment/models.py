"""Cohorts, enrolments, applications and deadline extensions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import ComposedText, Id, Model, partial_index
from lms.core.search_text import SearchableMixin
from lms.courses.models import Course
from lms.people.models import Person

ApplicationState = Literal["proposed", "waiting", "accepted", "refused", "withdrawn"]


class Cohort(SearchableMixin, Model):
    """A cohort (angkatan) of a course. A course has at most one without dates, for learning at one's own pace."""

    __tablename__ = "cohort"
    SEARCHED_BY = ("name",)
    __table_args__ = (
        UniqueConstraint("course_id", "name"),
        partial_index("uq_cohort_undated", "course_id", where="starts_on IS NULL", unique=True),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_starts"),
    )

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    name: Mapped[str] = mapped_column(ComposedText(80))
    """``Angkatan I Tahun 2026``. Empty for the cohort without dates, where it is never printed."""
    number: Mapped[int | None]
    """1 for Angkatan I; starts again at 1 each year. Null for the cohort without dates."""
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    is_open: Mapped[bool]
    """Anyone signed in may enrol or, with ``needs_approval``, apply."""
    needs_approval: Mapped[bool] = mapped_column(default=False, server_default=false())
    enrols_until: Mapped[date | None]
    """The last day to enrol or apply. Null: until the cohort ends."""
    quota: Mapped[int | None]
    """Number of places. Null: no limit. Only the services enforce it."""
    created_at: Mapped[datetime]
    due_revision_id: Mapped[int | None]
    """The published revision by which everybody's ``due_on`` was computed last. Only in the cohort without dates, whose
    deadlines come from the course. Another one is published: ``services.renew_deadlines`` has work to do."""
    item_dates: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Moments of single items that differ in this cohort (``windows.date_overrides``): ``{item id: {"opens_at": ISO
    timestamp or null, "closes_at": ..., "due_at": ...}}``; a missing ``due_at`` is null. Null: none."""

    course: Mapped[Course] = relationship()


class Enrolment(Model):
    """A person in a cohort. ``cycle`` counts repeated enrolments of the same person in the same cohort."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("cohort_id", "person_id", "cycle"),
        # Both columns: by course alone, a query would scan everybody who ever took the course.
        Index("ix_enrolment_person", "person_id", "course_id"),
        # The next ones hold all columns of a count, so that the rows themselves are not read.
        Index("ix_enrolment_year", "course_id", "enrolled_at", "withdrawn_at"),
        Index("ix_enrolment_places", "cohort_id", "withdrawn_at"),
        partial_index("ix_enrolment_withdrawn", "id", where="withdrawn_at IS NOT NULL"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    """The cohort's course, copied here because most queries are by person and course."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    cycle: Mapped[int] = mapped_column(default=1)
    enrolled_at: Mapped[datetime]
    due_on: Mapped[date | None] = mapped_column(index=True)
    """This person's deadline, in the site's time zone (``Window.last_day``). Stored because reports and reminders
    query it for thousands of people. Null: no deadline."""
    extended_until: Mapped[date | None]
    """Nothing closes for this person before the end of this day. Null: no extension."""
    item_dates: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """As ``Cohort.item_dates``, for this person. It goes before the cohort's."""
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None]
    withdraw_reason: Mapped[str | None] = mapped_column(String(300))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"), index=True)
    """The withdrawn enrolment that this one took the place of."""

    cohort: Mapped[Cohort] = relationship()


class Application(Model):
    """A request for a place in a cohort: by the person, proposed by the head of the unit, or from a list of login
    names without an account yet. Rows with state ``waiting`` are the waiting list, ordered by ``id``."""

    __tablename__ = "application"
    __table_args__ = (
        partial_index(
            "uq_application_person", "cohort_id", "person_id", where="state IN ('proposed', 'waiting')", unique=True
        ),
        partial_index(
            "uq_application_login",
            "cohort_id",
            "login_name",
            where="person_id IS NULL AND state IN ('proposed', 'waiting')",
            unique=True,
        ),
        CheckConstraint("person_id IS NOT NULL OR login_name IS NOT NULL", name="says_who"),
        CheckConstraint("state IN ('proposed', 'waiting', 'accepted', 'refused', 'withdrawn')", name="state_is_known"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Null: not registered yet. Filled in once an account with ``login_name`` exists."""
    login_name: Mapped[str | None] = mapped_column(String(254), index=True)
    """NIP, NI PPPK or e-mail address of somebody without an account; set to null once there is one."""
    state: Mapped[str] = mapped_column(String(10))
    starts_over: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The person may move up from the waiting list although they take the course in another cohort, or completed it."""
    note: Mapped[str] = mapped_column(String(300), default="")
    """From the proposer, such as the number of the assignment letter."""
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    proposed_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(300), default="")
    """Why it was refused or withdrawn."""

    cohort: Mapped[Cohort] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])


class Extension(Model):
    """A deadline extension for one person. Rows are only added; the newest one applies."""

    __tablename__ = "extension"

    id: Mapped[Id]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    until: Mapped[date]
    reason: Mapped[str] = mapped_column(String(300))
    given_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    given_at: Mapped[datetime]
