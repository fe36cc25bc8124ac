"""What somebody knows before joining a cohort: its deadline, and when each item opens and closes there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from lms.courses.contents import Contents, ItemSummary
from lms.enrolment.windows import window_from


class Scheduled(Protocol):
    """A cohort. Without dates, learning begins with the enrolment."""

    @property
    def starts_on(self) -> date | None: ...

    @property
    def ends_on(self) -> date | None: ...


@dataclass(frozen=True)
class ItemDates:
    item: ItemSummary
    opens_at: datetime | None
    closes_at: datetime | None
    """An assignment's due moment, otherwise the closing moment."""


@dataclass(frozen=True)
class CohortOutlook:
    cohort: Scheduled
    deadline: date | None
    dates: dict[int, ItemDates]
    """By item id, without items that are always open."""

    @property
    def counts_from_today(self) -> bool:
        """True if days count from the enrolment: the dates are those of somebody who enrols today."""
        return self.cohort.starts_on is None


def outlooks(cohorts: Iterable[Scheduled], contents: Contents, *, zone: str, now: datetime) -> list[CohortOutlook]:
    return [_outlook(cohort, contents, zone, now) for cohort in cohorts]


def _outlook(cohort: Scheduled, contents: Contents, zone: str, now: datetime) -> CohortOutlook:
    window = window_from(cohort.starts_on, cohort.ends_on, None, enrolled_at=now, zone=zone)
    dates = (
        ItemDates(item, window.moment(item.opens, "opens"), window.moment(item.ends, "closes"))
        for item in contents.items
    )
    return CohortOutlook(
        cohort,
        window.last_day(item.ends for item in contents.items),
        {one.item.item_id: one for one in dates if one.opens_at or one.closes_at},
    )
