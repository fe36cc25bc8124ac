"""Background jobs that read and write lists of people. Safe to run twice at once: writers lock the table."""

from __future__ import annotations

import logging
from functools import partial

from sqlalchemy.exc import OperationalError

from lms.core import clock, storage
from lms.core.db import db, reading
from lms.core.small_transactions import Parts
from lms.people import policy
from lms.roster.list_file import PeopleFile
from lms.roster.models import PeopleImport
from lms.roster.plan import plan
from lms.roster.services import imports, retention
from lms.roster.services.import_messages import ListRefused

log = logging.getLogger(__name__)


def process_people_lists() -> int:
    """Read and compare uploaded lists, write approved ones; returns the number of lists."""
    with reading():
        ids = db.session.scalars(imports.waiting()).all()
        db.session.rollback()
    for import_id in ids:
        try:
            _handle(import_id)
            db.session.commit()
        except ListRefused as refusal:
            db.session.rollback()
            imports.refuse(db.session.get_one(PeopleImport, import_id), refusal)
            db.session.commit()
        except (OperationalError, storage.StorageUnavailable):
            raise  # try again later
        except Exception:
            db.session.rollback()
            log.exception("people list %s failed", import_id)
            db.session.get_one(PeopleImport, import_id).state = "failed"
            db.session.commit()
    return len(ids)


def delete_old_lists() -> int:
    """Delete the personal data of old lists; returns the number of lists."""
    with reading():
        ids = retention.lists_to_delete(clock.now())
        db.session.rollback()
    parts = Parts(log)
    for import_id in ids:
        parts.commit(partial(retention.delete_list, import_id), None, "deleting people list %s", import_id)
    parts.end()
    return len(ids)


def _handle(import_id: int) -> None:
    row = db.session.get_one(PeopleImport, import_id)
    if row.state in ("queued", "checking"):
        _check(row)
    elif row.state in ("approved", "applying"):
        _apply(row)


def _check(row: PeopleImport) -> None:
    file = _read(row, "checking")
    with reading():
        existing = imports.existing_data(row, file, policy.may_change, now=clock.now())
        db.session.rollback()
    found = plan(file.rows, existing, lambda done: _save_progress(row, done, len(file.rows)))
    imports.show_plan(row, file, found, refused_key=imports.store_refused(file, found))


def _apply(row: PeopleImport) -> None:
    file = _read(row, "applying")
    with reading():
        planned = imports.plan_now(row, file, policy.may_change, now=clock.now())
        db.session.rollback()
    other = imports.write(row, file, policy.may_change, planned=planned, now=clock.now())
    if other is not None:
        db.session.rollback()
        imports.show_plan(row, file, other, refused_key=imports.store_refused(file, other), is_new=False)


def _read(row: PeopleImport, state: str) -> PeopleFile:
    """Set the state, then read the file outside of a transaction, so that others can write meanwhile."""
    key = row.key
    row.state = state
    db.session.commit()
    return imports.read_list(storage.read(key))


def _save_progress(row: PeopleImport, done: int, total: int) -> None:
    row.done, row.total = done, total
    db.session.commit()
