"""Appending to the journal. Events are never edited or deleted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lms.core.direct_query import DirectWrite
from lms.journal import queries
from lms.journal.events import GENESIS, SERVER, digest, write
from lms.journal.models import Event

_COLUMNS = ("person_id", "device", "subject", "n", "kind", "prev", "hash", "bytes", "arrived_at")
_INSERT = DirectWrite.insert_if_missing(Event, ("device", "subject", "n"), _COLUMNS)


def append(person_id: int, subject: str, kind: str, body: Mapping[str, Any], *, now: datetime) -> int:
    """Append what ``person_id`` did by a form post to the subject's server chain and return the event's id.

    Of two appends at the same time one finds its number taken and uses the next; both are stored.
    """
    wall = queries.milliseconds(now)
    while True:
        last, prev = queries.head(SERVER, subject) or (0, GENESIS)
        n = last + 1
        data = write(device=SERVER, subject=subject, n=n, prev=prev, wall=wall, kind=kind, body=body)
        row = _INSERT.row(
            person_id=person_id,
            device=SERVER,
            subject=subject,
            n=n,
            kind=kind,
            prev=prev,
            hash=digest(data),
            bytes=data,
            arrived_at=now,
        )
        if row is not None:
            return int(row[0])
