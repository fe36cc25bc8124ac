"""Files of a draft beside its texts: pictures, videos and what else modules link to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.authoring import services
from lms.authoring.media_names import link_from, unquoted, where_used
from lms.authoring.services import DraftChanged, Source, SourceFile
from lms.authoring.services import media as files_of_draft
from lms.authoring.services.checking import media_base
from lms.authoring.services.media import AcceptedFile, AddedFile, NoFile
from lms.authoring.services.sizes import sizes
from lms.authoring.views.blueprint import bp, course_to_edit
from lms.content.rendering.media import MEDIA_TYPES, PictureVersions, content_type, is_picture
from lms.core import clock, storage
from lms.core.db import db, reading
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.core.i18n import say_number
from lms.media import queries as pictures
from lms.web import form_recovery
from lms.web.access import role
from lms.web.request_limits import takes_files
from lms.web.stored_file import stored_file

HASH_IN_ADDRESS = 20


@dataclass(frozen=True)
class MediaEntry:
    """A row of the list. ``picture`` is the address of something small to look at."""

    path: str
    sha256: str
    size: int
    light: int | None
    picture: str | None
    used_in: tuple[str, ...]


@bp.route("/teach/courses/<slug>/files", methods=["GET", "POST"])
@takes_files
@role("instructor", "admin")
def files(slug: str) -> Any:
    """The list; POST adds a file or, with ``replace``, puts it in the place of another."""
    course, _revision = course_to_edit(slug)
    draft = services.source(course.id)
    if request.method != "POST":
        return _page(slug, draft)
    course_id, path = course.id, request.form.get("replace", "")
    try:
        if path:
            accepted = _replace_sent(draft, course_id, path)
            added = AddedFile(path, False)
        else:
            added, accepted = add_sent(draft, course_id)
    except Refusal as refusal:
        db.session.rollback()
        if form_recovery.wants_json():
            return {"message": refusal.text}, refusal.status
        return _page(slug, services.source(course_id), message=refusal.text), refusal.status
    db.session.commit()
    words = said(added, accepted)
    if form_recovery.wants_json():
        return {"path": added.path, "link": link_from(request.form.get("from", ""), added.path), "said": words}
    flash(words, "done")
    return redirect(url_for(".files", slug=slug))


def add_sent(draft: Source, course_id: int) -> tuple[AddedFile, AcceptedFile]:
    """Put the file of the form into the draft. The slow part comes before the transaction.

    :raises Refusal: nothing was added.
    """
    accepted, ready = _accepted(draft)
    added = files_of_draft.add(ready, course_id, accepted, actor_id=current_user.id, now=clock.now())
    return added, accepted


def _replace_sent(draft: Source, course_id: int, path: str) -> AcceptedFile:
    accepted, ready = _accepted(draft)
    files_of_draft.replace(ready, course_id, path, accepted, actor_id=current_user.id, now=clock.now())
    return accepted


def _accepted(draft: Source) -> tuple[AcceptedFile, Source]:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise NoFile
    with reading():
        accepted = files_of_draft.accept(sent.filename, sent.read())
        ready = services.with_texts(draft)
        db.session.rollback()
    return accepted, ready


def said(added: AddedFile, file: AcceptedFile) -> str:
    """What happened to a file, in words for its author."""
    light = file.versions.lightest if file.versions else None
    words = [size_in_words(file.size)]
    if light is not None and light < file.size:
        words = [_("%(before)s becomes %(after)s on a phone", before=words[0], after=size_in_words(light))]
    if added.is_known:
        first = _("The course has this file already, as %(file)s.", file=added.path)
    else:
        first = _("%(file)s is in the draft: %(size)s.", file=added.path, size=words[0])
    if not file.lost_metadata:
        return first
    return first + " " + _("Where, when and with what it was taken has been removed.")


def size_in_words(size: int) -> str:
    if size >= 1_048_576:
        return f"{say_number(size / 1_048_576, 1)} MB"
    return f"{max(1, round(size / 1024))} KB"


@bp.route("/teach/courses/<slug>/files/delete", methods=["GET", "POST"])
@role("instructor", "admin")
def delete_file(slug: str) -> Any:
    """Where the file is used, and the button. A file that nothing uses is deleted from the list at once."""
    course, _revision = course_to_edit(slug)
    draft = services.source(course.id)
    path = request.values.get("file", "")
    found = draft.files.get(path)
    if found is None or found.is_text:
        abort(404)
    if request.method != "POST":
        entry = _entries(slug, draft, [found])[0]
        return render_template("authoring/file_delete.html", course=course, draft=draft, file=entry)
    course_id = course.id
    with reading():
        ready = services.with_texts(draft)
        db.session.rollback()
    try:
        seen = request.form.get("seen", "")
        files_of_draft.remove(ready, course_id, path, seen, actor_id=current_user.id, now=clock.now())
    except DraftChanged as refusal:
        db.session.rollback()
        flash(refusal.text)
        return redirect(url_for(".files", slug=slug))
    db.session.commit()
    flash(
        _("%(file)s is no longer in the draft. What learners see stays as it is until you publish.", file=path), "done"
    )
    return redirect(url_for(".files", slug=slug))


@bp.get("/teach/courses/<slug>/draft/media/<digest>/<name>")
@role("instructor", "admin")
def draft_media(slug: str, digest: str, name: str) -> Response:
    """A file of the draft, published or not, as its author uploaded it."""
    file = _file_of_draft(slug, digest, name)
    assert file.key is not None  # only texts have none
    try:
        size = storage.size(file.key)
    except storage.FileMissing:
        abort(404)
    return stored_file(file.key, size, content_type(file.path) or "")


@bp.get("/teach/courses/<slug>/draft/pictures/<digest>/<int:width>.<any(webp, avif, jpg, png):encoding>")
@role("instructor", "admin")
def draft_picture(slug: str, digest: str, width: int, encoding: str) -> Response:
    file = _file_of_draft(slug, digest)
    version = pictures.version(file.sha256, width, encoding) or abort(404)
    return stored_file(version.key, version.size, version.content_type)


def _file_of_draft(slug: str, digest: str, name: str = "") -> SourceFile:
    course, _revision = course_to_edit(slug)
    found = (
        file
        for file in services.source(course.id).files.values()
        if len(digest) == HASH_IN_ADDRESS
        and file.sha256.startswith(digest)
        and name in ("", file.path.rsplit("/", 1)[-1])
        and file.key
        and content_type(file.path)
    )
    return next(found, None) or abort(404)


def _page(slug: str, draft: Source, *, message: str = "") -> str:
    course, revision = course_to_edit(slug)
    shown = [file for file in draft.files.values() if not file.is_text]
    return render_template(
        "authoring/files.html",
        course=course,
        revision=revision,
        draft=draft,
        entries=_entries(slug, draft, shown),
        accept=",".join(sorted({f".{one}" for one in MEDIA_TYPES} | {"image/*"})),
        message=message,
        size_in_words=size_in_words,
    )


def _entries(slug: str, draft: Source, shown: list[SourceFile]) -> list[MediaEntry]:
    texts = unquoted({path: file.data for path, file in draft.files.items() if file.is_text})
    known_sizes = sizes(draft)
    known = pictures.pictures({file.sha256 for file in shown if is_picture(file.path)})
    return [
        MediaEntry(
            file.path,
            file.sha256,
            known_sizes[file.path],
            known[file.sha256].lightest if file.sha256 in known else None,
            _thumbnail(slug, file, known.get(file.sha256)),
            tuple(where_used(file.path, texts)),
        )
        for file in sorted(shown, key=lambda one: one.path)
    ]


def _thumbnail(slug: str, file: SourceFile, versions: PictureVersions | None) -> str | None:
    """The smallest version that every browser shows; of drawings the file itself."""
    base = f"{media_base(slug)}/%s/{file.sha256[:20]}/"
    if versions and versions.sizes:
        small = min((width, kind) for kind, width, _size in versions.sizes if kind in ("jpg", "png"))
        return base % "pictures" + f"{small[0]}.{small[1]}"
    if file.path.lower().endswith((".svg", ".gif")):
        return base % "media" + file.path.rsplit("/", 1)[-1]
    return None
