"""The settings of an item, a section or the course as a form; in the file, only their lines change."""

from __future__ import annotations

import posixpath
from collections import Counter
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.authoring import services
from lms.authoring.forms import sent_settings, settings_form
from lms.authoring.forms.remedies import for_settings_form, setting_of
from lms.authoring.forms.review_table import MOMENT_NAMES, THING_NAMES
from lms.authoring.forms.setting_fields import OF_COURSES, OF_SECTIONS, SettingField, fields_of
from lms.authoring.forms.setting_values import changed, shown
from lms.authoring.front_matter import NotEditable, lines_of
from lms.authoring.services import DraftChanged, FileChanged, Source, outlining
from lms.authoring.services.checking import check_draft, title_in
from lms.authoring.views.blueprint import bp, course_to_edit
from lms.content.folder.outline import COURSE_FILE, INDEX_FILE
from lms.content.items.base import Item, item_types
from lms.content.items.drawing import TAG
from lms.content.items.quiz import Quiz
from lms.core import clock
from lms.core.db import db, reading
from lms.core.i18n import gettext as _
from lms.core.i18n import say_message
from lms.courses import queries as courses
from lms.courses.models import Course
from lms.web.access import role
from lms.web.fields import Form


@bp.route("/teach/courses/<slug>/settings/<path:file>", methods=["GET", "POST"])
@role("instructor", "admin")
def settings(slug: str, file: str) -> Any:
    course, _revision = course_to_edit(slug)
    with reading():
        draft = services.with_texts(services.source(course.id))
        course_id = course.id
        db.session.rollback()
    found = draft.files.get(file) or abort(404)
    if not found.is_text:
        abort(404)
    fields, label, item = _fields(course, draft, file)
    title = title_in(draft.files[COURSE_FILE].data) if COURSE_FILE in draft.files else ""
    about = {"course": course, "course_title": title, "file": found, "label": label}
    try:
        values = shown(fields, found.data)
    except NotEditable:
        return render_template("authoring/settings.html", **about, form=None)
    form = settings_form(fields, values)
    message = ""
    if form.validate_on_submit():
        data = changed(fields, found.data, sent_settings(form, fields))
        if _is_sound(form, fields, course, draft, file, data):
            if _save(draft, course_id, file, data):
                flash(_("Saved in the draft. Learners see it once it is published."), "done")
                return redirect(url_for(".outline", slug=slug, at=_anchor(file)))
            message = _(
                "Somebody else has saved this file since you opened it. Nothing was overwritten. "
                "Your values are below: look at them, and save again."
            )
    page = render_template(
        "authoring/settings.html",
        **about,
        form=form,
        fields=[one for one in fields if f"set_{one.key}" in form],
        left_out=[one for one in fields if f"set_{one.key}" not in form],
        message=message,
        moment_names=MOMENT_NAMES,
        thing_names=THING_NAMES,
        drawable=_drawable(item),
        categories=courses.categories() if file == COURSE_FILE else (),
    )
    return page, 409 if message else 422 if form.is_submitted() else 200


def _save(draft: Source, course_id: int, path: str, data: bytes) -> bool:
    """False if somebody else has saved the file since the page was opened."""
    if data == draft.files[path].data:  # as after a second click
        return True
    try:
        base = request.form.get("base", "")
        outlining.write(draft, course_id, path, data, base, actor_id=current_user.id, now=clock.now())
        db.session.commit()
    except (FileChanged, DraftChanged):
        db.session.rollback()
        return False
    return True


def _fields(course: Course, draft: Source, path: str) -> tuple[tuple[SettingField, ...], str, Item | None]:
    """The fields of a file, what kind of file it is, and its item as far as it can be read."""
    if path == COURSE_FILE:
        return OF_COURSES, "", None
    if posixpath.basename(path) == INDEX_FILE:
        return OF_SECTIONS, "", None
    found = check_draft(course.slug, draft.texts).item_file(path) or abort(404)
    kind = found.item.type if found.item else "module"
    return fields_of(item_types[kind]), kind, found.item


def _drawable(item: Item | None) -> Counter[str]:
    """How many questions there are to draw from, by group and tag as a draw names them."""
    asked = item.asked if isinstance(item, Quiz) else ()
    groups = Counter(one.group for one in asked if one.group)
    return groups + Counter(f"{TAG}{tag}" for one in asked for tag in one.tags)


def _anchor(path: str) -> str:
    return posixpath.dirname(path) if posixpath.basename(path) == INDEX_FILE else path


def _is_sound(
    form: Form, fields: tuple[SettingField, ...], course: Course, draft: Source, path: str, data: bytes
) -> bool:
    """Whether the check finds no fault in the lines that the form writes; those that it finds stand at their fields."""
    lines = {line: key for key, line in lines_of(data).items()}
    for one in check_draft(course.slug, draft.texts | {path: data}).problems_of(path):
        setting = setting_of(one, fields, lines)
        if setting and not one.is_warning and f"set_{setting.key}" in form:
            said = for_settings_form(one, fields)
            form[f"set_{setting.key}"].errors = [f"{say_message(said.what)}. {say_message(said.fix)}."]
    return not form.errors
