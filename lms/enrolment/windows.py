"""When things open and close: an author's relative dates made real by a cohort's (or a person's) own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

FIRST = time(0, 0, 0)
LAST = time(23, 59, 59)


@dataclass(frozen=True)
class Window:
    """The days that relative dates count from. ``ends_on`` is None where there is no end."""

    starts_on: date
    ends_on: date | None
    zone: str
    is_scheduled: bool = False
    """True for a cohort with dates: nothing opens before its first day."""

    @property
    def opens_at(self) -> datetime | None:
        """The first moment of a scheduled cohort; None where one may begin at once."""
        return self._on_the_site(datetime.combine(self.starts_on, FIRST)) if self.is_scheduled else None

    def moment(self, when: Mapping[str, Any] | None, edge: Literal["opens", "closes"]) -> datetime | None:
        """The moment (UTC) that ``when`` means here, or None where there is none.

        ``when`` is ``{"base": "fixed" | "start" | "end", "moment": ISO | null, "days": n, "at": "HH:MM" | null}``.
        Where only a day was written, it opens with its first second and closes with its last.
        """
        if when is None:
            return None
        bare = FIRST if edge == "opens" else LAST
        if when["base"] == "fixed":
            moment = datetime.fromisoformat(when["moment"])
            here = moment if when["at"] else datetime.combine(moment.date(), bare)
        else:
            base = self.starts_on if when["base"] == "start" else self.ends_on
            if base is None:
                return None
            at = time.fromisoformat(when["at"]) if when["at"] else bare
            here = datetime.combine(base + timedelta(days=when["days"]), at)
        return self._on_the_site(here)

    def _on_the_site(self, here: datetime) -> datetime:
        return here.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)
