"""A request for somebody else to review a draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Review:
    """A review of the draft exactly as it is: a change after the request ends it."""

    asked_by: int
    asked_at: datetime
