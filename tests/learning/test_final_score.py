"""The final score: weights, what is dropped, extra credit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.learning.final_score import ScoredItem, dropped_of, final_score, mean_of, total_of

D = Decimal
scores = st.decimals(0, 100, places=2)
weights = st.sampled_from([D(0), D("0.5"), D(1), D(7), D("33.3"), D(100)])
items = st.lists(
    st.builds(ScoredItem, scores, weights, st.booleans(), st.sampled_from([None, "a", "b"])), min_size=1, max_size=8
)
drops = st.one_of(
    st.just({}),
    st.builds(lambda n: {"": n}, st.integers(1, 4)),
    st.dictionaries(st.sampled_from(["a", "b"]), st.integers(1, 3), max_size=2),
)


def of(*rows, extra=(), group=()):
    return [
        ScoredItem(D(score), D(weight), at in extra, "kuis" if at in group else None)
        for at, (score, weight) in enumerate(rows)
    ]


@pytest.mark.parametrize(
    ("found", "drop", "total"),
    [
        (of((80, 1), (60, 1), (100, 1)), {}, "80.00"),
        (of((80, 1), (60, 1), (100, 1)), {"": 1}, "90.00"),  # without 60: (80 + 100) / 2
        (of((80, 1), (60, 1), (100, 1)), {"": 2}, "100.00"),
        (of((80, 1), (60, 1)), {"": 5}, "80.00"),  # one always stays
        (of((50, 40), (90, 30), (70, 30)), {}, "68.00"),  # 20 + 27 + 21
        (of((50, 40), (90, 30), (70, 30), group=(1, 2)), {"kuis": 1}, "74.00"),  # 20 + 90 × 60 %
        (of((50, 40), (90, 30), (95, 30), group=(1, 2)), {"kuis": 1}, "77.00"),  # 20 + 95 × 60 %: never the 50
        (of((80, 95), (60, 5), (100, 5), extra=(2,)), {}, "84.00"),  # (76 + 3) / 1 + 5
        (of((80, 1), (60, 1), (50, 1), extra=(2,)), {}, "95.00"),  # 70 + 50 / 2
        (of((98, 100), (100, 5), extra=(1,)), {}, "100.00"),  # 103 is 100
        (of((0, 50), (0, 50)), {"": 1}, "0.00"),
        (of((61, 100), (60, 1), (100, 1)), {"": 1}, "80.00"),  # the heavy 61 is dropped, not the 60
        (of((33, 1), (33, 1), ("34.01", 1)), {}, "33.34"),  # 33.336…
    ],
)
def test_worked_out_by_hand(found, drop, total):
    result = final_score(found, drop)
    assert result is not None
    assert result.total == D(total) == total_of(found, drop)


def test_without_weights_there_is_none():
    assert final_score(of((80, 0)), {}) is None
    assert final_score(of((80, 5), extra=(0,)), {}) is None
    assert total_of([], {}) is None


@given(items, drops)
def test_it_is_between_0_and_100_and_dropping_and_extra_credit_never_lower_it(found, drop):
    result = final_score(found, drop)
    if result is None:
        return
    assert 0 <= result.total <= 100
    plain = final_score(found, {})
    assert plain is not None
    assert result.total >= plain.total
    without_extra = final_score([one for one in found if not one.is_extra], drop)
    assert without_extra is not None
    assert result.total >= without_extra.total


@given(items, drops)
def test_weights_are_parts_of_the_whole_and_what_is_dropped_has_none(found, drop):
    result = final_score(found, drop)
    if result is None:
        return
    regular = [weight for one, weight in zip(found, result.weights, strict=True) if not one.is_extra]
    assert sum(regular) == 1
    assert dropped_of(found, drop) == result.dropped
    assert total_of(found, drop) == result.total
    assert all(result.weights[at] == 0 and not found[at].is_extra for at in result.dropped)
    for group, number in drop.items():
        members = {at for at, one in enumerate(found) if one.weight and not one.is_extra and group in ("", one.group)}
        assert len(result.dropped & members) == max(0, min(number, len(members) - 1))


@given(items, drops, st.data())
def test_a_better_score_of_one_item_never_lowers_it(found, drop, data):
    at = data.draw(st.integers(0, len(found) - 1))
    better = replace(found[at], score=data.draw(st.decimals(found[at].score, 100, places=2)))
    before, after = final_score(found, drop), final_score([*found[:at], better, *found[at + 1 :]], drop)
    assert before is None or (after is not None and after.total >= before.total)


@given(items, st.integers(1, 4))
def test_no_other_choice_of_what_is_dropped_is_better(found, number):
    """By trying all."""
    result = final_score(found, {"": number})
    if result is None:
        return
    regular = [one for one in found if one.weight and not one.is_extra]
    kept = max(1, len(regular) - number)
    best = max(
        sum(Fraction(one.score) * Fraction(one.weight) for one in some) / sum(Fraction(one.weight) for one in some)
        for some in combinations(regular, kept)
    )
    found_mean = sum(
        Fraction(one.score) * weight for one, weight in zip(found, result.weights, strict=True) if not one.is_extra
    )
    assert found_mean == best


@given(st.lists(st.tuples(scores, weights), min_size=1, max_size=8), st.integers(1, 3))
def test_with_equal_weights_the_lowest_scores_are_dropped(rows, number):
    found = [ScoredItem(score, D(1)) for score, _weight in rows]
    result = final_score(found, {"": number})
    assert result is not None
    lowest = sorted(one.score for one in found)[: len(result.dropped)]
    assert sorted(found[at].score for at in result.dropped) == lowest


@given(st.lists(st.tuples(scores, weights), min_size=1, max_size=8))
def test_where_nothing_is_dropped_it_is_the_weighted_mean(rows):
    found = [ScoredItem(score, weight) for score, weight in rows]
    result = final_score(found, {})
    if result is not None:
        assert result.total == mean_of([one.score for one in found], [one.weight for one in found])
        assert result.total == total_of(found, {})
