"""The draft as a whole: its outline, all its files as a zip, and discarding it."""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.authoring import queries, services
from lms.authoring.folder_changes import folder_state
from lms.authoring.services import Source, creating, reviewing, scheduling
from lms.authoring.services.checking import CheckedDraft, check_draft, title_in
from lms.authoring.structure import siblings
from lms.authoring.views.blueprint import bp, course_to_edit
from lms.content.folder.outline import COURSE_FILE, INDEX_FILE, lay_out
from lms.content.items.base import item_types
from lms.content.items.quiz import Quiz
from lms.core import clock
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.courses import queries as courses
from lms.courses.models import Course
from lms.people import queries as persons
from lms.web.access import role
from lms.web.headers import set_disposition


@dataclass(frozen=True)
class OutlineEntry:
    """A file of the outline. ``state`` is empty for what is the same in the published revision."""

    title: str
    path: str
    label: str
    state: str
    errors: int
    warnings: int


@dataclass(frozen=True)
class OutlinePart:
    """A section. ``index`` is its introduction."""

    title: str
    path: str
    """The path of its folder; empty for items at the root."""
    index: OutlineEntry | None
    items: tuple[OutlineEntry, ...]
    is_first: bool
    is_last: bool


@bp.get("/teach/courses/<slug>/edit")
@role("instructor", "admin")
def outline(slug: str) -> Any:
    course, revision = course_to_edit(slug)
    draft = services.source(course.id)
    published = {row.path: row.sha256 for row in queries.revision_files(revision.id)} if revision else {}
    checked = check_draft(course.slug, draft.texts)
    changed = changed_files(draft, published)
    row = queries.draft(course.id)
    changers = {one.changed_by for one in draft.files.values() if one.changed_by}
    scheduled = queries.open_publications([course.id]).get(course.id)
    known = {*changers, *([scheduled.scheduled_by] if scheduled else ())}
    known |= {row.returned_by} if row and row.returned_by else set()
    slugs = {one.slug for one in lay_out([*draft.files, *services.removed_files(course.id)]).items}
    return render_template(
        "authoring/outline.html",
        course=course,
        revision=revision,
        draft=draft,
        row=row,
        review=reviewing.review_of(course.id, draft.state),
        title=checked.title or (revision.title if revision else course.slug),
        cover=_entry(COURSE_FILE, _("About this course"), draft, published, {}, checked)
        if COURSE_FILE in draft.files
        else None,
        parts=_parts(draft, published, checked),
        gone=[one.path for one in lay_out(published).items if one.slug not in slugs],
        taken_out=_taken_out(course.id),
        types=[one.type for one in item_types],
        at=request.args.get("at", ""),
        by=request.args.get("by", ""),
        changed=changed,
        errors=sum(not one.is_warning for one in checked.problems),
        names=persons.names_of(known),
        scheduled=scheduled,
        has_later_changes=scheduled is not None and scheduling.has_later_changes(scheduled, draft),
        refusals=scheduling.REFUSALS,
        edited=[one for one in draft.files.values() if one.changed_at],
        has_quizzes=any(one.questions for one in checked.folder.item_files if one.item and one.item.type == Quiz.type),
    )


def changed_files(draft: Source, published: dict[str, str]) -> list[str]:
    """The paths that differ from the published revision, or are only in one of the two."""
    ours = draft.hashes
    return sorted(path for path in {*ours, *published} if ours.get(path) != published.get(path))


def _parts(draft: Source, published: dict[str, str], checked: CheckedDraft) -> list[OutlinePart]:
    titles = {one.path: one.item.title for one in checked.folder.item_files if one.item}
    types = {one.path: one.item.type for one in checked.folder.item_files if one.item}

    def entry(path: str, title: str) -> OutlineEntry:
        return _entry(path, title, draft, published, published_at, checked, types.get(path, ""))

    published_at = {_name(path): path for path in published if path.endswith(".md")}

    order = siblings(draft.files, "")
    return [
        OutlinePart(
            section.title,
            folder.path,
            entry(folder.index, _("Introduction of the section")) if folder.index else None,
            tuple(entry(item.path, titles.get(item.path) or item.path) for item in folder.items),
            is_first=order[0] == (folder.path or folder.items[0].path),
            is_last=order[-1] == (folder.path or folder.items[-1].path),
        )
        for section, folder in zip(checked.folder.sections, checked.folder.outline.sections, strict=True)
    ]


def _taken_out(course_id: int) -> list[OutlineEntry]:
    """What was taken out of the draft: items, and whole sections."""
    files = services.removed_files(course_id)
    outline = lay_out(files)
    found = []
    for section in outline.sections:
        if section.index:
            title = title_in(files[section.index].data) or section.slug
            found.append(OutlineEntry(title, section.path, "", "gone", 0, 0))
        else:
            items = [(item.path, item.slug) for item in section.items]
            found += [OutlineEntry(title_in(files[path].data) or name, path, "", "gone", 0, 0) for path, name in items]
    return found


def _name(path: str) -> str:
    """The part of a path that moving does not change: the slug of an item or a section."""
    return path[3:] if path.endswith(f"/{INDEX_FILE}") else posixpath.basename(path)[3:]


def _entry(
    path: str,
    title: str,
    draft: Source,
    published: dict[str, str],
    published_at: dict[str, str],
    checked: CheckedDraft,
    item_type: str = "",
) -> OutlineEntry:
    was_at = path if path in published else published_at.get(_name(path), path)
    was = published.get(was_at)
    state = "" if was == draft.files[path].sha256 else "new" if was is None else "changed"
    state = state or ("moved" if was_at != path else "")
    problems = checked.problems_of(path)
    errors = sum(not one.is_warning for one in problems)
    label = item_type if item_type in {one.type for one in item_types} else ""
    return OutlineEntry(title, path, label, state, errors, len(problems) - errors)


@bp.get("/teach/courses/<slug>/draft.zip")
@role("instructor", "admin")
def download(slug: str) -> Response:
    """All files of the draft, byte for byte."""
    course, _revision = course_to_edit(slug)
    out, draft = io.BytesIO(), services.source(course.id)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = folder_state(draft.hashes).encode()  # what it is compared with when it comes back
        for path, data in draft.data.items():
            archive.writestr(f"{course.slug}/{path}", data)
    answer = Response(out.getvalue(), content_type="application/zip")
    set_disposition(answer, "attachment", f"{course.slug}.zip")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.route("/teach/courses/<slug>/discard", methods=["GET", "POST"])
@role("instructor", "admin")
def discard(slug: str) -> Any:
    """What would be lost, and the button for it."""
    course, revision = course_to_edit(slug)
    if courses.latest_revision(course.id) is None:
        return _delete(course)
    if request.method == "POST" and "state" in request.form:
        try:
            services.discard(course.id, request.form["state"], actor_id=current_user.id, now=clock.now())
        except services.DraftChanged as refusal:
            db.session.rollback()
            flash(refusal.text)
            return redirect(url_for(".discard", slug=slug))
        db.session.commit()
        flash(_("The changes have been discarded. The draft is again what was published last."), "done")
        return redirect(url_for(".outline", slug=slug))
    draft = services.source(course.id)
    latest = services.of_revision(queries.revisions(course.id)[0].id)
    return render_template(
        "authoring/discard.html",
        course=course,
        scheduled=queries.waiting_publication(course.id),
        revision=revision,
        draft=draft,
        changed=changed_files(draft, latest.hashes) if draft.is_draft else [],
        names=persons.names_of({one.changed_by for one in draft.files.values() if one.changed_by}),
    )


def _delete(course: Course) -> Any:
    """Delete a course that nobody has seen yet as a whole."""
    if request.method == "POST" and "state" in request.form:
        try:
            creating.delete_course(course.id, request.form["state"], actor_id=current_user.id, now=clock.now())
        except Refusal as refusal:
            db.session.rollback()
            flash(refusal.text)
            return redirect(url_for(".discard", slug=course.slug))
        db.session.commit()
        flash(_("The course has been deleted."), "done")
        return redirect(url_for("home.teach" if current_user.has_role("instructor") else "course_admin.list_"))
    draft = services.source(course.id)
    checked = check_draft(course.slug, draft.texts)
    return render_template("authoring/delete.html", course=course, draft=draft, title=checked.title, checked=checked)
