from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assignments.lateness import Deadline, after_penalty, deadline

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
    assert after_penalty(Decimal(score), Decimal(penalty), days) == Decimal(left)


@given(st.integers(0, 10_000), st.integers(0, 1000), st.integers(0, 60))
def test_a_later_day_never_gives_a_better_mark(score, penalty, days):
    mark, cost = Decimal(score) / 100, Decimal(penalty) / 10
    assert 0 <= after_penalty(mark, cost, days + 1) <= after_penalty(mark, cost, days) <= mark


@pytest.mark.parametrize(("days", "cost"), [(0, "0"), (1, "5"), (3, "15"), (30, "100")])
def test_the_cost_is_never_more_than_all(days, cost):
    assert Deadline(DUE, None, Decimal(5)).cost(days) == Decimal(cost)
