from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.course import CompletionRule
from lms.learning.completion import ItemResult, evaluate

ALL = CompletionRule("all", None)


def module(is_done=True, is_required=True, counts=True):
    return ItemResult(is_required=is_required, counts=counts, is_graded=False, is_done=is_done)


def quiz(score=None, weight=None, is_required=True, mark=70, final=False):
    done = score is not None and score >= mark
    return ItemResult(
        is_required=is_required,
        counts=True,
        is_graded=True,
        is_done=done,
        weight=weight,
        score=None if score is None else Decimal(score),
        is_final=final,
    )


@pytest.mark.parametrize(
    ("rule", "results", "complete"),
    [
        (ALL, [], False),
        (ALL, [module()], True),
        (ALL, [module(), module(is_done=False)], False),
        (ALL, [module(), module(is_done=False, counts=False)], True),
        (ALL, [module(), module(is_done=False, is_required=False)], False),
        (CompletionRule("required", None), [module(), module(is_done=False, is_required=False)], True),
        (CompletionRule(50, None), [module(), module(is_done=False)], True),
        (CompletionRule(51, None), [module(), module(is_done=False)], False),
        (ALL, [module(), quiz(70)], True),
        (ALL, [module(), quiz(69)], False),
        (CompletionRule("all", 80), [quiz(70), quiz(85)], False),
        (CompletionRule("all", 80), [quiz(75), quiz(85)], True),
        (CompletionRule(50, None), [quiz(100), quiz(None)], False),
        (CompletionRule(50, 50), [quiz(100), quiz(None)], True),
    ],
)
def test_a_course_is_complete_when_its_rule_says_so(rule, results, complete):
    assert evaluate(rule, results, 70).is_complete is complete


@pytest.mark.parametrize(
    ("results", "score", "so_far"),
    [
        ([module()], None, None),
        ([quiz(None)], Decimal("0.00"), None),
        ([quiz(80), quiz(None)], Decimal("40.00"), Decimal("80.00")),
        ([quiz(80, 60), quiz(90, 40)], Decimal("84.00"), Decimal("84.00")),
        ([quiz(80, 60), quiz(None, 40)], Decimal("48.00"), Decimal("80.00")),
        ([quiz(80, 60), quiz(10)], Decimal("80.00"), Decimal("80.00")),
        ([quiz(100), quiz(100), quiz(50)], Decimal("83.33"), Decimal("83.33")),
        ([quiz(70), quiz(Decimal("70.01"))], Decimal("70.01"), Decimal("70.01")),
    ],
)
def test_the_final_score_is_the_weighted_mean_with_missing_marks_as_zero(results, score, so_far):
    results = [
        ItemResult(one.is_required, one.counts, one.is_graded, one.is_done, one.weight, one.score) for one in results
    ]
    outcome = evaluate(ALL, results, 70)
    assert (outcome.score, outcome.score_so_far) == (score, so_far)


@pytest.mark.parametrize(
    ("rule", "results", "failed"),
    [
        (ALL, [], False),
        (ALL, [module(is_done=False)], False),
        (ALL, [quiz(0)], False),
        (ALL, [quiz(69, final=True)], True),
        (CompletionRule(50, 50), [quiz(0, final=True), quiz(None)], False),
        (CompletionRule(50, 51), [quiz(0, final=True), quiz(None)], True),
        (CompletionRule(50, 51), [quiz(0, final=True), quiz(None), module(is_done=False)], True),
        (CompletionRule(50, 51), [quiz(2, final=True), quiz(None)], False),
        (CompletionRule("all", 80), [quiz(75), quiz(70, final=True)], False),
        (CompletionRule("all", 80), [quiz(75, final=True), quiz(70, final=True)], True),
        (CompletionRule("all", 75), [quiz(80, final=True), quiz(70, final=True)], False),
        (ALL, [quiz(70, final=True), module(is_done=False)], False),
        (CompletionRule("required", 0), [module(), quiz(0, is_required=False, final=True)], False),
        (CompletionRule("required", 60), [quiz(10, 40, is_required=False, final=True), quiz(None, 60)], False),
        (CompletionRule("required", 65), [quiz(10, 40, is_required=False, final=True), quiz(None, 60)], True),
        (CompletionRule("required", 65), [quiz(10, 0, is_required=False, final=True), quiz(None, 60)], False),
    ],
)
def test_a_course_is_failed_when_no_further_mark_can_complete_it(rule, results, failed):
    assert evaluate(rule, results, 70).is_failed is failed


@given(st.lists(st.tuples(st.integers(0, 100), st.booleans()), min_size=1, max_size=8), st.integers(0, 100))
def test_whoever_has_not_failed_completes_the_course_by_full_marks(scores, asked):
    rule = CompletionRule("required", asked)
    now = [quiz(score, is_required=False, final=final) for score, final in scores]
    best = [one if one.is_final else quiz(100, is_required=False) for one in now]
    assert evaluate(rule, now, 70).is_failed is not evaluate(rule, best, 70).is_complete


@given(st.lists(st.one_of(st.none(), st.integers(0, 100)), min_size=1, max_size=12))
def test_another_mark_never_lowers_the_final_score(scores):
    before = evaluate(ALL, [quiz(score) for score in scores], 70).score
    better = [100 if score is None else score for score in scores]
    assert evaluate(ALL, [quiz(score) for score in better], 70).score >= before


@given(st.sampled_from(["all", "required", 60]), st.lists(st.tuples(st.booleans(), st.booleans()), max_size=20))
def test_what_is_needed_is_never_more_than_what_is_left(items, rows):
    results = [module(is_done=done, is_required=required) for done, required in rows]
    outcome = evaluate(CompletionRule(items), results, 70)
    assert (outcome.total_done, outcome.total) == (sum(done for done, _ in rows), len(rows))
    assert outcome.items_left <= outcome.total - outcome.total_done
