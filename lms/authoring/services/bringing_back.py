"""A downloaded course folder that comes back: the files that a person chose become those of the draft."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert, select

from lms.authoring import queries
from lms.authoring.models import CourseDraftFile
from lms.authoring.services import DraftChanged, Source, SourceFile, create_draft, lock, source
from lms.core import ledger
from lms.core.db import db


def bring_back(
    before: Source,
    course_id: int,
    state: str,
    taken: Mapping[str, SourceFile | None],
    *,
    actor_id: int | None,
    now: datetime,
    commit: str = "",
) -> None:
    """Put these files into the draft, all or none. None takes a file out; it can be put back.

    Other files keep their bytes.

    :param before: the draft as it was read before, with its texts (``with_texts``).
    :param state: of the draft that was compared.
    :param commit: that the files come from, for the ledger.
    :raises DraftChanged: it is another one now. Nothing was taken.
    """
    lock(course_id)
    now_there = source(course_id)
    if now_there.state != state or before.state != state:
        raise DraftChanged
    if not taken:
        return
    draft = queries.draft(course_id) or create_draft(course_id, before, actor_id, now)
    rows = db.session.scalars(select(CourseDraftFile).where(CourseDraftFile.draft_id == draft.id)).all()
    there = {row.path: row for row in rows}  # also those that were taken out
    fresh = []
    for path, file in taken.items():
        row = there.get(path)
        if row is not None:
            if file is not None:
                row.content, row.key, row.sha256 = file.content, file.key, file.sha256
                row.version += 1
            row.removed_at = None if file else now
            row.changed_at, row.changed_by = now, actor_id
        elif file is not None:
            values = {"content": file.content, "key": file.key, "sha256": file.sha256, "changed_at": now}
            fresh.append({"draft_id": draft.id, "path": path, "version": 1, "changed_by": actor_id, **values})
    if fresh:
        db.session.execute(insert(CourseDraftFile), fresh)
    ledger.record(actor_id, "bring files back", f"course:{course_id}", now=now, files=len(taken), commit=commit)
    db.session.flush()
