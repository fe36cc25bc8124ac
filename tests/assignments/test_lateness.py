from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assignments.lateness import Deadline, after_deduction, cost, deadline, deadline_in, latest
from lms.content.items.assignment import Assignment, Late
from lms.content.when import When
from lms.enrolment.windows import DateOverride, Window

DUE = datetime(2026, 11, 30, 14, 59, 59, tzinfo=UTC)
WEEK = timedelta(days=7)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


@pytest.mark.parametrize(
    ("after", "days"),
    [
        (hours(-1), 0),
        (timedelta(0), 0),
        (timedelta(microseconds=999_999), 0),
        (timedelta(seconds=1), 1),
        (hours(23), 1),
        (hours(24), 1),
        (hours(24) + timedelta(seconds=1), 2),
        (hours(47), 2),
        (hours(24 * 7), 7),
        (hours(24 * 7) + timedelta(seconds=1), 8),
    ],
)
def test_each_day_begun_after_the_due_moment_counts(after, days):
    assert Deadline(DUE, None).days_late(DUE + after) == days


def test_without_a_due_moment_nothing_is_late():
    assert Deadline(None, None).days_late(DUE + timedelta(days=900)) == 0


@given(st.integers(1, 400), st.integers(0, 86_399))
def test_the_nth_day_has_begun_from_its_first_second_to_its_last(day, second):
    moment = DUE + timedelta(days=day - 1, seconds=second + 1)
    assert Deadline(DUE, None).days_late(moment) == day


@pytest.mark.parametrize(
    ("late", "until", "closes", "last"),
    [
        (False, None, None, DUE),
        (True, DUE + WEEK, None, DUE + WEEK),
        (True, None, None, None),
        (True, DUE + WEEK, DUE + hours(1), DUE + hours(1)),
        (True, None, DUE + hours(1), DUE + hours(1)),
        (False, None, DUE + WEEK, DUE),
        (False, None, DUE - WEEK, DUE - WEEK),
    ],
)
def test_work_is_taken_until_the_earliest_moment_that_ends_it(late, until, closes, last):
    assert deadline(DUE, late=late, until=until, penalty=Decimal(5), closes=closes).last == last


def test_without_due_moment_only_the_closing_ends_it():
    assert deadline(None, late=False, until=None, penalty=Decimal(0), closes=None).last is None
    assert deadline(None, late=False, until=None, penalty=Decimal(0), closes=DUE).last == DUE


@pytest.mark.parametrize(("after", "is_over"), [(-1.0, False), (0.0, False), (0.9, False), (1.0, True), (60.0, True)])
def test_the_last_moment_includes_its_own_second(after, is_over):
    assert Deadline(None, DUE).is_over(DUE + timedelta(seconds=after)) is is_over


def test_what_never_ends_is_never_over():
    assert not Deadline(DUE, None).is_over(DUE + timedelta(days=900))


@pytest.mark.parametrize(("last", "takes"), [(None, True), (DUE + WEEK, True), (DUE, False), (DUE - WEEK, False)])
def test_late_work_is_taken_only_where_there_is_time_after_the_due_moment(last, takes):
    assert Deadline(DUE, last).takes_late is takes


@pytest.mark.parametrize(
    ("score", "penalty", "days", "left"),
    [
        ("90", "5", 0, "90"),
        ("90", "5", 1, "85.5"),
        ("90", "5", 2, "81"),
        ("100", "10", 3, "70"),
        ("33.33", "5", 1, "31.66"),
        ("80", "10", 10, "0"),
        ("80", "10", 400, "0"),
        ("80", "0", 400, "80"),
        ("0", "5", 2, "0"),
        ("87.5", "2.5", 1, "85.31"),
    ],
)
def test_a_day_costs_its_share_of_the_mark(score, penalty, days, left):
    assert after_deduction(Decimal(score), cost(Decimal(penalty), days)) == Decimal(left)


@given(st.integers(0, 10_000), st.integers(0, 1000), st.integers(0, 60))
def test_a_later_day_never_gives_a_better_mark(score, penalty, days):
    mark, percent = Decimal(score) / 100, Decimal(penalty) / 10
    one, later = (after_deduction(mark, cost(percent, count)) for count in (days, days + 1))
    assert 0 <= later <= one <= mark


@pytest.mark.parametrize(("days", "percent"), [(0, "0"), (1, "5"), (3, "15"), (30, "100")])
def test_the_cost_is_never_more_than_all(days, percent):
    assert Deadline(DUE, None, Decimal(5)).cost(days) == Decimal(percent)


# A cohort's own moments


MONDAY = When("fixed", moment=datetime.fromisoformat("2026-11-30T09:00"), at=time(9, 0))
AT_NINE = datetime(2026, 11, 30, 0, 0, tzinfo=UTC)


def window(*, until: date | None = None, **own: datetime | None) -> Window:
    overrides = (DateOverride(7, None, own.get("closes_at"), own.get("due_at")),) if own else ()
    return Window(date(2026, 11, 23), date(2027, 1, 31), "Asia/Jayapura", True, until, of_cohort=overrides)


def ends(window: Window, late: Late | None = None, closes: When | None = None) -> tuple[timedelta | None, ...]:
    """From Monday at nine to the due and to the last moment."""
    assignment = Assignment(slug="tugas", title="Tugas", due=MONDAY, late=late)
    found = deadline_in(window, 7, assignment, closes)
    return tuple(moment - AT_NINE if moment else None for moment in (found.due, found.last))


DAY = timedelta(days=1)
TWO_DAYS_LATE = Late(When("fixed", moment=datetime.fromisoformat("2026-12-02T09:00"), at=time(9, 0)), Decimal(10))


@pytest.mark.parametrize(
    ("late", "policy", "closes", "last"),
    [
        (None, "strict", None, AT_NINE),
        (None, "decide", None, None),
        (None, "decide", TWO_DAYS_LATE.until, AT_NINE + 2 * DAY),
        (Late(until=None), "decide", None, None),
    ],
)
def test_where_graders_decide_late_work_is_accepted_until_the_item_closes(late, policy, closes, last):
    assignment = Assignment(slug="tugas", title="Tugas", due=MONDAY, late=late, late_policy=policy)
    assert deadline_in(window(), 7, assignment, closes).last == last


@pytest.mark.parametrize(
    ("own", "late", "expected"),
    [
        ({}, None, (0 * DAY, 0 * DAY)),
        ({}, TWO_DAYS_LATE, (0 * DAY, 2 * DAY)),
        ({"due_at": AT_NINE + DAY}, None, (DAY, DAY)),
        ({"due_at": AT_NINE + DAY}, TWO_DAYS_LATE, (DAY, 2 * DAY)),
        ({"due_at": AT_NINE + 5 * DAY}, TWO_DAYS_LATE, (5 * DAY, 5 * DAY)),
        ({"due_at": AT_NINE + DAY, "closes_at": AT_NINE + 3 * DAY}, None, (DAY, 3 * DAY)),
        ({"closes_at": AT_NINE + 3 * DAY}, TWO_DAYS_LATE, (0 * DAY, 3 * DAY)),
    ],
)
def test_a_cohort_may_have_its_own_moments(own, late, expected):
    assert ends(window(**own), late) == expected


def test_an_item_that_closes_stays_open_until_the_cohorts_work_is_due():
    assert ends(window(due_at=AT_NINE + 2 * DAY), closes=MONDAY) == (2 * DAY, 2 * DAY)


def test_a_later_extension_of_a_person_goes_before_both_moments_of_the_cohort():
    extended = window(until=date(2026, 12, 9), due_at=AT_NINE + DAY, closes_at=AT_NINE + 2 * DAY)
    assert ends(extended) == (9 * DAY + hours(15) - timedelta(seconds=1),) * 2
    assert deadline_in(extended, 7, Assignment(slug="t", title="T", due=MONDAY), None).source == "extension"


def test_an_item_without_own_moments_keeps_those_of_the_course():
    other = deadline_in(window(due_at=AT_NINE + DAY), 8, Assignment(slug="t", title="T", due=MONDAY), None)
    assert (other.due, other.source) == (AT_NINE, "course")


@given(st.lists(st.tuples(*[st.one_of(st.none(), st.integers(0, 9))] * 2), min_size=1, max_size=5))
def test_a_group_has_the_most_generous_moments_of_its_members(days):
    def moment(day: int | None) -> datetime | None:
        return None if day is None else AT_NINE + day * DAY

    found = latest(Deadline(moment(due), moment(last)) for due, last in days)
    for at, value in ((0, found.due), (1, found.last)):
        values = [one[at] for one in days]
        assert value == (None if None in values else moment(max(values)))
