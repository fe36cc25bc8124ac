"""Hold a meeting of one cohort at another time or place than the course says."""

from __future__ import annotations

from datetime import datetime

from lms.attendance.models import MeetingChange
from lms.core import ledger
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.core.numbered_rows import add_next
from lms.enrolment.models import Cohort


class MeetingMoved(Refusal):
    message = lazy(
        "Somebody else has moved this meeting since you opened the page. Nothing was changed. Please look again."
    )


def move_meeting(
    cohort: Cohort,
    item_id: int,
    meeting: int,
    starts_at: datetime | None,
    place: str,
    *,
    seen: int,
    actor_id: int,
    now: datetime,
) -> bool:
    """None and an empty place: as the course says. Returns False if a double click sent the same again.

    :raises MeetingMoved: somebody else was faster.
    """
    key = {"cohort_id": cohort.id, "item_id": item_id, "meeting": meeting}
    row = {"starts_at": starts_at, "place": place, "changed_by": actor_id, "changed_at": now}
    compared = ("starts_at", "place", "changed_by")
    if not add_next(MeetingChange, key, row, seen=seen, compared=compared, changed=MeetingMoved):
        return False
    facts = {"starts_at": starts_at.isoformat() if starts_at else None, "place": place}
    ledger.record(actor_id, "move meeting", f"cohort:{cohort.id}", now=now, item=item_id, meeting=meeting, **facts)
    return True
