"""Deadlines of a person in a course that are near or have just passed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from lms.courses.contents import ItemSummary
from lms.enrolment.windows import Window

DAYS_BEFORE = 3
DAYS_AFTER = 3
"""Nobody is notified of deadlines that passed longer ago, for example after the server was off for a week."""


@dataclass
class DeadlineDay:
    """A day with the titles of the items due on it. Without items, the course itself is due."""

    day: date
    items: list[str] = field(default_factory=list)


def timed(entries: Iterable[ItemSummary], *, only_required: bool) -> list[ItemSummary]:
    """The entries that have a deadline and count towards completion."""
    return [entry for entry in entries if entry.counts and entry.ends and (entry.is_required or not only_required)]


def item_days(entries: Sequence[ItemSummary], window: Window) -> dict[int, date]:
    """The day on which each item is due, or else closes, in the site's time zone; by item id."""
    moments = {entry.item_id: window.end_moment(entry.item_id, entry.ends, entry.closes) for entry in entries}
    zone = ZoneInfo(window.zone)
    return {item_id: moment.astimezone(zone).date() for item_id, moment in moments.items() if moment is not None}


def with_revisions(days: Mapping[int, date], revised: Mapping[int, date]) -> dict[int, date]:
    """``days`` of a person some of whose work was returned: by item id, until when it is to be revised."""
    return {item_id: max(day, revised.get(item_id, day)) for item_id, day in days.items()}


def is_near(day: date, today: date) -> bool:
    """Whether a day lies from ``DAYS_BEFORE`` ahead to ``DAYS_AFTER`` ago, and is not today."""
    return day != today and -DAYS_AFTER <= (day - today).days <= DAYS_BEFORE


def due_days(
    days: Mapping[int, date],
    entries: Sequence[ItemSummary],
    over: Collection[int],
    due_on: date | None,
    today: date,
    revised: Collection[int] = (),
) -> list[DeadlineDay]:
    """The deadlines to notify the person of. ``over`` are the ids of items that are done or submitted.

    An item due on the day the whole course is due, or later, is left out: the course's own notice covers it. That does
    not name a later day of work that was returned: ``revised``.
    """
    found = {due_on: DeadlineDay(due_on)} if due_on and is_near(due_on, today) else {}
    for entry in entries:
        day = days.get(entry.item_id)
        if day is None or entry.item_id in over or not is_near(day, today):
            continue
        if due_on and (day == due_on or (day > due_on and entry.item_id not in revised)):
            continue
        found.setdefault(day, DeadlineDay(day)).items.append(entry.title)
    return sorted(found.values(), key=lambda one: one.day)


def days_around(today: date) -> tuple[date, date]:
    """The first and the last deadline of which people may be notified today."""
    return today - timedelta(days=DAYS_AFTER), today + timedelta(days=DAYS_BEFORE)


def has_just_enrolled(enrolled_at: datetime, now: datetime) -> bool:
    """During the first day, because the notice of the enrolment has just named the deadline."""
    return now - enrolled_at < timedelta(days=1)
