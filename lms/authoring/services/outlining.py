"""Changes of a draft's outline: adding, renaming, taking out and putting back files, in one step each."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Select, select, update

from lms.authoring import queries
from lms.authoring.models import CourseDraft, CourseDraftFile
from lms.authoring.services import DraftChanged, FileChanged, Source, create_draft, lock, source
from lms.authoring.structure import FolderEdit
from lms.core.db import db


def change(
    before: Source, course_id: int, state: str, edit: FolderEdit, *, actor_id: int | None, now: datetime
) -> None:
    """Rename and write files of the draft, which is made if there is none.

    :param before: the source as it was read before, with the texts read (``with_texts``); the edit was made from it.
    :param state: of the source that was shown.
    :raises DraftChanged: it is another one now. Nothing was done.
    """
    draft = _draft(before, course_id, state, actor_id, now)
    for number, old in enumerate(edit.renames):
        _set_path(draft.id, old, f"~{number}")
    for number, new in enumerate(edit.renames.values()):
        _set_path(draft.id, f"~{number}", new)
    rows = {row.path: row for row in db.session.scalars(_all_files(draft.id))}
    for path, data in edit.texts.items():
        _write(draft.id, rows.get(path), path, data, actor_id, now)
    db.session.flush()


def write(
    before: Source, course_id: int, path: str, data: bytes, base: str, *, actor_id: int | None, now: datetime
) -> None:
    """Write one file of the draft, which is made if there is none.

    :param base: the hash of the file that ``data`` was made from; empty for a new file.
    :raises FileChanged: it is another one now. Nothing was done.
    :raises DraftChanged: the file or the draft is no longer there.
    """
    lock(course_id)
    now_there = source(course_id)
    if now_there.is_draft is False and now_there.state != before.state:
        raise DraftChanged
    file = now_there.files.get(path)
    if (file is None) != (base == ""):
        raise DraftChanged
    if file is not None and file.sha256 != base:
        raise FileChanged(file)
    draft = queries.draft(course_id) or create_draft(course_id, before, actor_id, now)
    row = db.session.scalars(_all_files(draft.id).where(CourseDraftFile.path == path)).first()
    _write(draft.id, row, path, data, actor_id, now)
    db.session.flush()


def take_out(
    before: Source, course_id: int, state: str, paths: Collection[str], *, actor_id: int | None, now: datetime
) -> None:
    """Take files out of the draft; they can be put back until it is published.

    :raises DraftChanged: the draft is another one now. Nothing was done.
    """
    draft = _draft(before, course_id, state, actor_id, now)
    _mark(draft.id, paths, {"removed_at": now, "changed_at": now, "changed_by": actor_id})


def put_back(course_id: int, state: str, paths: Collection[str], *, actor_id: int | None, now: datetime) -> None:
    """:raises DraftChanged: the draft is another one now. Nothing was done."""
    lock(course_id)
    draft = queries.draft(course_id)
    if draft is None or source(course_id).state != state:
        raise DraftChanged
    _mark(draft.id, paths, {"removed_at": None, "changed_at": now, "changed_by": actor_id})


def _draft(before: Source, course_id: int, state: str, actor_id: int | None, now: datetime) -> CourseDraft:
    lock(course_id)
    if source(course_id).state != state or before.state != state:
        raise DraftChanged
    return queries.draft(course_id) or create_draft(course_id, before, actor_id, now)


def _set_path(draft_id: int, old: str, new: str) -> None:
    """In two steps for all, because two files may change places."""
    db.session.execute(
        update(CourseDraftFile)
        .where(CourseDraftFile.draft_id == draft_id, CourseDraftFile.path == old)
        .values(path=new)
        .execution_options(synchronize_session=False)
    )


def _all_files(draft_id: int) -> Select[CourseDraftFile]:
    wanted = select(CourseDraftFile).where(CourseDraftFile.draft_id == draft_id)
    return wanted.execution_options(populate_existing=True)


def _write(
    draft_id: int, row: CourseDraftFile | None, path: str, data: bytes, actor_id: int | None, now: datetime
) -> None:
    if row is None:
        row = CourseDraftFile(draft_id=draft_id, path=path, version=0)
        db.session.add(row)
    row.content, row.key, row.sha256 = data, None, hashlib.sha256(data).hexdigest()
    row.version += 1
    row.changed_at, row.changed_by = now, actor_id


def _mark(draft_id: int, paths: Collection[str], values: Mapping[str, object]) -> None:
    db.session.execute(
        update(CourseDraftFile)
        .where(CourseDraftFile.draft_id == draft_id, CourseDraftFile.path.in_(paths))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    db.session.flush()
