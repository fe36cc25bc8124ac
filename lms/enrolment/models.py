"""Cohorts, who is in them, who asks to be, and whose end was put off."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Id, Model
from lms.courses.models import Course
from lms.people.models import Person

ApplicationState = Literal["proposed", "waiting", "accepted", "refused", "withdrawn"]


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
    number: Mapped[int | None]
    """1 for Angkatan I; begins anew each year. Null: the one without dates."""
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    is_open: Mapped[bool]
    """Anyone who is signed in may enrol without being asked; with ``needs_approval``, may ask to be let in."""
    needs_approval: Mapped[bool] = mapped_column(default=False, server_default=false())
    enrols_until: Mapped[date | None]
    """The last day to enrol or to ask for it. Null: as long as the cohort runs."""
    quota: Mapped[int | None]
    """Places. Null: no limit. That it is positive and kept is the services' word."""
    created_at: Mapped[datetime]

    course: Mapped[Course] = relationship()


class Enrolment(Model):
    """A person in a cohort. ``cycle`` counts the times the same person takes it again."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("cohort_id", "person_id", "cycle"),
        # Both at once: by the course alone, a page looks through everybody who ever took it.
        Index("ix_enrolment_person", "person_id", "course_id"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    """The cohort's course, kept here too: most questions are asked by person and course."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    cycle: Mapped[int] = mapped_column(default=1)
    enrolled_at: Mapped[datetime]
    due_on: Mapped[date | None] = mapped_column(index=True)
    """The last day for this person, on the site's clock (``lms.enrolment.windows.last_day``), kept because boards
    and reminders ask for it by the thousand. Null: there is no end."""
    extended_until: Mapped[date | None]
    """Nothing closes for this person before the end of this day. Null: no extension."""
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None]
    withdraw_reason: Mapped[str | None] = mapped_column(String(300))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))
    """The withdrawn enrolment whose place this one took."""

    cohort: Mapped[Cohort] = relationship()


class Application(Model):
    """That somebody should come into a cohort: asked for by the person, proposed by the unit, or put on a list
    before there was an account. ``waiting`` is the waiting list, in the order of ``id``."""

    __tablename__ = "application"
    __table_args__ = (
        Index(
            "uq_application_person",
            "cohort_id",
            "person_id",
            unique=True,
            sqlite_where=text("state IN ('proposed', 'waiting')"),
            postgresql_where=text("state IN ('proposed', 'waiting')"),
        ),
        Index(
            "uq_application_login",
            "cohort_id",
            "login_name",
            unique=True,
            sqlite_where=text("person_id IS NULL AND state IN ('proposed', 'waiting')"),
            postgresql_where=text("person_id IS NULL AND state IN ('proposed', 'waiting')"),
        ),
        CheckConstraint("person_id IS NOT NULL OR login_name IS NOT NULL", name="says_who"),
        CheckConstraint("state IN ('proposed', 'waiting', 'accepted', 'refused', 'withdrawn')", name="state_is_known"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Null: not registered yet; taken up when an account with ``login_name`` appears."""
    login_name: Mapped[str | None] = mapped_column(String(254), index=True)
    """NIP, NI PPPK or address of somebody without an account; emptied once there is one."""
    state: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(300), default="")
    """What the proposer wrote, such as the number of the assignment letter."""
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(300), default="")
    """Why it was refused or withdrawn."""

    cohort: Mapped[Cohort] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])


class Extension(Model):
    """That the end was put off for one person. Added, never edited; the newest holds."""

    __tablename__ = "extension"

    id: Mapped[Id]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    until: Mapped[date]
    reason: Mapped[str] = mapped_column(String(300))
    given_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime]
