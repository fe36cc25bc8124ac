"""Deletes the personal data of old lists, which contain unmasked numbers.

Who uploaded which file and when, and the counts of rows, are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from lms.core import settings, storage
from lms.core.db import db
from lms.core.i18n import lazy
from lms.core.settings import Setting
from lms.roster.models import PeopleImport
from lms.roster.services.imports import BUSY

RETENTION_DAYS = Setting(
    "people_lists_kept_days",
    90,
    group=lazy("Lists of people"),
    label=lazy("Days to keep a list"),
    hint=lazy("After that, the file, the rejected rows and the names are deleted; the counts are kept."),
    check=lambda days: None if 1 <= days <= 3650 else str(lazy("Between 1 and 3,650.")),
)
DELETED = ""
"""``PeopleImport.key`` after the file was deleted."""
NAMES = {"problems": [], "problem_count": 0, "changes": [], "duplicates": [], "leaving": [], "uncomputed": []}


def lists_to_delete(now: datetime) -> Sequence[int]:
    """Ids of lists that are old enough and that no job works on."""
    before = now - timedelta(days=settings.value(RETENTION_DAYS))
    is_over = PeopleImport.state.not_in(BUSY)
    return db.session.scalars(
        select(PeopleImport.id).where(PeopleImport.created_at < before, PeopleImport.key != DELETED, is_over)
    ).all()


def delete_list(import_id: int) -> None:
    """Delete a list's files and the names in its report. Files go first, so that a failed run is repeated."""
    row = db.session.get_one(PeopleImport, import_id, with_for_update=True)
    if row.state in BUSY:
        return
    for key in filter(None, (row.key, row.refused_key)):
        if not _is_used_elsewhere(key, row.id):
            storage.delete(key)
    if row.state == "checked":
        row.state = "withdrawn"
    row.key, row.refused_key = DELETED, None
    row.report = {name: NAMES.get(name, value) for name, value in row.report.items()}
    db.session.flush()


def _is_used_elsewhere(key: str, own_id: int) -> bool:
    """A file that was uploaded twice is stored once."""
    others = select(PeopleImport.id).where(
        PeopleImport.id != own_id, or_(PeopleImport.key == key, PeopleImport.refused_key == key)
    )
    return db.session.scalar(others.limit(1)) is not None
