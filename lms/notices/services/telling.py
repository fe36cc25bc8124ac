"""Putting notices into inboxes, and into the outbox of who wants mail: each thing once, whoever asks how often."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from lms.accounts.models import Person
from lms.core.db import db, insert_those_missing, insert_unless_there
from lms.notices import queries
from lms.notices.models import Channel, Notice, NoticeMark
from lms.notices.occasions import Occasion
from lms.notices.parts import in_parts
from lms.notices.services.settings import mail_from

ONCE = ("occasion", "person_id", "channel")
SWEEP = "sweep"
FIRST_LOOK = timedelta(days=3)
"""The very first sweep looks back so far, and no flood of old news goes out."""
OVERLAP = timedelta(hours=1)
"""What was written by then is seen for certain, also what a slow transaction dated back."""


def tell(occasions: Sequence[Occasion], *, now: datetime) -> list[Occasion]:
    """Tell what has not been told; gives what was new."""
    _lock({occasion.person_id for occasion in occasions})
    told = queries.told_already(occasion.key for occasion in occasions)
    new = [occasion for occasion in occasions if (occasion.person_id, occasion.key) not in told]
    if not new:
        return []
    insert_those_missing(Notice, ONCE, [_row(one, "site", "sent", now, now) for one in new])
    mailed = queries.with_address({one.person_id for one in new})
    due_at = mail_from(now)
    mails = [_row(one, "mail", "waiting", due_at, now) for one in new if one.person_id in mailed]
    insert_those_missing(Notice, ONCE, mails)
    renew_unread({one.person_id for one in new})
    return new


def _row(one: Occasion, channel: Channel, state: str, due_at: datetime, now: datetime) -> dict[str, Any]:
    return {
        "person_id": one.person_id,
        "occasion": one.key,
        "channel": channel,
        "kind": one.kind,
        "facts": dict(one.facts),
        "link": one.link,
        "created_at": now,
        "due_at": due_at,
        "state": state,
        "tries": 0,
    }


def _lock(person_ids: Collection[int]) -> None:
    """Until the transaction ends, nobody else tells these people anything: two at once would each miss the other's."""
    for few in in_parts(sorted(person_ids)):
        rows = select(Person.id).where(Person.id.in_(few)).order_by(Person.id)
        db.session.execute(rows.with_for_update(key_share=True))


def renew_unread(person_ids: Collection[int]) -> None:
    """Count anew what each has not read."""
    _lock(person_ids)
    unread = (
        select(func.count())
        .select_from(Notice)
        .where(Notice.person_id == Person.id, Notice.channel == "site", Notice.read_at.is_(None))
        .scalar_subquery()
    )
    for few in in_parts(sorted(person_ids)):
        counted = update(Person).where(Person.id.in_(few)).values(unread_notices=unread)
        db.session.execute(counted.execution_options(synchronize_session=False))


def told_since(now: datetime) -> datetime:
    """From which moment on to look for what happened."""
    until = queries.told_until(SWEEP)
    return until - OVERLAP if until else now - FIRST_LOOK


def note_told_until(moment: datetime) -> None:
    """All that happened before ``moment`` has been told."""
    if not insert_unless_there(NoticeMark, ("name",), name=SWEEP, until=moment):
        db.session.execute(update(NoticeMark).where(NoticeMark.name == SWEEP).values(until=moment))
