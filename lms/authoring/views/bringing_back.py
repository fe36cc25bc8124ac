"""The ZIP of a course that comes back: compared with the draft file by file, then taken as the author chooses."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.authoring import queries, services
from lms.authoring.folder_changes import ReturnedFile, folder_differences
from lms.authoring.prose import Paragraph, compare_texts
from lms.authoring.services import DraftChanged, Source, SourceFile, uploads
from lms.authoring.services.bringing_back import bring_back
from lms.authoring.services.uploads import HeldUpload
from lms.authoring.views.blueprint import bp, course_to_edit
from lms.content.folder.archive import BadArchive, unpack
from lms.content.folder.outline import COURSE_FILE
from lms.content.markdown.problems import Message, say
from lms.core import clock
from lms.core.db import db, reading
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext
from lms.courses.models import Course
from lms.web.access import role
from lms.web.request_limits import takes_files

MAX_COMPARED = 60
"""Texts whose words are compared on the page; of the others, the page has the names."""


class Compared(NamedTuple):
    difference: ReturnedFile
    paragraphs: list[Paragraph] | None
    chosen: str


@bp.route("/teach/courses/<slug>/bring-back", methods=["GET", "POST"])
@role("instructor", "admin")
@takes_files
def bring_files_back(slug: str) -> Any:
    course, _revision = course_to_edit(slug)
    purpose = f"course {course.id}"
    digest = request.values.get("upload", "")
    if digest:
        found = uploads.held_upload(digest, current_user.id, purpose)
        if found is None:
            flash(_("These files are no longer here. Please choose the ZIP again."))
            return redirect(url_for(".bring_files_back", slug=slug))
        return _take(course, found, digest) if request.method == "POST" else _page(course, found, digest)
    if request.method != "POST":
        return render_template("authoring/bring_back.html", course=course)
    try:
        sent = request.files.get("file")
        found_folder = unpack(sent.read() if sent else b"")
        if COURSE_FILE not in found_folder.files:
            raise BadArchive(
                say("there is no file course.md in the ZIP"),
                say("make the ZIP of the whole course folder, as it was downloaded"),
            )
    except BadArchive as refusal:
        return _refused(course, refusal.what, refusal.fix)
    with reading():
        db.session.rollback()
        comment = found_folder.comment[:100].decode("ascii", "replace")
        digest = uploads.hold(found_folder.files, current_user.id, purpose, comment=comment)
    return redirect(url_for(".bring_files_back", slug=slug, upload=digest), 303)


def _refused(course: Course, what: Message, fix: Message) -> Any:
    return render_template("authoring/bring_back.html", course=course, refusal=(what, fix)), 422


def _differences(course: Course, draft: Source, found: HeldUpload) -> list[ReturnedFile]:
    return folder_differences(
        draft.hashes,
        {path for path, file in draft.files.items() if file.changed_at},
        {path: file.sha256 for path, file in found.files.items()},
        queries.hashes_of_revisions(course.id),
        found.comment,
    )


def _page(course: Course, found: HeldUpload, digest: str, *, is_incomplete: bool = False) -> str:
    draft = services.source(course.id)
    differences = _differences(course, draft, found)
    entries = []
    for at, one in enumerate(differences):
        default = {True: "zip", False: "site", None: ""}[one.takes]
        words = None
        if services.is_text(one.path) and at < MAX_COMPARED and one.kind != "missing":
            words = compare_texts(draft.text(one.path), _text(found.files[one.path]))
        entries.append(Compared(one, words, request.form.get(f"take-{at}", default)))
    return render_template(
        "authoring/bring_back.html",
        course=course,
        draft=draft,
        digest=digest,
        entries=entries,
        is_incomplete=is_incomplete,
        conflicts=sum(one.kind == "both" for one in differences),
    )


def _text(file: SourceFile) -> str:
    return file.data.decode(errors="replace")


def _take(course: Course, found: HeldUpload, digest: str) -> Any:
    with reading():
        draft = services.with_texts(services.source(course.id))
        differences = _differences(course, draft, found)
        course_id, slug = course.id, course.slug
        db.session.rollback()
    chosen = [request.form.get(f"take-{at}") for at, _one in enumerate(differences)]
    if request.form.get("state") == draft.state and not all(one in ("zip", "site") for one in chosen):
        course, _revision = course_to_edit(slug)
        return _page(course, found, digest, is_incomplete=True), 422
    pairs = zip(differences, chosen, strict=True)
    taken = {one.path: found.files.get(one.path) for one, choice in pairs if choice == "zip"}
    try:
        state = request.form.get("state", "")
        bring_back(draft, course_id, state, taken, actor_id=current_user.id, now=clock.now())
    except DraftChanged as refusal:
        db.session.rollback()
        flash(refusal.text)
        return redirect(url_for(".bring_files_back", slug=slug, upload=digest))
    db.session.commit()
    flash(
        ngettext(
            "%(num)s file of the ZIP is now in the draft. Look at what changes, then publish it.",
            "%(num)s files of the ZIP are now in the draft. Look at what changes, then publish it.",
            len(taken),
        ),
        "done",
    )
    return redirect(url_for(".outline", slug=slug))
