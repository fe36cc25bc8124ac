"""The source of one file, its faults, and the item as learners will see it."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup

from lms.authoring import services
from lms.authoring.media_names import markdown_of
from lms.authoring.prose import compare_texts
from lms.authoring.services import FileChanged, Source, SourceFile
from lms.authoring.services.checking import CheckedDraft, NoPreview, check_draft, preview, rendering_problems
from lms.authoring.splice import NoText, editable_text, splice
from lms.authoring.views import media
from lms.authoring.views.blueprint import bp, course_to_edit
from lms.content.items.quiz import Quiz
from lms.content.markdown.problems import Problem
from lms.content.rendering.media import is_picture
from lms.core import clock
from lms.core.db import db, reading
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.core.i18n import say_time
from lms.courses.models import Course
from lms.learning.hooks import item_previews
from lms.people import queries as persons
from lms.web import form_recovery
from lms.web.access import role
from lms.web.request_limits import takes_files


@bp.route("/teach/courses/<slug>/edit/<path:file>", methods=["GET", "POST"])
@takes_files
@role("instructor", "admin")
def edit(slug: str, file: str) -> Any:
    course, _revision = course_to_edit(slug)
    draft = services.source(course.id)
    found = draft.files.get(file) or abort(404)
    if not found.is_text:
        abort(404)
    if request.method == "POST" and "text" in request.form and "base" in request.form:
        if "add" in request.form:
            return _with_file(course, draft, found)
        return _save(course, draft, found, request.form["text"])
    return _page(course, draft, found)


def _with_file(course: Course, draft: Source, file: SourceFile) -> Any:
    """Without scripts: the text is saved with the file that was chosen at its end. ``arrived`` names a file that came
    before, without its description."""
    sent, course_id = request.form["text"], course.id
    path = request.form.get("arrived", "")
    if path not in draft.files or draft.files[path].is_text or request.files.get("file"):
        try:
            added, accepted = media.add_sent(draft, course_id)
        except Refusal as refusal:
            db.session.rollback()
            course, _revision = course_to_edit(course.slug)
            return _page(course, services.source(course_id), file, sent=sent, message=refusal.text), refusal.status
        db.session.commit()  # whatever becomes of the text, the file is there
        flash(media.said(added, accepted), "done")
        path = added.path
    draft = services.source(course_id)
    description = request.form.get("description", "")
    if not description.strip() and not ("decorative" in request.form and is_picture(path)):
        course, _revision = course_to_edit(course.slug)
        words = _(
            "%(file)s is here, but not in the text yet: write what it shows, or tick that it only decorates, and press "
            "“Add to the text” again. A video or recording always needs words.",
            file=path,
        )
        return _page(course, draft, file, sent=sent, message=words, arrived=path), 422
    line = markdown_of(file.path, path, description)
    return _save(course, draft, file, f"{sent.rstrip()}\n\n{line}\n")


def _save(course: Course, draft: Source, file: SourceFile, sent: str) -> Any:
    base, now = request.form["base"], clock.now()
    with reading():
        ready = services.with_texts(draft)
        course_id = course.id
        db.session.rollback()
    try:
        saved = services.save(ready, course_id, file.path, sent, base, actor_id=current_user.id, now=now)
    except FileChanged as conflict:
        db.session.rollback()
        if splice(conflict.file.data, sent) != conflict.file.data:
            return _conflict(course, conflict.file, sent)
        saved = conflict.file  # by the first of two clicks
    except NoText:
        db.session.rollback()
        abort(404)
    except Refusal as refusal:
        db.session.rollback()
        if form_recovery.wants_json():
            return {"message": refusal.text}, refusal.status
        return _page(course, services.source(course_id), file, sent=sent, message=refusal.text), refusal.status
    db.session.commit()
    if form_recovery.wants_json():
        return {"saved_at": say_time(now), "base": saved.sha256}
    flash(_("Saved in the draft. Learners see it once it is published."), "done")
    return redirect(url_for(".edit", slug=course.slug, file=file.path))


def _conflict(course: Course, theirs: SourceFile, mine: str) -> Any:
    """Show both versions. Nothing is saved before the person has chosen."""
    name = persons.names_of([theirs.changed_by]).get(theirs.changed_by, "") if theirs.changed_by else ""
    is_own = theirs.changed_by == current_user.id
    if form_recovery.wants_json():
        words = _("Somebody else has saved this text: press “Save” to see both.")
        if is_own:
            words = _("You saved this text in another place, too: press “Save” to see both.")
        return {"error": "changed", "message": words}, 412
    text = editable_text(theirs.data)
    page = render_template(
        "authoring/conflict.html",
        course=course,
        file=theirs,
        by=name,
        is_own=is_own,
        theirs=text,
        mine=mine,
        changes=compare_texts(text, mine),
    )
    return page, 412


def _page(
    course: Course, draft: Source, file: SourceFile, *, sent: str | None = None, message: str = "", arrived: str = ""
) -> str:
    """``sent``: the text that could not be saved. ``arrived``: a file that waits for its description."""
    try:
        text = editable_text(file.data) if sent is None else sent
    except NoText:
        text = None
    checked = check_draft(course.slug, draft.texts)
    item = checked.item(file.path)
    html, refused, seen = _preview(course, draft, checked, file.path)
    return render_template(
        "authoring/editor.html",
        course=course,
        file=file,
        text=text,
        base=file.sha256 if sent is None else request.form["base"],
        title=checked.title_of(file.path),
        course_title=checked.title,
        by=persons.names_of([file.changed_by]).get(file.changed_by) if file.changed_by else None,
        problems=sorted([*checked.problems_of(file.path), *seen], key=lambda one: (one.is_warning, one.line)),
        html=html,
        is_item=checked.item_file(file.path) is not None,
        has_questions=item is not None and bool(item.questions or item.type == Quiz.type),
        is_quiz=item is not None and item.type == Quiz.type,
        kind=item.type if item else "",
        is_refused=refused,
        message=message,
        arrived=arrived,
    )


def _preview(
    course: Course, draft: Source, checked: CheckedDraft, path: str
) -> tuple[Markup | None, bool, list[Problem]]:
    """The item as HTML, whether it takes too long to be shown, and what learners see differently from the text."""
    try:
        item = preview(course.slug, draft, checked, path)
    except NoPreview:
        return None, True, []
    if item is None:
        return None, False, []
    seen, show = rendering_problems(course.slug, draft, item), item_previews.get(item.type)
    if show is None:
        return None, False, seen
    return Markup(show(item, item.body_html)), False, seen  # noqa: S704  (rendered content, and our templates)
