"""Completion records: written once, never deleted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, Model, partial_index


class Record(Model):
    """A person completed a course. Every printed fact is stored as of the day of issue."""

    __tablename__ = "record"
    __table_args__ = (
        CheckConstraint("(revoked_at IS NULL) = (revoke_reason IS NULL)", name="revoked_with_a_reason"),
        partial_index("uq_record_first_of_enrolment", "enrolment_id", where="replaces_id IS NULL", unique=True),
    )

    id: Mapped[Id]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    """One record per enrolment, whatever double clicks and retries happen, and those that replace it."""
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"), unique=True)
    """The revoked record that this one replaces; each is replaced at most once."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    """Random, cannot be guessed, and listed nowhere; the address of the check page."""
    number: Mapped[str] = mapped_column(String(120), unique=True)
    jp: Mapped[int]
    completed_on: Mapped[date] = mapped_column(index=True)
    """The day the rules were met, in the site's time zone. Its JP count for that year."""
    snapshot: Mapped[dict[str, Any]]
    """The printed facts (``lms.records.certificate.CertificateFacts`` as JSON)."""
    issued_at: Mapped[datetime]
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoke_reason: Mapped[str | None] = mapped_column(String(500))


class NumberSequence(Model):
    """The last running number of a year."""

    __tablename__ = "number_sequence"

    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]
