from datetime import UTC, date, datetime

import pytest

from lms.content import stored
from lms.enrolment.windows import Window

COHORT = Window(date(2026, 12, 1), date(2026, 12, 31), "Asia/Jayapura", is_scheduled=True)
ALONE = Window(date(2026, 12, 1), None, "Asia/Jayapura")


def when(base="start", days=0, at=None, moment=None):
    return stored.load_when({"base": base, "days": days, "at": at, "moment": moment})


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("what", "edge", "moment"),
    [
        (when(days=7), "opens", utc(2026, 12, 7, 15, 0)),
        (when(days=7), "closes", utc(2026, 12, 8, 14, 59, 59)),
        (when(days=7, at="09:00"), "opens", utc(2026, 12, 8, 0, 0)),
        (when(days=7, at="09:00"), "closes", utc(2026, 12, 8, 0, 0)),
        (when("end", 90), "opens", utc(2027, 3, 30, 15, 0)),
        (when("fixed", at="09:00", moment="2026-12-05T09:00:00"), "closes", utc(2026, 12, 5, 0, 0)),
        (when("fixed", moment="2026-12-05T00:00:00"), "closes", utc(2026, 12, 5, 14, 59, 59)),
    ],
)
def test_a_relative_date_becomes_a_moment_of_the_cohort(what, edge, moment):
    assert COHORT.moment(what, edge) == moment


def test_nothing_written_is_no_moment():
    assert COHORT.moment(None, "opens") is None


def test_without_an_end_what_counts_from_it_has_no_moment():
    assert ALONE.moment(when("end", 3), "opens") is None


def test_a_scheduled_cohort_opens_with_its_first_day_and_a_lone_learner_at_once():
    assert COHORT.opens_at == utc(2026, 11, 30, 15, 0)
    assert ALONE.opens_at is None


@pytest.mark.parametrize(
    ("ends_on", "extended_until", "closings", "wanted"),
    [
        (date(2026, 11, 30), None, [], date(2026, 11, 30)),
        (date(2026, 11, 30), date(2026, 12, 7), [], date(2026, 12, 7)),
        (date(2026, 11, 30), date(2026, 11, 20), [], date(2026, 11, 30)),
        (None, None, [], None),
        (None, date(2026, 12, 7), [], None),
        (None, None, [None, when(days=7), when(days=3)], date(2026, 11, 30)),
        (None, date(2026, 12, 7), [when(days=7)], date(2026, 12, 7)),
        (date(2026, 11, 25), None, [when(days=7)], date(2026, 11, 25)),
    ],
)
def test_the_last_day_is_the_cohorts_else_the_latest_closing_and_an_extension_puts_it_off(
    ends_on, extended_until, closings, wanted
):
    window = Window(date(2026, 11, 23), ends_on, "Asia/Jayapura", extended_until=extended_until)
    assert window.last_day(closings) == wanted


def test_an_extension_puts_off_what_closes_and_never_what_opens():
    window = Window(date(2026, 11, 23), None, "Asia/Jayapura", extended_until=date(2026, 12, 7))
    assert window.moment(when(days=3), "closes") == datetime(2026, 12, 7, 14, 59, 59, tzinfo=UTC)
    assert window.moment(when(days=3), "opens") == datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
    assert window.moment(None, "closes") is None
