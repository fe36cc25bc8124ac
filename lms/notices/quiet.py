"""Quiet hours: in the evening and at night no telephone rings for a mail of ours."""

from __future__ import annotations

from datetime import datetime, timedelta


def next_awake(here: datetime, quiet_from: int, quiet_until: int) -> datetime:
    """The first moment from ``here`` on, on the same clock, that lies outside the quiet hours.

    They run from the hour ``quiet_from`` to ``quiet_until``, over midnight where that is
    less; equal hours mean that there are none.
    """
    if not is_quiet(here.hour, quiet_from, quiet_until):
        return here
    end = here.replace(hour=quiet_until, minute=0, second=0, microsecond=0)
    return end if end > here else end + timedelta(days=1)


def is_quiet(hour: int, quiet_from: int, quiet_until: int) -> bool:
    if quiet_from <= quiet_until:
        return quiet_from <= hour < quiet_until
    return hour >= quiet_from or hour < quiet_until
