"""Saved comments."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, Model, partial_index

MAX_COMMENT_LENGTH = 500


class SavedComment(Model):
    """A sentence that a grader writes often. Nobody else sees it; ``{nama}`` in it stands for the learner's name."""

    __tablename__ = "saved_comment"
    __table_args__ = (
        partial_index(
            "uq_saved_comment_course", "person_id", "course_id", "text", where="course_id IS NOT NULL", unique=True
        ),
        # The index above does not hold without a course, because nulls are never equal.
        partial_index("uq_saved_comment_any_course", "person_id", "text", where="course_id IS NULL", unique=True),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    """The grader."""
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    """Null: offered in all courses that the grader teaches."""
    text: Mapped[str] = mapped_column(String(MAX_COMMENT_LENGTH))
    saved_at: Mapped[datetime]
