"""The revisions of a course: listed, compared with the published one, and taken as the draft again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.authoring import queries, services
from lms.authoring.prose import Paragraph, compare_texts
from lms.authoring.services import Source
from lms.authoring.views.blueprint import bp, course_to_edit, regrade_address
from lms.authoring.views.outline import changed_files
from lms.core import clock
from lms.core.db import db, reading
from lms.core.i18n import gettext as _
from lms.courses import queries as courses
from lms.people import queries as persons
from lms.web.access import role
from lms.web.request_limits import row_number

MAX_FILES = 40
"""Files whose texts are compared on one page; of the others, the page has the names."""


class FileDifference(NamedTuple):
    """``paragraphs`` is None for a file that is no text."""

    path: str
    paragraphs: list[Paragraph] | None


@bp.get("/teach/courses/<slug>/revisions")
@role("instructor", "admin")
def revisions(slug: str) -> Any:
    course, revision = course_to_edit(slug)
    rows = queries.revisions(course.id)
    names = persons.names_of({row.created_by for row in rows if row.created_by})
    wanted = request.args.getlist("regrade")
    items = courses.contents(revision.id).items if revision and wanted else ()
    return render_template(
        "authoring/revisions.html",
        course=course,
        revision=revision,
        rows=rows,
        names=names,
        to_regrade=[one for one in items if one.slug in wanted and regrade_address(slug, one.slug)],
    )


@bp.route("/teach/courses/<slug>/revisions/<int:number>", methods=["GET", "POST"])
@role("instructor", "admin")
def revision_(slug: str, number: int) -> Any:
    """What differs between this revision and another one, by default the published one; and taking it back."""
    course, published = course_to_edit(slug)
    shown = queries.revision(course.id, number, current_user) or abort(404)
    if request.method == "POST" and "state" in request.form:
        return _restore(slug, course.id, shown.id, number)
    other_number = request.args.get("with", type=row_number)
    other = queries.revision(course.id, other_number, current_user) if other_number else published or shown
    if other is None:
        abort(404)
    old, new = sorted((shown, other), key=lambda one: one.number)
    differences = list(_differences(services.of_revision(old.id), services.of_revision(new.id)))
    draft = services.source(course.id)
    before = services.of_revision(draft.revision_id).hashes if draft.revision_id else {}
    lost = changed_files(draft, before) if draft.is_draft else []
    return render_template(
        "authoring/compare.html",
        course=course,
        revision=published,
        shown=shown,
        old=old,
        new=new,
        others=[row for row in queries.revisions(course.id) if row.id != shown.id],
        differences=differences[:MAX_FILES],
        left_out=[one.path for one in differences[MAX_FILES:]],
        draft=draft,
        lost=lost,
    )


def _restore(slug: str, course_id: int, revision_id: int, number: int) -> Any:
    with reading():
        older = services.with_texts(services.of_revision(revision_id))
        db.session.rollback()
    try:
        services.restore(older, course_id, request.form["state"], actor_id=current_user.id, now=clock.now())
    except services.DraftChanged as refusal:
        db.session.rollback()
        flash(refusal.text)
        return redirect(url_for(".revision_", slug=slug, number=number))
    db.session.commit()
    flash(_("The draft is now what revision %(number)s was. Look at what changes, then publish it.", number=number))
    return redirect(url_for(".publish_draft", slug=slug))


def _differences(old: Source, new: Source) -> Iterator[FileDifference]:
    for at, path in enumerate(changed_files(new, old.hashes)):
        if not services.is_text(path) or at >= MAX_FILES:
            yield FileDifference(path, None)
            continue
        yield FileDifference(path, compare_texts(old.text(path), new.text(path)))
