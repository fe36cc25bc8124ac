"""Which backups stay: each of the last days, then one a week."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta


def last_due(now: datetime, hour: int) -> datetime:
    """The latest moment, not after ``now`` and on its clock, at which a daily backup was due."""
    today = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)


def kept(made_on: Iterable[date], *, days: int, weeks: int) -> set[date]:
    """Of the days with a backup those to keep: the newest ``days``, and the newest of each of ``weeks`` weeks."""
    ordered = sorted(set(made_on), reverse=True)
    newest_of_week: dict[tuple[int, int], date] = {}
    for day in ordered:
        newest_of_week.setdefault(day.isocalendar()[:2], day)
    return {*ordered[: max(1, days)], *list(newest_of_week.values())[:weeks]}
