"""Quiet hours, in which no mail is sent."""

from __future__ import annotations

from datetime import datetime, timedelta


def next_awake(here: datetime, quiet_from: int, quiet_until: int) -> datetime:
    """The first moment from ``here`` on, in its time zone, that lies outside the quiet hours.

    They last from the hour ``quiet_from`` to the hour ``quiet_until``, across midnight
    if that is smaller. If both are equal, there are no quiet hours.
    """
    if not _is_quiet(here.hour, quiet_from, quiet_until):
        return here
    end = here.replace(hour=quiet_until, minute=0, second=0, microsecond=0)
    return end if end > here else end + timedelta(days=1)


def _is_quiet(hour: int, quiet_from: int, quiet_until: int) -> bool:
    if quiet_from <= quiet_until:
        return quiet_from <= hour < quiet_until
    return hour >= quiet_from or hour < quiet_until
