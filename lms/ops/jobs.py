"""The daily backup."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app

from config import Config
from lms.core import clock, settings
from lms.core.db import db
from lms.core.i18n import to_site_time
from lms.lib.moments import is_future
from lms.ops import queries
from lms.ops.models import Backup
from lms.ops.retention import last_due
from lms.ops.services import making, noting
from lms.ops.services.settings import HOUR

log = logging.getLogger(__name__)

DAILY = "lms-daily-"
"""Prefix of the file names. Backups that an operator makes do not replace the daily one."""
AGAIN_AFTER = timedelta(hours=1)
"""After a failed backup."""


def _is_too_early(attempt: Backup, now: datetime) -> bool:
    """True if the last attempt failed less than an hour ago.

    An attempt that was killed has no end time and is retried at once.
    """
    return attempt.finished_at is not None and timedelta(0) <= now - attempt.finished_at < AGAIN_AFTER


def back_up_daily() -> None:
    """Make the daily backup if it is due, and delete those past their retention."""
    now = clock.now()
    due = last_due(to_site_time(now), settings.value(HOUR))
    attempt = queries.last_attempt(DAILY)
    is_known = attempt is not None and not is_future(attempt.started_at, now)
    if attempt and is_known and (attempt.started_at >= due if attempt.is_checked else _is_too_early(attempt, now)):
        return
    config: Config = current_app.config["LMS"]
    config.backups.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in config.backups.glob(f".{DAILY}*{making.PART}"):
        left.unlink(missing_ok=True)  # left by a killed job; the lease makes sure that no other is running
    path = config.backups / f"{DAILY}{to_site_time(now):%Y%m%d-%H%M%S}.tar"
    row = noting.begin_backup(path, now=now)
    db.session.commit()  # so that no one waits for the backup
    try:
        made = making.make_backup(path, config.to_keep(), now=now, advance=lambda _count: None)
    except Exception as error:
        noting.fail_backup(row, error, now=clock.now())
        db.session.commit()
        raise
    noting.finish_backup(row, made, now=clock.now())
    db.session.commit()
    for old in noting.files_to_remove(config.backups, ZoneInfo(config.timezone)):
        old.unlink(missing_ok=True)
        log.info("removed the old backup %s", old.name)
