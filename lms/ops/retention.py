"""Which backups are retained: one per day, then one per week."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta


def last_due(now: datetime, hour: int) -> datetime:
    """The last time, in the time zone of ``now``, at which a daily backup was due."""
    today = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)


def retained(made_on: Iterable[date], *, days: int, weeks: int) -> set[date]:
    """Of the days with a backup, the newest ``days`` and the last one of each of the newest ``weeks`` weeks."""
    ordered = sorted(set(made_on), reverse=True)
    newest_of_week: dict[tuple[int, int], date] = {}
    for day in ordered:
        newest_of_week.setdefault(day.isocalendar()[:2], day)
    return {*ordered[: max(1, days)], *list(newest_of_week.values())[:weeks]}
