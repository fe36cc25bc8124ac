"""Periodic work of the editing pages."""

from __future__ import annotations

import logging
from functools import partial

from sqlalchemy.exc import OperationalError

from lms.authoring import policy, queries
from lms.authoring.services import course_checks, scheduling, uploads
from lms.core import clock, scheduler, storage
from lms.core.db import db, reading
from lms.core.small_transactions import Parts
from lms.courses.services import ImportedMeanwhile

log = logging.getLogger(__name__)


def publish_scheduled() -> int:
    """Publish the drafts that are due; returns how many were. Authors are told of those that could not be published."""
    with reading():
        due = queries.due_publications(clock.now())
        db.session.rollback()
    parts = Parts(log)
    count = sum(parts.read(partial(_publish, one), False, "publication %s", one) for one in due)
    if due:
        scheduler.wake()
    parts.end()
    return count


def _publish(scheduled_id: int) -> bool:
    """Publish one, in its own transaction. After a temporary error the next run tries again."""
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


def check_courses() -> int:
    """Check the large drafts for which a check was requested; returns their number."""
    with reading():
        waiting = queries.waiting_checks()
        db.session.rollback()
    parts = Parts(log)
    for course_id in waiting:
        parts.read(partial(_check, course_id), None, "checking course %s", course_id)
    parts.end()
    return len(waiting)


def _check(course_id: int) -> None:
    """Check one. After a temporary error the next run tries again; after another the author is told what to do."""
    with reading():
        one = course_checks.requested_check(course_id)
        db.session.rollback()
    if one is None:
        course_checks.forget(course_id)
        db.session.commit()
        return
    try:
        with reading():
            done = course_checks.render(one)
            db.session.rollback()
        course_checks.end(one, done, now=clock.now())
    except course_checks.Overtaken:
        db.session.rollback()
    except (OperationalError, storage.StorageUnavailable) as error:
        db.session.rollback()
        log.warning("the check of course %s waits (%s)", course_id, type(error).__name__)
    except Exception:
        db.session.rollback()
        log.exception("course %s could not be checked", course_id)
        course_checks.fail(one, now=clock.now())
    db.session.commit()


def delete_old_uploads() -> int:
    """Delete uploads that were to be looked at and have been left; returns the number of files."""
    keys, parts = uploads.to_delete(clock.now()), Parts(log)
    deleted = parts.each(keys, storage.delete, "deleting the old upload %s", key=str)
    parts.end()
    return len(deleted)
