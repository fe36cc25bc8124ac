"""The draft of a course: reading it, saving a file, discarding the draft, and replacing it by an older revision.

Slow work and reading from the storage come before the transaction that writes, which locks the course first, as an
import does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, insert, select

from lms.authoring import queries
from lms.authoring.models import CourseDraft, CourseDraftFile
from lms.authoring.splice import NoText, splice
from lms.content.markdown.document import MAX_BYTES
from lms.core import ledger, storage
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.courses import queries as courses
from lms.courses import services as importing
from lms.courses.models import Course, CourseRevision


class DraftChanged(Refusal):
    """Somebody else has changed or published the draft since it was shown."""

    message = lazy("Somebody else has changed this draft in the meantime. Nothing was done; please look again.")


class SourceTooLong(Refusal):
    message = lazy("This text has %(size)s KB; at most %(most)s KB are saved. Split it into several files.")
    status = 422


class FileChanged(Exception):
    """Somebody else has saved this file since the text was fetched; ``file`` is what they saved."""

    def __init__(self, file: SourceFile) -> None:
        super().__init__(file.path)
        self.file = file


@dataclass(frozen=True)
class SourceFile:
    """A file as an editor finds it: a text of the draft with its bytes, anything else by its key."""

    path: str
    sha256: str
    content: bytes | None
    key: str | None
    version: int = 0
    changed_at: datetime | None = None
    changed_by: int | None = None

    @property
    def data(self) -> bytes:
        return storage.read(self.key) if self.key is not None else self.content or b""

    @property
    def is_text(self) -> bool:
        return is_text(self.path)


@dataclass(frozen=True)
class Source:
    """All files of the draft, or of the latest revision while there is none, or nothing if there is neither."""

    revision_id: int | None
    """The draft began with it. None: the course had no revision yet."""
    is_draft: bool
    files: Mapping[str, SourceFile]

    @property
    def state(self) -> str:
        """A hash of all contents. Forms send it, so that nothing is done to a draft that nobody has seen."""
        return hashlib.sha256(json.dumps([self.is_draft, sorted(self.hashes.items())]).encode()).hexdigest()

    def text(self, path: str) -> str:
        """The text for people to read; empty if there is no such file."""
        return self.files[path].data.decode(errors="replace") if path in self.files else ""

    @property
    def texts(self) -> dict[str, bytes]:
        """The texts, and all other files by name without their bytes: enough to read and check a course."""
        return {path: file.data if file.is_text else b"" for path, file in self.files.items()}

    @property
    def data(self) -> dict[str, bytes]:
        return {path: file.data for path, file in self.files.items()}

    @property
    def hashes(self) -> dict[str, str]:
        return {path: file.sha256 for path, file in self.files.items()}


def removed_files(course_id: int) -> dict[str, SourceFile]:
    """The files that were taken out of the draft."""
    draft = queries.draft(course_id)
    rows = queries.draft_files(draft.id, removed=True) if draft else ()
    return {row.path: _file(row) for row in rows}


def is_text(path: str) -> bool:
    return path.lower().endswith(".md")


def stored_file(path: str, data: bytes) -> SourceFile:
    """A new file of a draft: anything but a text is put into the storage, before the transaction that adds its row."""
    if is_text(path):
        return SourceFile(path, hashlib.sha256(data).hexdigest(), data, None)
    kept = importing.store_file(data)
    return SourceFile(path, kept.sha256, None, kept.key)


def source(course_id: int) -> Source:
    draft = queries.draft(course_id)
    if draft is not None:
        return Source(draft.revision_id, True, draft_files(draft))
    revision = courses.latest_revision(course_id)
    return of_revision(revision.id) if revision else Source(None, False, {})


def of_revision(revision_id: int) -> Source:
    rows = queries.revision_files(revision_id)
    return Source(revision_id, False, {row.path: SourceFile(row.path, row.sha256, None, row.key) for row in rows})


def save(
    before: Source, course_id: int, path: str, sent: str, base: str, *, actor_id: int | None, now: datetime
) -> SourceFile:
    """Put the text of a form into a file of the draft, which is made if there is none; only changed lines differ.

    :param before: the source as it was read before; for a new draft, with the texts read (``with_texts``).
    :param base: the hash of the file that the text was made from.
    :raises FileChanged: it has another one now. Nothing was saved.
    :raises SourceTooLong: nothing was saved.
    :raises NoText: the file is no text.
    """
    refuse_long(sent.encode())
    return put(before, course_id, path, lambda content: splice(content, sent), base, actor_id=actor_id, now=now)


def put(
    before: Source,
    course_id: int,
    path: str,
    change: Callable[[bytes], bytes],
    base: str,
    *,
    actor_id: int | None,
    now: datetime,
) -> SourceFile:
    """Like ``save``, with what ``change`` makes of the file's bytes. It is called for the file
    that ``base`` names alone.
    """
    lock(course_id)
    draft = queries.draft(course_id)
    if draft is None and latest_id(course_id) != before.revision_id:
        raise DraftChanged
    file = (draft_files(draft) if draft else before.files).get(path)
    if file is None or not file.is_text:
        raise DraftChanged
    if file.content is None:
        raise NoText
    if file.sha256 != base:
        raise FileChanged(file)
    content = change(file.content)
    if content == file.content:
        return file
    refuse_long(content)
    draft = draft or create_draft(course_id, before, actor_id, now)
    row = db.session.scalars(
        select(CourseDraftFile).where(CourseDraftFile.draft_id == draft.id, CourseDraftFile.path == path)
    ).one()
    row.content, row.sha256 = content, hashlib.sha256(content).hexdigest()
    row.version += 1
    row.changed_at, row.changed_by = now, actor_id
    db.session.flush()
    return _file(row)


def refuse_long(content: bytes) -> None:
    """:raises SourceTooLong: a text of this length is not saved."""
    if len(content) > MAX_BYTES:
        raise SourceTooLong(size=-(-len(content) // 1024), most=MAX_BYTES // 1024)


def with_texts(found: Source) -> Source:
    """The source with the bytes of all texts; those of a revision are read from the storage."""
    files = {
        path: SourceFile(path, file.sha256, file.data, None) if file.is_text and file.content is None else file
        for path, file in found.files.items()
    }
    return Source(found.revision_id, found.is_draft, files)


def discard(course_id: int, state: str, *, actor_id: int | None, now: datetime) -> None:
    """Delete the draft as it was shown; without one, nothing happens.

    :raises DraftChanged: it is another one now. It is kept.
    """
    lock(course_id)
    draft = queries.draft(course_id)
    if draft is None:
        return
    if source(course_id).state != state:
        raise DraftChanged
    _record_discarding(draft, actor_id, now)
    delete_draft(draft)


def restore(older: Source, course_id: int, state: str, *, actor_id: int | None, now: datetime) -> None:
    """Make the files of an older revision (``with_texts``) the draft, in place of the one that was shown.

    :raises DraftChanged: the draft is another one now. It is kept.
    """
    lock(course_id)
    if source(course_id).state != state:
        raise DraftChanged
    draft = queries.draft(course_id)
    if draft is not None:
        _record_discarding(draft, actor_id, now)
        delete_draft(draft)
    latest = latest_id(course_id)
    assert latest is not None  # the older one is a revision
    create_draft(course_id, replace(older, revision_id=latest), actor_id, now)


def _record_discarding(draft: CourseDraft, actor_id: int | None, now: datetime) -> None:
    known = db.session.get(CourseRevision, draft.revision_id) if draft.revision_id else None
    facts = {"revision": known.number} if known else {}
    ledger.record(actor_id, "discard draft", f"course:{draft.course_id}", now=now, **facts)


def delete_draft(draft: CourseDraft) -> None:
    db.session.execute(delete(CourseDraftFile).where(CourseDraftFile.draft_id == draft.id))
    db.session.delete(draft)
    db.session.flush()


def lock(course_id: int) -> None:
    """Lock the course as an import does, so that saving, publishing and importing wait for each other.

    :raises DraftChanged: the course was deleted before it was ever published.
    """
    if db.session.scalar(select(Course.id).where(Course.id == course_id).with_for_update(key_share=True)) is None:
        raise DraftChanged


def create_draft(course_id: int, begins_with: Source, actor_id: int | None, now: datetime) -> CourseDraft:
    draft = CourseDraft(
        course_id=course_id,
        revision_id=begins_with.revision_id,
        created_at=now,
        created_by=actor_id,
    )
    db.session.add(draft)
    db.session.flush()
    rows = [
        {
            "draft_id": draft.id,
            "path": file.path,
            "content": file.content,
            "key": file.key,
            "sha256": file.sha256,
            "version": 0,
        }
        for file in begins_with.files.values()
    ]
    db.session.execute(insert(CourseDraftFile), rows)
    return draft


def draft_files(draft: CourseDraft) -> dict[str, SourceFile]:
    return {row.path: _file(row) for row in queries.draft_files(draft.id)}


def _file(row: CourseDraftFile) -> SourceFile:
    return SourceFile(row.path, row.sha256, row.content, row.key, row.version, row.changed_at, row.changed_by)


def latest_id(course_id: int) -> int | None:
    latest = courses.latest_revision(course_id)
    return latest.id if latest else None
