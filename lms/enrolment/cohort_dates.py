"""A run of a course (angkatan) by its dates: how far it is, what it is called, when the next one could be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from lms.lib.numerals import roman

CohortState = Literal["planned", "enrolling", "running", "over"]
WEEK = timedelta(weeks=1)


def cohort_state(
    starts_on: date | None, ends_on: date | None, *, is_open: bool, enrols_until: date | None, today: date
) -> CohortState:
    """Over after its last day, running from its first, before it enrolling or only planned.

    Without a first day there is no before: it runs.
    """
    if ends_on is not None and ends_on < today:
        return "over"
    if starts_on is None or starts_on <= today:
        return "running"
    return "enrolling" if is_open and (enrols_until is None or enrols_until >= today) else "planned"


def cohort_name(number: int, year: int) -> str:
    """``Angkatan II Tahun 2026``, as it is printed on certificates."""
    return f"Angkatan {roman(number)} Tahun {year}"


@dataclass(frozen=True)
class CohortDates:
    """When a run is, and until when one may come in."""

    starts_on: date
    ends_on: date
    enrols_until: date | None = None


def next_cohort_dates(dates: CohortDates, today: date) -> CohortDates:
    """The same run again: whole weeks later, so that weekdays stay, after its own end and after today."""
    earliest = max(dates.ends_on, today) + timedelta(days=1)
    weeks = -(-(earliest - dates.starts_on) // WEEK)
    by = max(weeks, 1) * WEEK
    return CohortDates(
        dates.starts_on + by, dates.ends_on + by, dates.enrols_until + by if dates.enrols_until else None
    )
