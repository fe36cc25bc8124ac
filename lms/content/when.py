"""Moments as an author writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal


@dataclass(frozen=True)
class When:
    """A fixed moment, or one relative to the cohort's dates (to the enrolment where the cohort has none).

    ``+7d 09:00`` is ``When(base="start", days=7, at=time(9))``; ``end+90d`` has base
    ``end``; a fixed one has base ``fixed`` and ``moment`` (naive, in the site's zone).
    ``at`` is None where only a day was written: the moment is then 00:00:00 when it
    opens something and 23:59:59 when it closes something.
    """

    base: Literal["fixed", "start", "end"]
    moment: datetime | None = None
    days: int = 0
    at: time | None = None
