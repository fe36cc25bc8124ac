"""Records the backups that are made, and says which files may be deleted."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from lms.core import settings
from lms.core.db import db
from lms.ops import queries
from lms.ops.models import Backup
from lms.ops.retention import retained
from lms.ops.services.making import FinishedBackup
from lms.ops.services.settings import DAYS, WEEKS


def begin_backup(path: Path, *, now: datetime) -> Backup:
    row = Backup(started_at=now, file_name=path.name)
    db.session.add(row)
    db.session.flush()
    return row


def finish_backup(row: Backup, made: FinishedBackup, *, now: datetime) -> None:
    row.finished_at, row.size, row.sha256 = now, made.size, made.sha256
    row.is_checked, row.damaged_files = True, len(made.manifest.damaged)
    db.session.flush()


def fail_backup(row: Backup, error: Exception, *, now: datetime) -> None:
    row.finished_at, row.error = now, type(error).__name__
    db.session.flush()


def files_to_remove(folder: Path, zone: ZoneInfo) -> list[Path]:
    """Files of backups past their retention. Only files that the site made."""
    made = [row for row in queries.checked_backups() if (folder / row.file_name).is_file()]
    days = {row.id: row.started_at.astimezone(zone).date() for row in made}
    stay = retained(days.values(), days=settings.value(DAYS), weeks=settings.value(WEEKS))
    return [folder / row.file_name for row in made if days[row.id] not in stay]
