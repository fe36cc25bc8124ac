"""The settings of a cohort: name, dates, places, and how people join."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Way = Literal["open", "approval", "list"]


@dataclass(frozen=True)
class CohortSettings:
    """``open``: anyone may enrol. ``approval``: people apply or are proposed. ``list``: only staff enrol people."""

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
    if not is_open:
        return "list"
    return "approval" if needs_approval else "open"
