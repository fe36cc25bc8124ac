"""Creating notices, each once, marking them as read, and choosing channels."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from lms.core import ledger
from lms.core.db import db, in_batches, insert_if_missing, insert_missing
from lms.notices import queries
from lms.notices.models import Channel, Notice, NoticeSweep
from lms.notices.notifications import REPLACED, Notification
from lms.notices.services.settings import mail_from
from lms.people.models import Person

UNIQUE = ("occasion", "person_id", "channel")
SWEEP = "sweep"
FIRST_LOOK_BACK = timedelta(days=3)
"""How far the very first sweep looks back. It keeps old events from flooding inboxes."""
OVERLAP = timedelta(hours=1)
"""Each sweep looks this far behind the previous one, since a slow transaction may commit rows with earlier dates."""


def notify(notifications: Sequence[Notification], *, now: datetime) -> list[Notification]:
    """Create the notices that do not exist yet, and mails for people who want them. Returns what was new."""
    _lock({one.person_id for one in notifications})
    sent = queries.already_sent(one.key for one in notifications)
    new = [one for one in notifications if (one.person_id, one.key) not in sent]
    if not new:
        return []
    _drop_mails_replaced_by(new)
    insert_missing(Notice, UNIQUE, [_row(one, "site", "sent", now, now) for one in new])
    mailed = queries.with_address({one.person_id for one in new})
    due_at = mail_from(now)
    mails = [_row(one, "mail", "waiting", due_at, now) for one in new if one.person_id in mailed]
    insert_missing(Notice, UNIQUE, mails)
    _recount_unread({one.person_id for one in new})
    return new


def _drop_mails_replaced_by(new: Sequence[Notification]) -> None:
    people: dict[tuple[str, str], list[int]] = {}
    for one in new:
        if one.kind in REPLACED:
            people.setdefault((one.kind, one.link), []).append(one.person_id)
    for (kind, link), theirs in people.items():
        for batch in in_batches(theirs):
            waiting = Notice.channel == "mail", Notice.state == "waiting", Notice.kind == kind, Notice.link == link
            old = update(Notice).where(Notice.person_id.in_(batch), *waiting).values(state="dropped")
            db.session.execute(old.execution_options(synchronize_session=False))


def _row(one: Notification, channel: Channel, state: str, due_at: datetime, now: datetime) -> dict[str, Any]:
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
    """Keep other transactions from notifying these people: two at a time would not see each other's notices."""
    for batch in in_batches(sorted(person_ids)):
        rows = select(Person.id).where(Person.id.in_(batch)).order_by(Person.id)
        db.session.execute(rows.with_for_update(key_share=True))


def _recount_unread(person_ids: Collection[int]) -> None:
    _lock(person_ids)
    unread = (
        select(func.count())
        .select_from(Notice)
        .where(Notice.person_id == Person.id, Notice.channel == "site", Notice.read_at.is_(None))
        .scalar_subquery()
    )
    for batch in in_batches(sorted(person_ids)):
        counted = update(Person).where(Person.id.in_(batch)).values(unread_notices=unread)
        db.session.execute(counted.execution_options(synchronize_session=False))


def sweep_from(now: datetime) -> datetime:
    """The time from which a sweep looks for events."""
    last = queries.last_sweep_at(SWEEP)
    return min(last, now) - OVERLAP if last else now - FIRST_LOOK_BACK


def record_sweep(at: datetime) -> None:
    if not insert_if_missing(NoticeSweep, ("name",), name=SWEEP, until=at):
        db.session.execute(update(NoticeSweep).where(NoticeSweep.name == SWEEP).values(last_run_at=at))


def read_one(notice: Notice, *, now: datetime) -> None:
    """Mark as read, unless it was already read."""
    if notice.read_at is None:
        notice.read_at = now
        db.session.flush()
        _recount_unread([notice.person_id])


def read_all(person_id: int, *, now: datetime) -> None:
    own = Notice.person_id == person_id, Notice.channel == "site", Notice.read_at.is_(None)
    db.session.execute(update(Notice).where(*own).values(read_at=now).execution_options(synchronize_session=False))
    _recount_unread([person_id])


def choose_channels(person: Person, *, wants_mail: bool, phone: str | None, now: datetime) -> None:
    """``phone`` as returned by ``phones.normalise``; None removes it. The inbox cannot be switched off."""
    before = {"wants_mail": person.wants_mail, "phone": person.phone}
    person.wants_mail, person.phone = wants_mail, phone
    changed = [name for name, value in before.items() if getattr(person, name) != value]
    if changed:
        ledger.record(person.id, "choose channels", f"person:{person.id}", now=now, changed=changed)
        db.session.flush()
