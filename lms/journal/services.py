"""Appending to the journal. Events are never edited or deleted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lms.core.db import insert_unless_there
from lms.journal import queries
from lms.journal.events import GENESIS, SERVER, digest, write
from lms.journal.models import Event


def append(person_id: int, subject: str, kind: str, body: Mapping[str, Any], *, now: datetime) -> int:
    """Append what ``person_id`` did by a form post to the subject's server chain and return the event's id.

    Of two appends at the same time one finds its number taken and uses the next; both are stored.
    """
    wall = queries.milliseconds(now)
    while True:
        last, prev = queries.head(SERVER, subject) or (0, GENESIS)
        n = last + 1
        data = write(device=SERVER, subject=subject, n=n, prev=prev, wall=wall, kind=kind, body=body)
        event_id = insert_unless_there(
            Event,
            ("device", "subject", "n"),
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
        if event_id is not None:
            return int(event_id)
