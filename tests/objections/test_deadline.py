"""Until when a mark may be contested."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lms.objections.subjects import last_moment

ZONE = "Asia/Jayapura"  # nine hours before UTC


@pytest.mark.parametrize(
    ("told_at", "days", "ends_at"),
    [
        # told on 23 November at 12.00 there: the 30th is the last day, which ends at 15.00 UTC
        (datetime(2026, 11, 23, 3, tzinfo=UTC), 7, datetime(2026, 11, 30, 14, 59, 59, tzinfo=UTC)),
        # told on 24 November at 00.30 there
        (datetime(2026, 11, 23, 15, 30, tzinfo=UTC), 7, datetime(2026, 12, 1, 14, 59, 59, tzinfo=UTC)),
        (datetime(2026, 11, 23, 3, tzinfo=UTC), 1, datetime(2026, 11, 24, 14, 59, 59, tzinfo=UTC)),
        (datetime(2026, 11, 23, 3, tzinfo=UTC), 0, None),
    ],
)
def test_the_time_ends_with_a_day_of_the_sites_zone(told_at, days, ends_at):
    assert last_moment(told_at, days, ZONE) == ends_at
