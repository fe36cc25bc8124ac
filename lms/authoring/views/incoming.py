"""A new course from a ZIP, a folder or a DOCX: first what it would become, then its draft."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.authoring import policy
from lms.authoring.front_matter import NotEditable, with_values
from lms.authoring.services import creating, uploads
from lms.authoring.services.incoming import ImportPreview, markdown_of_paste, preview_import, read_upload
from lms.authoring.services.uploads import HeldUpload
from lms.authoring.views.blueprint import bp, course_to_edit
from lms.content.folder.archive import BadArchive
from lms.content.folder.outline import COURSE_FILE
from lms.core import clock
from lms.core.db import db, reading
from lms.core.i18n import gettext as _
from lms.courses import queries as courses
from lms.web.access import require, role
from lms.web.request_limits import takes_files

PURPOSE = "new course"
MAX_TITLE_LENGTH = 150


@bp.route("/teach/courses/import", methods=["GET", "POST"])
@role("instructor", "admin")
@takes_files
def import_course() -> Any:
    require(policy.may_create_course(current_user))
    if digest := request.values.get("upload", ""):
        found = uploads.held_upload(digest, current_user.id, PURPOSE)
        if found is None:
            flash(_("These files are no longer here. Please choose them again."))
            return redirect(url_for(".import_course"))
        return _look(found, digest)
    if request.method != "POST":
        return render_template("authoring/import.html")
    sent = [one for one in request.files.getlist("files") + request.files.getlist("folder") if one.filename]
    try:
        folder = read_upload([(str(one.filename), one.read()) for one in sent])
        with reading():
            db.session.rollback()
            preview_import(folder.name, folder.files, is_split=True)
            digest = uploads.hold(folder.files, current_user.id, PURPOSE, name=folder.name)
    except BadArchive as refusal:
        return render_template("authoring/import.html", refusal=refusal), 422
    return redirect(url_for(".import_course", upload=digest), 303)


def _look(found: HeldUpload, digest: str) -> Any:
    is_split = request.values.get("split", "headings") == "headings"
    files = {path: file.data for path, file in found.files.items()}
    try:
        with reading():
            made = preview_import(found.name, files, is_split=is_split)
    except BadArchive as refusal:
        return render_template("authoring/import.html", refusal=refusal), 422
    title = " ".join(request.form.get("title", made.course.title).split())[:MAX_TITLE_LENGTH]
    if request.method == "POST" and title:
        return _begin(made, title)
    page = render_template(
        "authoring/import.html",
        made=made,
        digest=digest,
        is_split=is_split,
        title=title,
        known=_known(found.name) if made.course.is_ours else None,
    )
    return page, 422 if request.method == "POST" else 200


def _known(name: str) -> str | None:
    """The slug of the course of this name, if the person may bring the files back to it."""
    course = courses.course(name)
    return name if course and (current_user.is_admin or course.id in current_user.taught_course_ids) else None


def _begin(made: ImportPreview, title: str) -> Any:
    files = dict(made.course.files)
    if title != made.course.title:
        try:
            files[COURSE_FILE] = with_values(files[COURSE_FILE], {"title": title})
        except (KeyError, NotEditable):
            flash(_("The title could not be changed: do so in the source of “About this course”."))
    with reading():
        slug = creating.free_slug(title)
        db.session.rollback()
    course = creating.create_course_once(slug, title, files, actor_id=current_user.id, now=clock.now())
    slug = course.slug
    db.session.commit()
    flash(_("The draft of the course is ready. Only you and admins see it until it is published."), "done")
    return redirect(url_for(".outline", slug=slug))


@bp.post("/teach/courses/<slug>/paste")
@role("instructor", "admin")
def paste(slug: str) -> Any:
    """HTML of the clipboard as Markdown, for the editor's script."""
    course_to_edit(slug)
    html = request.form.get("html") or abort(400)
    with reading():
        db.session.rollback()
        text = markdown_of_paste(html)
    return ({"text": text}, 200) if text is not None else ({"message": _("This was too long to be converted.")}, 422)
