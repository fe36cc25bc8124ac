"""The meetings of a session as one cohort has them, and when a session is attended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, Protocol

from lms.content.items.live_session import LiveSession
from lms.enrolment.windows import Window

Status = Literal["present", "excused", "absent", "claimed"]
GIVEN: tuple[Status, ...] = ("present", "excused", "absent")
"""What instructors mark."""


class Moved(Protocol):
    """``models.MeetingChange``"""

    @property
    def number(self) -> int: ...
    @property
    def starts_at(self) -> datetime | None: ...
    @property
    def place(self) -> str: ...


class PlannedMeeting(NamedTuple):
    """``starts_at`` is None as long as nobody has set it. ``changes`` counts how often the cohort's was changed."""

    number: int
    starts_at: datetime | None
    seconds: int
    place: str
    changes: int = 0

    @property
    def ends_at(self) -> datetime | None:
        return self.starts_at + timedelta(seconds=self.seconds) if self.starts_at else None

    def has_begun(self, now: datetime) -> bool:
        return self.starts_at is not None and self.starts_at <= now

    def is_over(self, now: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= now


def planned_meetings(session: LiveSession, window: Window, changes: Mapping[int, Moved]) -> list[PlannedMeeting]:
    """``changes`` are the cohort's newest, by the number of the meeting.

    In a cohort without dates, days that count from its beginning are unknown: people meet on the same day, whenever
    each of them enrolled.
    """
    found = []
    for number, one in enumerate(session.meetings, start=1):
        starts = one.starts if one.starts and (window.is_scheduled or one.starts.base == "fixed") else None
        moved = changes.get(number)
        starts_at = (moved.starts_at if moved else None) or window.moment(starts, "opens")
        place = (moved.place if moved else "") or one.place
        found.append(PlannedMeeting(number, starts_at, one.duration, place, moved.number if moved else 0))
    return found


@dataclass(frozen=True)
class Attended:
    """How many of ``total`` meetings a learner attended, of which ``needed`` are asked for."""

    count: int
    needed: int
    total: int

    @property
    def is_enough(self) -> bool:
        return self.count >= self.needed

    @property
    def state(self) -> Literal["done", "started"] | None:
        """The state of the item; None: no meeting was attended."""
        return "done" if self.is_enough else "started" if self.count else None


def attended(session: LiveSession, statuses: Mapping[int, str]) -> Attended:
    """``statuses`` by the number of the meeting. Those that the session no longer has do not count."""
    total = len(session.meetings)
    count = sum(statuses.get(number) == "present" for number in range(1, total + 1))
    return Attended(count, session.meetings_needed, total)
