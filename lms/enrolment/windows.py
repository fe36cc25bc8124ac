"""Turns an author's relative dates into moments, by the dates of a cohort or an enrolment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from lms.content.when import When

FIRST = time(0, 0, 0)
LAST = time(23, 59, 59)


MomentSource = Literal["course", "cohort", "person", "extension"]
Edge = Literal["opens", "closes", "due"]


class DateOverride(NamedTuple):
    """Moments of one item for one person or cohort; None: as the course says."""

    item_id: int
    opens_at: datetime | None
    closes_at: datetime | None
    due_at: datetime | None = None
    """For work that may be accepted for a while after it is due."""


def date_overrides(stored: Mapping[str, Any] | None) -> tuple[DateOverride, ...]:
    """As ``Cohort.item_dates`` and ``Enrolment.item_dates`` store them."""
    return tuple(
        DateOverride(
            int(item_id),
            _moment_from(dates["opens_at"]),
            _moment_from(dates["closes_at"]),
            _moment_from(dates.get("due_at")),
        )
        for item_id, dates in (stored or {}).items()
    )


def _moment_from(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@dataclass(frozen=True)
class Window:
    """The dates that relative dates count from. ``ends_on`` is None if there is no end."""

    starts_on: date
    ends_on: date | None
    zone: str
    is_scheduled: bool = False
    """True for a cohort with dates: nothing opens before its first day."""
    extended_until: date | None = None
    """A person's own extension: nothing closes before the end of this day."""
    of_cohort: tuple[DateOverride, ...] = ()
    of_person: tuple[DateOverride, ...] = ()

    @property
    def opens_at(self) -> datetime | None:
        """The start of a scheduled cohort; None if learning may begin at once."""
        return self._on_the_site(datetime.combine(self.starts_on, FIRST)) if self.is_scheduled else None

    def moment(self, when: When | None, edge: Edge) -> datetime | None:
        """The moment (UTC) that ``when`` stands for, or None.

        A day without a time opens at its first second and closes at its last.
        """
        return self._extended(self._moment(when, edge), edge)

    def item_moment(self, item_id: int, when: When | None, edge: Edge) -> datetime | None:
        """``moment`` for an item whose moments may be others for this person or cohort."""
        return self.sourced_moment(item_id, when, edge)[0]

    def end_moment(self, item_id: int, ends: When | None, closes: When | None) -> datetime | None:
        """When an item is due, or else closes. ``ends`` is its due moment, or the same as ``closes``."""
        due, source = self._given(item_id, ends, "due")
        if source != "course" or ends != closes:
            return self._extended(due, "due")
        return self.item_moment(item_id, closes, "closes")

    def sourced_moment(self, item_id: int, when: When | None, edge: Edge) -> tuple[datetime | None, MomentSource]:
        """``item_moment`` and where it comes from: the person's own before the cohort's before the course's.

        Of a closing moment and an extension the later one holds.
        """
        given, source = self._given(item_id, when, edge)
        moment = self._extended(given, edge)
        return moment, source if moment == given else "extension"

    def source(self, item_id: int, edge: Edge) -> MomentSource:
        """Where an item's moment comes from, extensions aside."""
        return self._given(item_id, None, edge)[1]

    def _given(self, item_id: int, when: When | None, edge: Edge) -> tuple[datetime | None, MomentSource]:
        levels: tuple[tuple[MomentSource, tuple[DateOverride, ...]], ...]
        levels = ("person", self.of_person), ("cohort", self.of_cohort)
        for source, overrides in levels:
            for one in overrides:
                own = {"opens": one.opens_at, "closes": one.closes_at, "due": one.due_at}[edge]
                if one.item_id == item_id and own is not None:
                    return own, source
        return self._moment(when, edge), "course"

    def _extended(self, moment: datetime | None, edge: Edge) -> datetime | None:
        if moment is None or edge == "opens" or self.extended_until is None:
            return moment
        return max(moment, self.end_of(self.extended_until))

    def revision_end(self, end: datetime | None, last_day: date | None) -> datetime | None:
        """``end`` of an item whose work was returned to be revised until ``last_day``."""
        return max(end, self.end_of(last_day)) if end and last_day else end

    def end_of(self, day: date) -> datetime:
        """The last second of a day in the site's zone."""
        return self._on_the_site(datetime.combine(day, LAST))

    def last_day(self, closings: Iterable[When | None]) -> date | None:
        """The deadline: the end of the cohort or, without one, the latest of ``closings`` (due and closing dates of
        the items). An extension never makes it earlier. None: no deadline."""
        days = [self.ends_on] if self.ends_on else [self._day(when) for when in closings if when is not None]
        last = max((day for day in days if day is not None), default=None)
        return max(last, self.extended_until) if last and self.extended_until else last

    def _day(self, when: When) -> date | None:
        moment = self._moment(when, "closes")
        return moment.astimezone(ZoneInfo(self.zone)).date() if moment else None

    def _moment(self, when: When | None, edge: Edge) -> datetime | None:
        if when is None:
            return None
        bare = FIRST if edge == "opens" else LAST
        if when.moment is not None:
            here = when.moment if when.at else datetime.combine(when.moment.date(), bare)
        else:
            base = self.starts_on if when.base == "start" else self.ends_on
            if base is None:
                return None
            here = datetime.combine(base + timedelta(days=when.days), when.at or bare)
        return self._on_the_site(here)

    def _on_the_site(self, here: datetime) -> datetime:
        return here.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)


def window_from(
    starts_on: date | None,
    ends_on: date | None,
    extended_until: date | None,
    *,
    enrolled_at: datetime,
    zone: str,
    of_cohort: Mapping[str, Any] | None = None,
    of_person: Mapping[str, Any] | None = None,
) -> Window:
    """The window of an enrolment. Without ``starts_on``, days count from the day of enrolment.

    ``of_cohort`` and ``of_person`` are moments of single items, as stored.
    """
    overrides = date_overrides(of_cohort), date_overrides(of_person)
    if starts_on is not None:
        return Window(starts_on, ends_on, zone, True, extended_until, *overrides)
    return Window(enrolled_at.astimezone(ZoneInfo(zone)).date(), ends_on, zone, False, extended_until, *overrides)
