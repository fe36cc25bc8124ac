"""Which days on which something ends are near, or just gone by, for one person in one course."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from lms.courses.contents import Entry
from lms.enrolment.windows import Window

DAYS_BEFORE = 3
DAYS_AFTER = 3
"""An end that nobody was told of for longer, because no job ran, is old news."""


@dataclass
class Ending:
    """A day, and what of the course ends on it; no items: the course itself."""

    day: date
    items: list[str] = field(default_factory=list)


def timed(entries: Iterable[Entry], *, only_required: bool) -> list[Entry]:
    """The entries that end at some moment and that the course's rule asks for."""
    return [
        entry
        for entry in entries
        if entry.counts and (entry.due or entry.closes) and (entry.is_required or not only_required)
    ]


def item_days(entries: Sequence[Entry], window: Window) -> dict[int, date]:
    """By item, the day on the site's clock on which its time ends: the due moment, else the closing one."""
    moments = {entry.item_id: window.moment(entry.due or entry.closes, "closes") for entry in entries}
    zone = ZoneInfo(window.zone)
    return {item_id: moment.astimezone(zone).date() for item_id, moment in moments.items() if moment is not None}


def is_told(day: date, today: date) -> bool:
    """Whether an end on ``day`` is told today: in the three days before it, and in those after it."""
    return day != today and -DAYS_AFTER <= (day - today).days <= DAYS_BEFORE


def endings(
    days: Mapping[int, date], entries: Sequence[Entry], over: Collection[int], due_on: date | None, today: date
) -> list[Ending]:
    """The ends to tell of. ``over`` are the items that are done or handed in.

    Where the whole course ends on the same day or before, its own notice says enough.
    """
    found = {due_on: Ending(due_on)} if due_on and is_told(due_on, today) else {}
    for entry in entries:
        day = days.get(entry.item_id)
        if day is None or entry.item_id in over or not is_told(day, today) or (due_on and day >= due_on):
            continue
        found.setdefault(day, Ending(day)).items.append(entry.title)
    return sorted(found.values(), key=lambda ending: ending.day)


def days_around(today: date) -> tuple[date, date]:
    """The first and the last day of which anything is told today."""
    return today - timedelta(days=DAYS_AFTER), today + timedelta(days=DAYS_BEFORE)


def is_news(enrolled_at: datetime, now: datetime) -> bool:
    """Whether somebody joined so lately that the notice of it, which names the last day, says enough."""
    return now - enrolled_at < timedelta(days=1)
