"""Give a cohort other moments at an assignment than the course does.

What depends on them is renewed in the same transaction: late penalties that were given, which are never
increased.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from lms.assignments.models import DeadlineOverride
from lms.core import ledger
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.core.numbered_rows import add_next
from lms.enrolment.models import Cohort, Enrolment
from lms.enrolment.services import dates
from lms.learning.services import renewal


class DeadlinesChanged(Refusal):
    message = lazy(
        "Somebody has changed these moments since you opened the page. Nothing was changed. Please look again."
    )


class MomentsOutOfOrder(Refusal):
    message = lazy(
        "It has to open before it is due, and be due before nothing is accepted any more. Nothing was changed."
    )


@dataclass(frozen=True)
class DeadlineMoments:
    """None: as the course says. After ``closes_at`` nothing is accepted, not even late."""

    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None

    @property
    def is_in_order(self) -> bool:
        given = [one for one in (self.opens_at, self.due_at, self.closes_at) if one]
        opens_first = self.opens_at is None or all(self.opens_at < one for one in given[1:])
        return given == sorted(given) and opens_first


def override_for_cohort(
    cohort: Cohort,
    item_id: int,
    moments: DeadlineMoments,
    reason: str,
    *,
    seen: int,
    actor_id: int | None,
    now: datetime,
) -> bool:
    """``seen`` is the number of the newest row that the actor saw, 0 if there was none. Returns False if a double click
    sent the same again.

    :raises DeadlinesChanged: somebody else was faster.
    :raises MomentsOutOfOrder:
    """
    if not moments.is_in_order:
        raise MomentsOutOfOrder
    given = asdict(moments)
    key = {"cohort_id": cohort.id, "item_id": item_id}
    row = given | {"reason": reason, "given_by": actor_id, "given_at": now}
    compared = (*given, "reason", "given_by")
    if not add_next(DeadlineOverride, key, row, seen=seen, compared=compared, changed=DeadlinesChanged):
        return False
    dates.override_dates(cohort, item_id, moments.opens_at, moments.closes_at, moments.due_at)
    facts = {name: moment.isoformat() for name, moment in given.items() if moment}
    ledger.record(actor_id, "override deadline", f"cohort:{cohort.id}", now=now, item=item_id, reason=reason, **facts)
    renewal.mark(Enrolment.cohort_id == cohort.id, now=now)
    return True
