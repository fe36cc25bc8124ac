"""Which backups stay, and when one is due."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lms.ops.retention import last_due, retained

WIT = ZoneInfo("Asia/Jayapura")
TODAY = date(2026, 3, 31)
HUNDRED = [TODAY - timedelta(days=number) for number in range(100)]


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 3, 31, 2, 0, tzinfo=WIT), datetime(2026, 3, 31, 2, 0, tzinfo=WIT)),
        (datetime(2026, 3, 31, 23, 59, tzinfo=WIT), datetime(2026, 3, 31, 2, 0, tzinfo=WIT)),
        (datetime(2026, 3, 31, 1, 59, tzinfo=WIT), datetime(2026, 3, 30, 2, 0, tzinfo=WIT)),
        (datetime(2026, 1, 1, 0, 30, tzinfo=WIT), datetime(2025, 12, 31, 2, 0, tzinfo=WIT)),
    ],
)
def test_a_backup_is_due_at_its_hour_of_each_day(now, due):
    assert last_due(now, 2) == due


def test_each_of_the_last_days_stays_and_one_of_each_week_before():
    stay = retained(HUNDRED, days=14, weeks=8)
    assert set(HUNDRED[:14]) <= stay
    weeks = {day.isocalendar()[:2] for day in stay}
    assert len(weeks) == 8
    assert len(stay) == 14 + 8 - len({day.isocalendar()[:2] for day in HUNDRED[:14]})


def test_the_newest_always_stays():
    assert retained(HUNDRED, days=0, weeks=0) == {TODAY}


def test_after_a_long_pause_the_old_ones_stay():
    assert retained(HUNDRED[50:], days=14, weeks=0) == set(HUNDRED[50:64])
