"""The rows of a gradebook put in order, filtered and summed up."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from factories import NOON
from hypothesis import given
from hypothesis import strategies as st

from lms.gradebook.book import (
    Book,
    BookPerson,
    BookRow,
    MarkCell,
    RowOrder,
    Summary,
    filter_rows,
    reasons_to_help,
    sort_rows,
)
from lms.learning.completion import CourseOutcome, ItemProgress

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def participant(name="Ani", number=1, due_on=None, is_completed=False) -> BookPerson:
    return BookPerson(number, 1, name, name, None, due_on, NOON, is_completed)


def row(name="Ani", score=None, number=1, cells=None, needs=(), so_far=None) -> BookRow:
    final = None if score is None else Decimal(score)
    so_far = final if so_far is None else Decimal(so_far)
    outcome = CourseOutcome(0, 1, 0, 1, final, so_far, Decimal(70))
    return BookRow(participant(name, number), cells or {}, outcome, needs)


def cell(score=None, state="done", **marks) -> MarkCell:
    return MarkCell(ItemProgress(state, None if score is None else Decimal(score), NOON), **marks)


def names(rows) -> list[str]:
    return [one.participant.name for one in rows]


ROWS = [row("citra", "80", 3), row("Ani", None, 1), row("Budi", "95.5", 2), row("Dewi", "80", 4)]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (RowOrder(), ["Ani", "Budi", "citra", "Dewi"]),
        (RowOrder("name", is_falling=True), ["Dewi", "citra", "Budi", "Ani"]),
        (RowOrder("score"), ["citra", "Dewi", "Budi", "Ani"]),
        (RowOrder("score", is_falling=True), ["Budi", "citra", "Dewi", "Ani"]),
    ],
)
def test_people_without_a_mark_come_last_whichever_way_marks_are_sorted(order, expected):
    assert names(sort_rows(ROWS, order)) == expected


def test_an_item_sorts_by_its_own_marks():
    rows = [row("Ani", "90", 1, {5: cell("10")}), row("Budi", "10", 2, {5: cell("90")}), row("Citra", "50", 3)]
    assert names(sort_rows(rows, RowOrder(5))) == ["Ani", "Budi", "Citra"]
    assert names(sort_rows(rows, RowOrder(5, is_falling=True))) == ["Budi", "Ani", "Citra"]


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        ("all", ["waits", "missing", "late", "below", "help", "well"]),
        ("waiting", ["waits"]),
        ("missing", ["missing", "late"]),
        ("below", ["below"]),
        ("help", ["help"]),
    ],
)
def test_a_filter_leaves_whom_it_names(show, expected):
    rows = [
        row("waits", "70", cells={5: cell(state="waiting")}),
        row("missing", "70", cells={5: MarkCell(None, is_missing=True)}),
        row("late", "70", cells={5: cell("70", is_late=True)}),
        row("below", "69.99", cells={5: cell("69.99", "failed")}),
        row("help", "70", needs=("idle",)),
        row("well", "70", cells={5: cell("70")}),
    ]
    assert names(filter_rows(rows, show)) == expected


def test_a_mark_is_provisional_while_something_that_counts_is_not_marked():
    assert row(score="40", so_far="80").is_provisional
    assert row(score="40", so_far="80").score == Decimal(80)
    assert not row(score="80").is_provisional


def test_a_summary_says_mean_median_and_how_marks_are_spread():
    summary = Summary(tuple(map(Decimal, ("0", "9.99", "10", "70.5", "89.99", "90", "100"))))
    assert summary.mean == Decimal("52.93")  # 370.48 / 7 = 52.9257…
    assert summary.median == Decimal("70.50")
    assert summary.distribution == (2, 1, 0, 0, 0, 0, 0, 1, 1, 2)


def test_no_mark_has_no_mean():
    assert (Summary(()).mean, Summary(()).median) == (None, None)


@given(st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=40))
def test_every_mark_is_in_one_bar_and_the_mean_between_the_ends(scores):
    summary = Summary(tuple(scores))
    assert sum(summary.distribution) == len(scores)
    assert min(scores) <= summary.mean <= max(scores)
    assert min(scores) <= summary.median <= max(scores)


def test_a_book_counts_what_waits_what_is_missing_and_who_is_below():
    item = SimpleNamespace(item_id=5)
    book = Book(
        [item],
        [
            row("Ani", "60", 1, {5: cell("60", "failed")}),
            row("Budi", None, 2, {5: cell(state="waiting")}),
            row("Citra", None, 3, {5: MarkCell(None, is_missing=True)}, needs=("overdue",)),
        ],
    )
    assert (book.below, book.waiting, book.missing) == (1, 1, 1)
    assert book.by_item[5].scores.mean == Decimal(60)
    assert book.finals.count == 1
    assert names(book.in_need) == ["Citra"]


def needs(failed=(), last_day=TODAY, **values):
    limits = {"today": TODAY, "near_days": 7, "idle_days": 14}
    return reasons_to_help(participant(**values), failed, last_day=last_day, **limits)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (needs(), ()),
        (needs(due_on=TODAY - DAY), ("overdue",)),
        (needs(due_on=TODAY), ("near",)),
        (needs(due_on=TODAY + 7 * DAY), ("near",)),
        (needs(due_on=TODAY + 8 * DAY), ()),
        (needs(failed=[1]), ()),
        (needs(failed=[0, 2]), ("failed",)),
        (needs(last_day=TODAY - 13 * DAY), ()),
        (needs(last_day=TODAY - 14 * DAY), ("idle",)),
        (needs(last_day=None), ()),
        (needs(failed=[3], last_day=TODAY - 30 * DAY, due_on=TODAY - DAY), ("overdue", "failed", "idle")),
        (needs(failed=[3], last_day=TODAY - 30 * DAY, due_on=TODAY - DAY, is_completed=True), ()),
    ],
)
def test_reasons_to_help(found, expected):
    assert found == expected
