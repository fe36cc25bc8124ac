"""Changes of the outline: sections and items added, moved, taken out and put back, one by each press of a button."""

from __future__ import annotations

import posixpath
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user

from lms.authoring import services, structure
from lms.authoring.services import DraftChanged, Source, outlining
from lms.authoring.structure import FolderEdit, FolderFull, siblings
from lms.authoring.views.blueprint import bp, course_to_edit
from lms.content.folder.outline import INDEX_FILE, lay_out
from lms.content.items.base import item_types
from lms.core import clock
from lms.core.db import db, reading
from lms.core.i18n import gettext as _
from lms.courses import queries as courses
from lms.web.access import role
from lms.web.fields import one_line

MAX_TITLE_LENGTH = 150


@bp.post("/teach/courses/<slug>/outline")
@role("instructor", "admin")
def change_outline(slug: str) -> Any:
    course, _revision = course_to_edit(slug)
    course_id, state = course.id, request.form.get("state", "")
    do, _colon, path = request.form.get("do", "").partition(":")
    with reading():
        before = services.with_texts(services.source(course_id))
        hidden = services.removed_files(course_id)
        db.session.rollback()
    try:
        where = _done(do, path, course_id, state, before, frozenset(hidden))
    except DraftChanged as refusal:
        db.session.rollback()
        flash(refusal.text)
        return redirect(url_for(".outline", slug=slug))
    except FolderFull:
        db.session.rollback()
        flash(_("A section holds at most 99 items. Nothing was changed; make another section."))
        return redirect(url_for(".outline", slug=slug))
    db.session.commit()
    return redirect(url_for(".outline", slug=slug, **where))


def _done(do: str, path: str, course_id: int, state: str, before: Source, hidden: frozenset[str]) -> dict[str, Any]:
    """Carry out the change; returns where the focus goes: to the button ``by`` of the item ``at``."""
    who = {"actor_id": current_user.id, "now": clock.now()}
    if do == "restore":
        outlining.put_back(course_id, state, structure.paths_inside(hidden, path), **who)
        flash(_("It is in the course again."), "done")
        return {"at": path}
    if do == "delete" and structure.paths_inside(before.files, path):
        outlining.take_out(before, course_id, state, structure.paths_inside(before.files, path), **who)
        flash(_("Taken out of the draft. It stays below until you publish, and can be put back."), "done")
        return {"at": path, "by": "restore"}
    files = before.texts | dict.fromkeys(hidden, b"")
    title = one_line(request.form.get("title"))[:MAX_TITLE_LENGTH]
    if do in ("add", "section") and not title:
        flash(_("Enter a title first."))
        return {}
    if do in ("up", "down", "to", "place") and structure.paths_inside(before.files, path):
        edit = _moved(do, path, files, hidden)
        at = edit.new_path(path)
        _say_place(at, edit, files, hidden)
    else:
        edit, at = _added(do, title, files, course_id)
    outlining.change(before, course_id, state, _without(edit, hidden), **who)
    return {"at": at, "by": do if do in ("up", "down") else None}


def _say_place(at: str, edit: FolderEdit, files: dict[str, bytes], hidden: frozenset[str]) -> None:
    folder, name = posixpath.split(at)
    gone = {edit.renames.get(path, path) for path in hidden}
    order = siblings(edit.apply_to(files), folder)
    names = [one for one in order if posixpath.join(folder, one) not in gone]
    if edit.renames:
        flash(_("It is number %(at)s of %(total)s there now.", at=names.index(name) + 1, total=len(names)), "done")


def _added(do: str, title: str, files: dict[str, bytes], course_id: int) -> tuple[FolderEdit, str]:
    if do == "section":
        edit, at = structure.with_section(files, title)
        flash(_("The section is there. Add its first item."), "done")
        return edit, posixpath.dirname(at)
    folder, kind = request.form.get("folder", ""), request.form.get("type", "")
    known = {one.type for one in item_types}
    if do != "add" or kind not in known or (folder and folder not in siblings(files, "")):
        abort(400)
    flash(_("Added with a text to begin with. Open it to write your own."), "done")
    return structure.with_item(files, folder, kind, title, courses.types_by_key(course_id))


def _moved(do: str, path: str, files: dict[str, bytes], hidden: frozenset[str]) -> FolderEdit:
    if do in ("up", "down"):
        return structure.move(files, path, -1 if do == "up" else 1, hidden)
    at = request.form.get("at", type=int) if do == "place" else None
    folder = request.form.get("folder" if do == "place" else f"to-{path}", posixpath.dirname(path))
    folders = {section.path for section in lay_out(files).sections} | {""}
    if folder not in folders or posixpath.basename(path) == INDEX_FILE or path in folders:
        abort(400)
    if do == "to" and folder == posixpath.dirname(path):
        return FolderEdit()
    if at is not None:
        order = [one for one in siblings(files, folder) if posixpath.join(folder, one) != path]
        shown = [one for one in order if posixpath.join(folder, one) not in hidden]
        at = order.index(shown[at]) if 0 <= at < len(shown) else len(order)
    return structure.move_to(files, path, folder, at)


def _without(edit: FolderEdit, hidden: frozenset[str]) -> FolderEdit:
    """The edit without the texts of hidden files: these are renamed with their folder, but were not read here."""
    gone = {edit.renames.get(path, path) for path in hidden}
    return FolderEdit(edit.renames, {path: data for path, data in edit.texts.items() if path not in gone})
