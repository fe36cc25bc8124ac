"""A course as its participants read it, for those who teach it: no enrolment, nothing is recorded."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request
from flask_login import current_user
from markupsafe import Markup

from lms.courses import queries as courses
from lms.courses.contents import ItemSummary
from lms.courses.models import Course, CourseRevision
from lms.learning.hooks import item_previews, limit_pages, pages_of
from lms.learning.on_paper import on_paper
from lms.learning.queries.teaching import taught_course
from lms.learning.views import checking
from lms.learning.views.instructor import bp
from lms.web.access import role


@bp.get("/teach/courses/<slug>/contents")
@role("instructor", "admin")
def contents(slug: str) -> Any:
    course, revision = taught_course(slug, current_user) or abort(404)
    return render_template(
        "learning/contents.html", course=course, revision=revision, contents=courses.contents(revision.id)
    )


@bp.route("/teach/courses/<slug>/contents/<item>", methods=["GET", "POST"])
@role("instructor", "admin")
def preview(slug: str, item: str) -> Any:
    """POST checks an answer to a question of a module."""
    course, revision = taught_course(slug, current_user) or abort(404)
    items = courses.contents(revision.id).items
    found = next((one for one in items if one.slug == item), None) or abort(404)
    if checking.is_asked():
        return checking.answered(found.item_revision_id, lambda checked: _page(course, revision, found, checked))
    if request.method == "POST":
        abort(404)
    return _page(course, revision, found)


@bp.get("/teach/courses/<slug>/print")
@role("instructor", "admin")
def printed(slug: str) -> Any:
    """All items on one page, to print or to save as PDF."""
    course, revision = taught_course(slug, current_user) or abort(404)
    has_keys = "keys" in request.args
    contents = courses.contents(revision.id)
    return render_template(
        "learning/printed.html",
        course=course,
        revision=revision,
        contents=contents,
        html={one.position: _on_paper(one, has_keys=has_keys) for one in contents.items},
        has_keys=has_keys,
    )


def _on_paper(item: ItemSummary, *, has_keys: bool) -> Markup | None:
    show = item_previews.get(item.type)
    if show is None:
        return None
    version = courses.item_version(item.item_revision_id)
    html = show(courses.item_content(version.id), version.body_html, has_keys=has_keys)
    return Markup(on_paper(html, item.position, has_keys=has_keys))  # noqa: S704 - made by the renderer and templates


def _page(
    course: Course, revision: CourseRevision, found: ItemSummary, checked: checking.CheckedAnswer | None = None
) -> str:
    items = courses.contents(revision.id).items
    version = courses.item_version(found.item_revision_id)
    html, pages = None, []
    if show := item_previews.get(found.type):
        content = courses.item_content(version.id)
        pages = pages_of(content)
        html = checking.personal(checking.with_forms(content, show(content, version.body_html)), checked)
    return render_template(
        "learning/preview.html",
        course=course,
        revision=revision,
        item=found,
        before=items[found.position - 2] if found.position > 1 else None,
        next=items[found.position] if found.position < len(items) else None,
        html=html,
        limits=limit_pages.get(found.type),
        pages=pages,
    )
