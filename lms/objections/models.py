"""Objections of participants, with their answers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, Model, partial_index


class Objection(Model):
    """A participant reports a faulty question, or contests the mark of an item. Answered once, never edited after."""

    __tablename__ = "objection"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "item_id", "question", "number"),
        CheckConstraint("outcome IN ('unchanged', 'changed')", name="outcome_is_known"),
        CheckConstraint("(answered_at IS NULL) = (outcome IS NULL)", name="answered_with_an_outcome"),
        partial_index(
            "uq_objection_open", "enrolment_id", "item_id", "question", where="answered_at IS NULL", unique=True
        ),
    )

    id: Mapped[Id]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    source: Mapped[str] = mapped_column(String(60), index=True)
    """What it is about, as in the ledger of marks: ``attempt:12``, ``submission:7``."""
    question: Mapped[str] = mapped_column(String(80), default="")
    """The id of the question that is reported; empty: the mark is contested."""
    number: Mapped[int]
    """From 1 for each question of an enrolment, and for its mark. The constraint turns a double click into one."""
    score: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    """The mark that is contested, in percent, as it was then."""
    reason: Mapped[str] = mapped_column(String(1000))
    raised_at: Mapped[datetime] = mapped_column(index=True)
    answered_at: Mapped[datetime | None] = mapped_column(index=True)
    """Null: nobody has answered yet."""
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    outcome: Mapped[str | None] = mapped_column(String(10))
    """``changed``: the question or the mark was put right."""
    answer: Mapped[str] = mapped_column(String(1000), default="")

    @property
    def is_about_mark(self) -> bool:
        return not self.question
