"""What one sets of a run: name, dates, places, and how people come in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Way = Literal["open", "approval", "list"]


@dataclass(frozen=True)
class CohortSettings:
    """``open``: anyone comes in; ``approval``: one asks, or the head of the unit proposes; ``list``: staff put in."""

    name: str
    starts_on: date | None
    ends_on: date | None
    way: Way
    enrols_until: date | None = None
    quota: int | None = None

    @property
    def is_open(self) -> bool:
        return self.way != "list"

    @property
    def needs_approval(self) -> bool:
        return self.way == "approval"


def way_of(is_open: bool, needs_approval: bool) -> Way:
    """How people come in, as a cohort keeps it."""
    if not is_open:
        return "list"
    return "approval" if needs_approval else "open"
