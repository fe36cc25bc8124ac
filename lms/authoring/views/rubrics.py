"""The rubric of an assignment as a grid; in the file, only its rows change."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.authoring import services
from lms.authoring.forms.question_errors import wrong_fields
from lms.authoring.forms.rubrics import fault_of_rubric, table_from
from lms.authoring.rubric_grid import (
    HEADING,
    RubricPlace,
    grid_of,
    is_assignment,
    pressed,
    rubric_place,
    table_of,
    with_rubric,
    without_empty,
)
from lms.authoring.services import DraftChanged, FileChanged
from lms.authoring.services.checking import title_in
from lms.authoring.views.blueprint import bp, course_to_edit
from lms.core import clock
from lms.core.db import db, reading
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.web.access import role


@bp.route("/teach/courses/<slug>/rubric/<path:file>", methods=["GET", "POST"])
@role("instructor", "admin")
def rubric(slug: str, file: str) -> Any:
    course, _revision = course_to_edit(slug)
    with reading():
        draft = services.with_texts(services.source(course.id))
        course_id = course.id
        db.session.rollback()
    found = draft.files.get(file) or abort(404)
    if not found.is_text or not is_assignment(found.data):
        abort(404)
    place = rubric_place(found.data)
    about: dict[str, Any] = {"slug": slug, "file": found, "place": place}
    if place is None or request.method != "POST":
        return _page(**about)
    sent = table_from(request.form, place.table)
    changed = pressed(grid_of(sent) or abort(400), request.form.get("do", "save"))
    if changed is not None:
        return _page(**about, table=table_of(changed, place.table), is_unsaved=True)
    new = without_empty(sent)
    if fault := fault_of_rubric(new, HEADING):
        return _page(**about, table=sent, fault=fault), 422
    try:
        if new != place.table:  # otherwise it says so already, as after a second click
            services.put(
                draft,
                course_id,
                file,
                lambda raw: with_rubric(raw, place, new),
                request.form.get("base", ""),
                actor_id=current_user.id,
                now=clock.now(),
            )
    except (FileChanged, DraftChanged):
        db.session.rollback()
        message = _(
            "Somebody else has saved this file since you opened it. Nothing was overwritten. "
            "Your rubric is below: look at it, and save again."
        )
        return _page(**about, table=sent, message=message), 409
    except Refusal as refusal:
        db.session.rollback()
        return _page(**about, table=sent, message=refusal.text), refusal.status
    db.session.commit()
    flash(_("Saved in the draft. Learners see it once it is published."), "done")
    return redirect(url_for(".rubric", slug=slug, file=file))


def _page(
    slug: str,
    file: services.SourceFile,
    place: RubricPlace | None,
    *,
    table: str | None = None,
    fault: str = "",
    message: str = "",
    is_unsaved: bool = False,
) -> str:
    """``table`` is the one that was sent and could not be saved."""
    course, revision = course_to_edit(slug)
    shown = table if table is not None else place.table if place else ""
    return render_template(
        "authoring/rubric.html",
        course=course,
        revision=revision,
        file=file,
        title=title_in(file.data) or file.path,
        grid=grid_of(shown) if place else None,
        errors=wrong_fields({"rubric": fault} if fault else {}),
        message=message,
        is_unsaved=is_unsaved,
    )
