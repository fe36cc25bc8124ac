"""Completion records: written once, never deleted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, Model, partial_index


class Record(Model):
    """A person completed a course. Every printed fact is stored as of the day of issue."""

    __tablename__ = "record"
    __table_args__ = (
        CheckConstraint("(revoked_at IS NULL) = (revoke_reason IS NULL)", name="revoked_with_a_reason"),
        partial_index("uq_record_first_of_enrolment", "enrolment_id", where="replaces_id IS NULL", unique=True),
        Index("ix_record_issued_at", "issued_at", "id"),
        Index("ix_record_hours", "person_id", "completed_on", "revoked_at", "jp", "enrolment_id", "issued_at"),
        partial_index("ix_record_revoked", "id", where="revoked_at IS NOT NULL"),
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
    completed_on: Mapped[date]
    """The day the rules were met, in the site's time zone. Its JP count for that year."""
    snapshot: Mapped[dict[str, Any]]
    """The printed facts (``lms.records.certificate.CertificateFacts`` as JSON)."""
    issued_at: Mapped[datetime]
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    revoke_reason: Mapped[str | None] = mapped_column(String(500))


class NumberSequence(Model):
    """The last running number of a year."""

    __tablename__ = "number_sequence"

    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]
    uncertain_since: Mapped[datetime | None]
    """The moment of the backup from which the site was restored, until somebody says which number was the last."""


class RecordBatch(Model):
    """Records that somebody issues to many people at once. A job issues a few in each transaction."""

    __tablename__ = "record_batch"
    __table_args__ = (partial_index("ix_record_batch_unfinished", "id", where="finished_at IS NULL"),)

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    total: Mapped[int]
    finished_at: Mapped[datetime | None]


class RecordBatchEntry(Model):
    """One person of a batch: waiting, issued (``record_id``) or refused. Numbers follow the order of ``id``."""

    __tablename__ = "record_batch_entry"
    __table_args__ = (
        UniqueConstraint("batch_id", "enrolment_id"),
        CheckConstraint("record_id IS NULL OR refusal IS NULL", name="one_result"),
        partial_index(
            "uq_record_batch_entry_waiting",
            "enrolment_id",
            where="record_id IS NULL AND refusal IS NULL",
            unique=True,
        ),
    )

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(ForeignKey("record_batch.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    """Nobody waits in two batches at once."""
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"), index=True)
    refusal: Mapped[str | None] = mapped_column(String(30))
    """A key of ``services.batches.REFUSALS``."""
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the text of the refusal needs."""
