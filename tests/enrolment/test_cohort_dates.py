"""A cohort's state, its name, and the dates of the next one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lms.enrolment.cohort_dates import CohortDates, cohort_name, cohort_state, next_cohort_dates

TODAY = date(2026, 11, 23)
SOON, LATER, GONE = TODAY + timedelta(days=3), TODAY + timedelta(days=30), TODAY - timedelta(days=3)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_open", "enrols_until", "state"),
    [
        (SOON, LATER, False, None, "planned"),
        (SOON, LATER, True, None, "enrolling"),
        (SOON, LATER, True, TODAY, "enrolling"),
        (SOON, LATER, True, GONE, "planned"),
        (TODAY, LATER, True, None, "running"),
        (GONE, TODAY, False, None, "running"),
        (GONE - timedelta(days=9), GONE, True, LATER, "over"),
        (None, None, True, None, "running"),
        (None, None, False, None, "running"),
    ],
)
def test_how_far_a_run_is(starts_on, ends_on, is_open, enrols_until, state):
    assert cohort_state(starts_on, ends_on, is_open=is_open, enrols_until=enrols_until, today=TODAY) == state


def test_a_run_is_named_as_certificates_print_it():
    assert cohort_name(2, 2026) == "Angkatan II Tahun 2026"


@pytest.mark.parametrize("length", [0, 6, 7, 13, 27, 90])
@pytest.mark.parametrize("ago", [-40, -1, 0, 1, 8, 400])
def test_the_same_again_keeps_weekdays_and_length_and_lies_after_itself_and_today(length, ago):
    starts = TODAY - timedelta(days=ago)
    old = CohortDates(starts, starts + timedelta(days=length), starts - timedelta(days=2))
    new = next_cohort_dates(old, TODAY)
    assert new.starts_on.weekday() == starts.weekday()
    assert new.ends_on - new.starts_on == timedelta(days=length)
    assert new.starts_on - new.enrols_until == timedelta(days=2)
    assert new.starts_on > max(old.ends_on, TODAY)
    assert new.starts_on - max(old.ends_on, TODAY) <= timedelta(weeks=1)
