"""Periodic work of the editing pages."""

from __future__ import annotations

import logging

from sqlalchemy.exc import OperationalError

from lms.authoring import policy, queries
from lms.authoring.services import scheduling, uploads
from lms.core import clock, scheduler, storage
from lms.core.db import db, reading
from lms.courses.services import ImportedMeanwhile

log = logging.getLogger(__name__)


def publish_scheduled() -> int:
    """Publish what is due; returns how many revisions came in force. What cannot be published is told to its author."""
    with reading():
        due = queries.due_publications(clock.now())
        db.session.rollback()
    count = sum(_publish(scheduled_id) for scheduled_id in due)
    if due:
        scheduler.wake()
    return count


def _publish(scheduled_id: int) -> bool:
    """One, in a transaction of its own. An error that may pass is tried again in the next run."""
    try:
        with reading():
            due = scheduling.prepare_due(scheduled_id)
            db.session.rollback()
        revision = scheduling.publish_due(due, policy.may_publish, now=clock.now())
        db.session.commit()
    except (OperationalError, ImportedMeanwhile, storage.StorageUnavailable) as error:
        db.session.rollback()
        log.warning("publication %s waits (%s)", scheduled_id, type(error).__name__)
        return False
    except Exception:
        db.session.rollback()
        log.exception("publication %s failed", scheduled_id)
        scheduling.publish_due(
            scheduling.DuePublication(scheduled_id, None, "failed"), policy.may_publish, now=clock.now()
        )
        db.session.commit()
        return False
    return revision is not None


def delete_old_uploads() -> int:
    """Delete what was uploaded to be looked at and is not looked at any more; returns the number of files."""
    return uploads.delete_old(clock.now())
