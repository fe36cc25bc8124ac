"""A cohort's state by its dates, its name, and the dates of the next one."""

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
    """Before the first day, "enrolling" or "planned"; then "running", and "over" after the last day.

    A cohort without a first day is running.
    """
    if ends_on is not None and ends_on < today:
        return "over"
    if starts_on is None or starts_on <= today:
        return "running"
    return "enrolling" if is_open and (enrols_until is None or enrols_until >= today) else "planned"


def cohort_name(number: int, year: int) -> str:
    """``Angkatan II Tahun 2026``, as printed on certificates."""
    return f"Angkatan {roman(number)} Tahun {year}"


@dataclass(frozen=True)
class CohortDates:
    starts_on: date
    ends_on: date
    enrols_until: date | None = None


def next_cohort_dates(dates: CohortDates, today: date) -> CohortDates:
    """The same dates moved by whole weeks, so that weekdays stay, to after the old end and after today."""
    earliest = max(dates.ends_on, today) + timedelta(days=1)
    weeks = -(-(earliest - dates.starts_on) // WEEK)
    by = max(weeks, 1) * WEEK
    return CohortDates(
        dates.starts_on + by, dates.ends_on + by, dates.enrols_until + by if dates.enrols_until else None
    )
