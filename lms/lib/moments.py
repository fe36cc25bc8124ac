"""Moments that a clock wrote which was ahead and has been put right: they must not hold anything up."""

from __future__ import annotations

from datetime import datetime, timedelta

SKEW = timedelta(minutes=1)
"""By so much the clocks of two servers may differ."""


def is_future(moment: datetime, now: datetime) -> bool:
    return moment > now + SKEW
