"""What this package stores about a person."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select

from lms.core.i18n import lazy
from lms.core.personal_data import DataArea, left_to_the_agency, rows
from lms.journal.models import Event


def _events(person_id: int) -> dict[str, Any]:
    found = rows(
        select(Event.arrived_at, Event.subject, Event.n.label("number"), Event.kind, Event.device, Event.bytes)
        .where(Event.person_id == person_id)
        .order_by(Event.id)
    )
    return {"events": [row | {"content": json.loads(row.pop("bytes"))["body"]} for row in found]}


AREAS = (
    DataArea(
        name="journal",
        title=lazy("Journal of answers and drafts"),
        what=lazy("Each change of an answer or a draft, and each submission, with its time."),
        why=lazy("So that no saved answer is lost, and a disputed result can be explained."),
        who=lazy("The person. Nobody else has a page for it; it is used to clear up disputes."),
        how_long=left_to_the_agency,
        tables=("event",),
        copied=_events,
        not_copied={
            "event.hash": "a checksum of what is copied",
            "event.prev": "a checksum of what is copied",
        },
    ),
)
