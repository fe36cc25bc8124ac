"""Files of a draft that are no texts: checking an upload, adding, replacing, deleting.

``accept`` is slow and changes no rows; it comes before the transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from lms.authoring import queries
from lms.authoring.media_names import clean_name, free_path
from lms.authoring.models import CourseDraft, CourseDraftFile
from lms.authoring.services import DraftChanged, Source, SourceFile, create_draft, draft_files, latest_id, lock
from lms.content.documents import file_types
from lms.content.rendering.media import PICTURES, PictureVersions
from lms.core import storage
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.courses.services import FOLDER
from lms.media import drawings
from lms.media import services as pictures
from lms.media.encoding import PictureRefused
from lms.media.metadata import without_metadata
from lms.media.services import MadePicture

MAX_PICTURE_BYTES = 20 * 1024 * 1024
MAX_FILE_BYTES = 50 * 1024 * 1024
_OTHERS = frozenset({"pdf", "docx", "xlsx", "pptx", "mp3", "m4a", "mp4"})


class MediaRefused(Refusal):
    status = 422
    message = lazy("This file cannot be added. Nothing was changed.")


class NoFile(MediaRefused):
    message = lazy("No file was chosen. Choose one, then press the button again.")


class MediaTooLarge(MediaRefused):
    message = lazy("This file has %(size)s MB; at most %(most)s MB can be added. Nothing was changed.")


class HeicRefused(MediaRefused):
    message = lazy(
        "This photo has Apple's format HEIC, which most phones cannot show. On the iPhone choose Settings, Camera, "
        "Formats, “Most Compatible” and take it again, or save a copy as JPEG. Nothing was changed."
    )


class BrokenPicture(MediaRefused):
    message = lazy(
        "This picture is broken or was sent only in part. Open it on your device: if you can see it there, save it as "
        "JPEG or PNG and choose the copy. Nothing was changed."
    )


class PictureTooLarge(MediaRefused):
    message = lazy(
        "This picture has too many pixels. Make it smaller, to at most 4,000 pixels on each side, and choose it again. "
        "Nothing was changed."
    )


class ActiveDrawing(MediaRefused):
    message = lazy(
        "This SVG contains scripts, or parts from other places. Save it as “plain SVG” or as PNG. Nothing was changed."
    )


class UnknownFormat(MediaRefused):
    message = lazy(
        "Files of this kind cannot be added. Pictures: JPEG, PNG, WebP, GIF, SVG. Others: MP4, MP3, M4A, "
        "VTT (captions), PDF, DOCX, XLSX, PPTX. Nothing was changed."
    )


class AnotherKind(MediaRefused):
    message = lazy(
        "The new file must be of the same kind (.%(kind)s), so that the texts still find it. Add this one as a new "
        "file instead. Nothing was changed."
    )


@dataclass(frozen=True)
class AcceptedFile:
    """An upload that is in the storage, but in no draft yet."""

    name: str
    key: str
    sha256: str
    size: int
    """As it was sent."""
    picture: MadePicture | None = None
    versions: PictureVersions | None = None
    lost_metadata: bool = False
    """True if metadata was removed that says where and when it was taken."""


@dataclass(frozen=True)
class AddedFile:
    path: str
    is_known: bool
    """The draft had a file with the same content: nothing was added."""


def accept(name: str, data: bytes) -> AcceptedFile:
    """Look at a file that was sent, take metadata out of a picture, make its versions, and store it.

    :raises MediaRefused: it cannot be part of a course, and why.
    """
    if not data:
        raise NoFile
    extension = _extension(name, data)
    most = MAX_PICTURE_BYTES if extension in PICTURES else MAX_FILE_BYTES
    if len(data) > most:
        raise MediaTooLarge(size=-(-len(data) // 1_048_576), most=most // 1_048_576)
    clean = without_metadata(data) if extension in PICTURES else data
    picture = versions = None
    if extension in PICTURES:
        sha256 = hashlib.sha256(clean).hexdigest()
        versions = pictures.known_pictures({name: clean}).versions.get(sha256)
        picture = None if versions else _made(clean)
    stored = storage.save(clean, FOLDER)
    return AcceptedFile(
        clean_name(name, extension),
        stored.key,
        stored.sha256,
        len(data),
        picture,
        versions or (picture.sizes if picture else None),
        lost_metadata=len(clean) < len(data),
    )


def add(before: Source, course_id: int, file: AcceptedFile, *, actor_id: int | None, now: datetime) -> AddedFile:
    """Put a file into the draft, which is made if there is none.

    :param before: the source as it was read before; for a new draft, with the texts read.
    :raises DraftChanged: the course was published meanwhile. Nothing was added.
    """
    draft, files = _locked(before, course_id)
    known = next((one.path for one in files.values() if one.sha256 == file.sha256 and not one.is_text), None)
    if known is not None:
        return AddedFile(known, True)
    draft = draft or create_draft(course_id, before, actor_id, now)
    path = free_path(file.name, files)
    row = CourseDraftFile(draft_id=draft.id, path=path, key=file.key, sha256=file.sha256, version=0)
    row.changed_at, row.changed_by = now, actor_id
    db.session.add(row)
    _record_picture(file, now)
    return AddedFile(path, False)


def replace(
    before: Source, course_id: int, path: str, file: AcceptedFile, *, actor_id: int | None, now: datetime
) -> None:
    """Give a file another content under the same name.

    :raises AnotherKind: the name would no longer say what it is.
    :raises DraftChanged: there is no such file now.
    """
    kind = path.rpartition(".")[2].lower()
    if file.name.rpartition(".")[2] != {"jpeg": "jpg"}.get(kind, kind):
        raise AnotherKind(kind=kind)
    draft, files = _locked(before, course_id)
    if path not in files or files[path].is_text:
        raise DraftChanged
    draft = draft or create_draft(course_id, before, actor_id, now)
    row = db.session.scalars(
        select(CourseDraftFile).where(CourseDraftFile.draft_id == draft.id, CourseDraftFile.path == path)
    ).one()
    row.key, row.sha256, row.changed_at, row.changed_by = file.key, file.sha256, now, actor_id
    row.version += 1
    _record_picture(file, now)


def remove(before: Source, course_id: int, path: str, seen: str, *, actor_id: int | None, now: datetime) -> None:
    """Take a file out of the draft; published revisions keep theirs. Harmless if it is gone.

    :param seen: the hash of the file that was shown.
    :raises DraftChanged: it has another content now. It is kept.
    """
    draft, files = _locked(before, course_id)
    if path not in files:
        return
    if files[path].sha256 != seen or files[path].is_text:
        raise DraftChanged
    draft = draft or create_draft(course_id, before, actor_id, now)
    wanted = (CourseDraftFile.draft_id == draft.id, CourseDraftFile.path == path)
    db.session.execute(delete(CourseDraftFile).where(*wanted))
    db.session.flush()


def _locked(before: Source, course_id: int) -> tuple[CourseDraft | None, Mapping[str, SourceFile]]:
    lock(course_id)
    draft = queries.draft(course_id)
    if draft is None and latest_id(course_id) != before.revision_id:
        raise DraftChanged
    return draft, draft_files(draft) if draft else before.files


def _record_picture(file: AcceptedFile, now: datetime) -> None:
    if file.picture is not None:
        pictures.add([file.picture], now=now)
    db.session.flush()


def _made(data: bytes) -> MadePicture:
    try:
        return pictures.make(data)
    except PictureRefused as error:
        raise {"bomb": PictureTooLarge, "broken": BrokenPicture}.get(str(error), UnknownFormat) from error


def _extension(name: str, data: bytes) -> str:
    """The extension by the content, whatever the name says."""
    head = data[:12]
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "gif"
    if head[4:8] == b"ftyp" and head[8:12] in (b"avif", b"avis"):
        return "avif"
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<svg", b"<?xml", b"<!--", b"<!DOCTYPE svg")):
        fault = drawings.fault_of(data)
        if fault == "scripts":
            raise ActiveDrawing
        if fault:
            raise BrokenPicture
        return "svg"
    if data.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT"):
        return "vtt"
    found = file_types.detect(data, name).type
    if found is None and name.lower().endswith((".jpg", ".jpeg", ".png", ".webp", ".gif", ".svg")):
        raise BrokenPicture
    extension = found.extension if found else ""
    if extension == "heic":
        raise HeicRefused
    if extension not in _OTHERS and extension not in PICTURES:
        raise UnknownFormat
    return extension
