"""Why a number is what it is: the parts always add up to what is shown."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest
from factories import NOON
from hypothesis import given
from hypothesis import strategies as st

from lms.content.course import CompletionRule
from lms.learning.completion import ItemProgress, evaluate, item_results
from lms.learning.explaining import (
    ItemExplanation,
    MarkPart,
    apportion,
    counting_share,
    explain_course,
    with_rest,
)
from lms.learning.final_score import mean_of
from lms.quizzes.scoring import effective_score

D = Decimal
scores = st.decimals(0, 100, places=2)
weights = st.one_of(st.none(), st.sampled_from([0.0, 0.5, 1.0, 7.25, 33.3, 1000.0]))


def course(*items, extra=(), dropped=0):
    """A table of contents of graded items with these weights."""
    found = [
        SimpleNamespace(
            item_id=number,
            weight=weight,
            counts=True,
            is_graded=True,
            is_required=True,
            is_extra=number in extra,
            score_group=None,
            title=f"Kuis {number}",
        )
        for number, weight in enumerate(items)
    ]
    return SimpleNamespace(items=tuple(found), rule=CompletionRule(drop_lowest={"": dropped} if dropped else None))


def progress(marks):
    return {number: ItemProgress("done", score, NOON) for number, score in enumerate(marks) if score is not None}


@given(st.lists(st.tuples(weights, st.one_of(st.none(), scores)), min_size=1, max_size=12))
def test_the_parts_add_up_to_what_the_course_page_shows(rows):
    contents, own = course(*(weight for weight, _score in rows)), progress([score for _weight, score in rows])
    found = explain_course(contents, own)
    shown = evaluate(contents.rule, item_results(contents, own), 70)
    assert found.final == shown.score
    if found.final is None:
        return
    assert sum(part.share for part in found.parts) == shown.score
    assert sum(part.weight for part in found.parts) == 100
    so_far = [part.share_so_far for part in found.parts if part.share_so_far is not None]
    marked = [part for part in found.parts if part.score is not None]
    assert found.so_far == shown.score_so_far
    if found.so_far is not None:
        assert sum(so_far) == shown.score_so_far
        assert len(so_far) == len(marked)


@given(st.lists(st.tuples(scores, st.decimals("0.01", 100, places=2)), min_size=1, max_size=20))
def test_a_share_is_within_a_cent_of_its_exact_value(rows):
    values, given_weights = [one for one, _weight in rows], [weight for _one, weight in rows]
    found = apportion(values, given_weights, mean_of(values, given_weights))
    whole = sum(given_weights)
    for share, value, weight in zip(found, values, given_weights, strict=True):
        assert abs(share - value * weight / whole) < D("0.010001")


@given(st.lists(scores, min_size=1, max_size=9), st.sampled_from(["highest", "average", "first", "last"]))
def test_attempts_add_up_to_the_score_that_counts(marks, rule):
    effective = effective_score(marks, rule)
    found = counting_share(marks, effective, rule)
    assert sum(found) == effective
    if rule != "average":
        assert sum(one != 0 for one in found) <= 1, "one attempt counts"


@pytest.mark.parametrize(
    ("marks", "given_weights", "shares"),
    [
        (["100", "0", "0"], ["1", "1", "1"], ["33.33", "0.00", "0.00"]),
        (["100", "100", "100"], ["1", "1", "1"], ["33.34", "33.33", "33.33"]),
        (["80", "60"], ["3", "1"], ["60.00", "15.00"]),
        (["69.45", "94.45"], ["1", "1"], ["34.73", "47.22"]),  # 81.95; the cent that is left goes to the first
    ],
)
def test_worked_out_by_hand(marks, given_weights, shares):
    values, weighing = [D(one) for one in marks], [D(one) for one in given_weights]
    assert apportion(values, weighing, mean_of(values, weighing)) == [D(one) for one in shares]


@pytest.mark.parametrize(("stored", "label"), [("80.00", "kept"), ("40.00", "pending")])
def test_what_the_parts_do_not_explain_has_a_line_of_its_own(stored, label):
    found = ItemExplanation("", (MarkPart("Percobaan 1", D(60), D(60)),), {})
    more = with_rest(found, D(stored), "kept", "pending")
    assert more.score == D(stored)
    assert more.parts[-1].label == label
    assert with_rest(found, D("60.00"), "kept", "pending") is found
    assert with_rest(found, None, "kept", "pending") is found


def test_a_course_without_weight_explains_nothing():
    assert explain_course(course(0.0), {}).parts == ()
    assert explain_course(course(), {}).final is None
