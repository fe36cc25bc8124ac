"""Who has answered a survey, and the answers: without names, nothing leads from one to the other."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, Model

LARGEST_ID = 2**63 - 1
_RandomId = BigInteger().with_variant(Integer(), "sqlite")
"""On SQLite the key is then the order of the rows themselves, which a column of another type is not."""


def random_id() -> int:
    return secrets.randbelow(LARGEST_ID) + 1


class SurveyParticipant(Model):
    """This enrolment has answered. It keeps anybody from answering twice."""

    __tablename__ = "survey_participant"
    __table_args__ = (UniqueConstraint("enrolment_id", "item_id"),)

    id: Mapped[Id]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)


class SurveyReply(Model):
    """The answers of one person. Without a name it has neither an enrolment nor a moment, and its id is random
    (``docs/decisions/0030``)."""

    __tablename__ = "survey_reply"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "item_id"),
        CheckConstraint("(enrolment_id IS NULL) = (replied_at IS NULL)", name="no_moment_without_a_name"),
        CheckConstraint("is_told OR enrolment_id IS NULL", name="told_with_a_name"),
        Index("ix_survey_reply_item_id", "item_id", "cohort_id"),
    )

    id: Mapped[int] = mapped_column(_RandomId, primary_key=True, autoincrement=False, default=random_id)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True)
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))
    answers: Mapped[dict[str, Any]]
    """By the id of the question, each as its kind writes it (``content.items.survey_questions``)."""
    replied_at: Mapped[datetime | None]
    version: Mapped[int]
    """1, and one more with each change. The form names it, so that of two tabs none overwrites the other unseen."""
    is_told: Mapped[bool]
    """It counts in what instructors see. Without a name only together with others (``services.tell_group``)."""
