"""The daily backup, and the daily check of the ledger."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from operator import attrgetter
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import current_app

from config import Config
from lms.core import clock, mail, settings
from lms.core.db import db
from lms.core.i18n import to_site_time
from lms.core.small_transactions import Parts
from lms.lib.moments import is_future
from lms.ops import queries
from lms.ops.models import Backup, EvidenceCheck
from lms.ops.retention import last_due
from lms.ops.services import evidence_checks, making, noting
from lms.ops.services.settings import HOUR

log = logging.getLogger(__name__)

DAILY = "lms-daily-"
"""Prefix of the file names. Backups that an operator makes do not replace the daily one."""
AGAIN_AFTER = timedelta(hours=1)
"""After a failed backup."""


def _is_due(attempt: Backup | EvidenceCheck | None, has_succeeded: bool, now: datetime) -> bool:
    """Whether to do the daily work now: not if it was done today, nor if it failed less than an hour ago.

    An attempt that was killed has no end time and is retried at once; one of a clock that was ahead does not count.
    """
    if attempt is None or is_future(attempt.started_at, now):
        return True
    if has_succeeded:
        return attempt.started_at < last_due(to_site_time(now), settings.value(HOUR))
    return attempt.finished_at is None or not timedelta(0) <= now - attempt.finished_at < AGAIN_AFTER


def check_evidence_daily() -> None:
    """Compare everything with the ledger if that is due, and mail its head to the address of the settings."""
    now = clock.now()
    attempt = queries.last_evidence_check()
    if _is_due(attempt, attempt is not None and attempt.disagreements is not None, now):
        _check_evidence(now)
    config: Config = current_app.config["LMS"]
    if evidence_checks.mail_head(mail.server(config.mail), config.site_name, now=now):
        db.session.commit()


def _check_evidence(now: datetime) -> None:
    row = evidence_checks.begin_check(now=now)
    db.session.commit()  # so that no one waits for the check
    try:
        count, first = evidence_checks.found_disagreements()
    except Exception as error:
        evidence_checks.fail_check(row, error, now=clock.now())
        db.session.commit()
        raise
    evidence_checks.finish_check(row, count, first, now=clock.now())
    db.session.commit()
    if count:
        log.error("%s disagreements with the ledger, the first: %s", count, first[:5])


def back_up_daily() -> None:
    """Make the daily backup if it is due, and delete those past their retention."""
    now = clock.now()
    attempt = queries.last_attempt(DAILY)
    if not _is_due(attempt, attempt is not None and attempt.is_checked, now):
        return
    config: Config = current_app.config["LMS"]
    config.backups.mkdir(parents=True, exist_ok=True, mode=0o700)
    parts = Parts(log)  # a file that cannot be removed must keep no backup from being made
    left = config.backups.glob(f".{DAILY}*{making.PART}")  # by a killed job; the lease lets no other run
    parts.each(left, _remove, "removing %s", key=attrgetter("name"))
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
    old = noting.files_to_remove(config.backups, ZoneInfo(config.timezone))
    parts.each(old, _remove, "removing %s", key=attrgetter("name"))
    parts.end()


def _remove(file: Path) -> None:
    file.unlink(missing_ok=True)
    log.info("removed the old backup %s", file.name)
