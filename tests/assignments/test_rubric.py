from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assignments.rubric import in_points, percent, read_points
from lms.content.rubric import Criterion, Level, best_possible, earned_points


def criterion(*points: str) -> Criterion:
    return Criterion("K", tuple(Level(f"L{at}", Decimal(p), "") for at, p in enumerate(points)))


TWO = (criterion("4", "3", "2", "1"), criterion("4", "3", "2", "1"))


@pytest.mark.parametrize(
    ("picked", "mark"),
    [
        ({0: 0, 1: 0}, "100"),
        ({0: 3, 1: 3}, "25"),
        ({0: 0, 1: 3}, "62.5"),
        ({0: 1, 1: 2}, "62.5"),
        ({1: 0, 0: 2}, "75"),
    ],
)
def test_the_mark_is_the_share_of_the_best_possible(picked, mark):
    assert percent(earned_points(TWO, picked), best_possible(TWO)) == Decimal(mark)


@pytest.mark.parametrize("picked", [{}, {0: 0}, {0: 0, 1: 4}, {0: -1, 1: 0}, {0: 0, 2: 0}])
def test_every_criterion_needs_a_level_that_exists(picked):
    with pytest.raises(ValueError, match="criterion"):
        earned_points(TWO, picked)


def test_the_best_of_a_criterion_need_not_come_first():
    rubric = (criterion("1", "2", "5"), criterion("0.5", "0"))
    assert best_possible(rubric) == Decimal("5.5")
    assert percent(earned_points(rubric, {0: 2, 1: 0}), best_possible(rubric)) == 100


def test_thirds_are_rounded_to_the_hundredth():
    assert percent(Decimal(1), Decimal(3)) == Decimal("33.33")
    assert percent(Decimal(2), Decimal(3)) == Decimal("66.67")


def test_a_rubric_that_can_give_nothing_gives_nothing():
    assert percent(Decimal(0), Decimal(0)) == 0


@given(st.lists(st.lists(st.integers(0, 40), min_size=1, max_size=6), min_size=1, max_size=8), st.data())
def test_a_mark_lies_between_0_and_100_and_the_best_levels_give_100(rows, data):
    rubric = tuple(criterion(*map(str, row)) for row in rows)
    picked = {at: data.draw(st.integers(0, len(row) - 1)) for at, row in enumerate(rows)}
    assert 0 <= percent(earned_points(rubric, picked), best_possible(rubric)) <= 100
    best = {at: row.index(max(row)) for at, row in enumerate(rows)}
    if best_possible(rubric):
        assert percent(earned_points(rubric, best), best_possible(rubric)) == 100


@given(st.lists(st.integers(1, 9), min_size=2, max_size=5, unique=True), st.integers(0, 4))
def test_a_better_level_never_gives_a_lower_mark(points, other):
    rubric = (criterion(*map(str, sorted(points))), criterion("4", "2"))
    marks = [percent(earned_points(rubric, {0: at, 1: other % 2}), best_possible(rubric)) for at in range(len(points))]
    assert marks == sorted(marks)


@pytest.mark.parametrize(
    ("score", "most", "points"),
    [
        ("81.25", "100", "81.25"),
        ("81.25", "40", "32.5"),
        ("66.67", "150", "100"),
        ("0", "20", "0"),
        ("100", "20", "20"),
    ],
)
def test_a_mark_is_told_in_the_assignments_own_points(score, most, points):
    assert in_points(Decimal(score), Decimal(most)) == Decimal(points)


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("85", "85"),
        ("85,5", "85.5"),
        (" 85.5 ", "85.5"),
        ("0", "0"),
        ("100", "100"),
        ("100,01", None),
        ("-1", None),
        ("", None),
        ("delapan", None),
        ("NaN", None),
        ("Infinity", None),
        ("1e9", None),
        ("8 5", None),
    ],
)
def test_points_are_read_as_people_type_them(text, points):
    assert read_points(text, Decimal(100)) == (None if points is None else Decimal(points))
