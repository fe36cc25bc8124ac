"""The blueprint of the editing pages, and the course of their address."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, url_for
from flask_login import current_user

from lms.authoring import queries
from lms.authoring.services.checking import title_of_course, title_of_summary, titles_being_written
from lms.courses.models import Course, CourseRevision

bp = Blueprint("authoring", __name__)
bp.add_app_template_global(title_of_course)
bp.add_app_template_global(title_of_summary)


def course_to_edit(slug: str) -> tuple[Course, CourseRevision | None]:
    """The course and its published revision, if it has one."""
    return queries.course_to_edit(slug, current_user) or abort(404)


def regrade_address(slug: str, item: str) -> str | None:
    """The address of the page that marks a quiz again; None on a site without it."""
    if "quizzes.regrade" not in current_app.view_functions:
        return None
    return url_for("quizzes.regrade", slug=slug, item=item)


bp.add_app_template_global(titles_being_written)
"""For lists of courses in lower packages: those without a published revision have their titles in drafts."""


@bp.context_processor
def _addresses() -> dict[str, Any]:
    return {"regrade_address": regrade_address}
