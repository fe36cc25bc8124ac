"""Which work graders have open. It blocks nobody, and losing a row does no harm.

It is kept in rows, not in the memory of a process, since each process of the server answers anybody's requests, and not
in files or a cache server, which a site may lack. Rows are written in a transaction of their own: opening a page only
reads.
"""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.exc import SQLAlchemyError

from lms.core import database_errors
from lms.core.db import db, insert_statement
from lms.core.separate_transaction import separate_transaction
from lms.learning.models import OpenWork
from lms.learning.queries.presence import EXPIRES_AFTER, active_graders_at
from lms.learning.work import ActiveGrader

log = logging.getLogger(__name__)


def record_open(work: str, person_id: int, *, now: datetime) -> None:
    """Record that a person has work open now. Call it before the request's transaction writes anything."""
    expired = select(OpenWork.id).where(OpenWork.seen_at <= now - EXPIRES_AFTER).with_for_update(skip_locked=True)
    own = OpenWork.work == work, OpenWork.person_id == person_id
    row = {"work": work, "person_id": person_id, "opened_at": now, "seen_at": now}
    insert = insert_statement(OpenWork, ("work", "person_id"), db.engine.dialect.name)
    try:
        with separate_transaction() as connection:
            connection.execute(delete(OpenWork).where(OpenWork.id.in_(expired)))
            if not connection.execute(update(OpenWork).where(*own).values(seen_at=now)).rowcount:
                connection.execute(insert, row)
    except SQLAlchemyError as error:
        log.warning("could not record that %s is open", work, exc_info=not database_errors.is_away(error))


def record_closed(work: str, person_id: int) -> None:
    db.session.execute(delete(OpenWork).where(OpenWork.work == work, OpenWork.person_id == person_id))


def report(work: str, person_id: int, *, has_left: bool, now: datetime) -> list[ActiveGrader]:
    """What a page says of itself: that it is open, or was closed. Returns who else has the work open."""
    if has_left:
        record_closed(work, person_id)
    else:
        record_open(work, person_id, now=now)
    return active_graders_at(work, not_by=person_id, now=now)
