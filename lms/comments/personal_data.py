"""What this package stores about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from lms.comments.models import SavedComment
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy
from lms.core.personal_data import DataArea, Words, rows
from lms.courses.models import Course


def _comments(person_id: int) -> dict[str, Any]:
    own = (
        select(SavedComment.text, Course.slug.label("course"), SavedComment.saved_at)
        .outerjoin(Course, Course.id == SavedComment.course_id)
        .where(SavedComment.person_id == person_id)
        .order_by(SavedComment.id)
    )
    return {"comments": rows(own)}


def _until_deleted() -> Words:
    return _("Until the person deletes them.")


AREAS = (
    DataArea(
        name="saved-comments",
        title=lazy("Comments that graders keep"),
        what=lazy("Sentences that an instructor has kept for feedback, for a course or for all."),
        why=lazy("To put them into the feedback for other work without typing them again."),
        who=lazy("The instructor alone. What is put into feedback belongs to the mark, and its participant reads it."),
        how_long=_until_deleted,
        tables=("saved_comment",),
        copied=_comments,
    ),
)
