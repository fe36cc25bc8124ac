from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from lms.core.db import db
from lms.core.direct_query import DirectQuery
from lms.journal.events import Entry, read
from lms.journal.models import Event

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def events(subject: str) -> Sequence[Event]:
    """All events about ``subject`` in the order in which they were stored."""
    return db.session.scalars(select(Event).where(Event.subject == subject).order_by(Event.id)).all()


def newest(subject: str) -> Event | None:
    """The newest event about ``subject``."""
    return db.session.scalar(select(Event).where(Event.subject == subject).order_by(Event.id.desc()).limit(1))


_ENTRIES = DirectQuery(
    select(Event.bytes, Event.arrived_at).where(Event.subject == bindparam("subject")).order_by(Event.id)
)


def entries(subject: str) -> list[Entry]:
    """All events about ``subject``, parsed."""
    return [entry(row) for row in _ENTRIES.rows(subject=subject)]


def entry(event: Any) -> Entry:
    """``event`` is an ``Event``, or a row with its ``bytes`` and ``arrived_at``."""
    return read(event.bytes, arrived=milliseconds(event.arrived_at))


_ENTRY = DirectQuery(select(Event.bytes, Event.arrived_at).where(Event.id == bindparam("event_id")))


def entry_by_id(event_id: int) -> Entry:
    """The event must exist."""
    return entry(_ENTRY.row(event_id=event_id))


_HEAD = DirectQuery(
    select(Event.n, Event.hash)
    .where(Event.device == bindparam("device"), Event.subject == bindparam("subject"))
    .order_by(Event.n.desc())
    .limit(1)
)


def head(device: str, subject: str) -> tuple[int, str] | None:
    """Number and hash of the newest event of a chain; None if it is empty."""
    found = _HEAD.row(device=device, subject=subject)
    return (found.n, found.hash) if found else None


def milliseconds(moment: datetime) -> int:
    """Whole milliseconds since 1970. Integers, because languages print fractions differently."""
    return (moment - EPOCH) // timedelta(milliseconds=1)
