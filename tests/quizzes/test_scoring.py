"""Answers into points."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from quiz_factories import a_question, a_quiz, question_json

from lms.quizzes.responses import Response
from lms.quizzes.scoring import rounded, score_attempt, share


def picks(text: str) -> Response:
    return Response(frozenset(text) or None)


@pytest.mark.parametrize(("picked", "earned"), [("a", 1), ("b", 0), ("", 0)])
@pytest.mark.parametrize("scoring", ["exact", "each-answer", "net-correct", "correct-only"])
def test_a_single_choice_is_right_or_wrong_whatever_the_rule(picked, earned, scoring):
    assert share(a_question(scoring=scoring), picks(picked)) == earned


@pytest.mark.parametrize(
    ("scoring", "picked", "earned"),
    [  # of a b c d, a and b are right
        ("exact", "ab", "1"), ("exact", "a", "0"), ("exact", "abc", "0"), ("exact", "cd", "0"), ("exact", "", "0"),
        ("each-answer", "ab", "1"), ("each-answer", "a", "3/4"), ("each-answer", "abc", "3/4"),
        ("each-answer", "ac", "1/2"), ("each-answer", "c", "1/4"), ("each-answer", "cd", "0"),
        ("each-answer", "abcd", "1/2"), ("each-answer", "", "0"),
        ("net-correct", "ab", "1"), ("net-correct", "a", "1/2"), ("net-correct", "abc", "1/2"),
        ("net-correct", "ac", "0"), ("net-correct", "acd", "0"), ("net-correct", "cd", "0"),
        ("net-correct", "abcd", "0"), ("net-correct", "", "0"),
        ("correct-only", "ab", "1"), ("correct-only", "a", "1/2"), ("correct-only", "b", "1/2"),
        ("correct-only", "abc", "0"), ("correct-only", "c", "0"), ("correct-only", "", "0"),
    ],
)  # fmt: skip
def test_multiple_choice_follows_its_rule(scoring, picked, earned):
    assert share(a_question(kind="multiple", correct="ab", scoring=scoring), picks(picked)) == Fraction(earned)


@pytest.mark.parametrize("scoring", ["exact", "each-answer", "net-correct", "correct-only"])
@given(
    correct=st.sets(st.sampled_from("abcd"), min_size=1).map("".join),
    picked=st.sets(st.sampled_from("abcd")).map("".join),
)
def test_every_rule_gives_all_for_all_right_and_never_less_than_nothing(scoring, correct, picked):
    question = a_question(kind="multiple", correct=correct, scoring=scoring)
    assert share(question, picks(correct)) == 1
    assert 0 <= share(question, picks(picked)) <= 1
    if set(picked) != set(correct):
        assert share(question, picks(picked)) < 1


@pytest.mark.parametrize(
    ("typed", "earned"),
    [
        ("satu", 1), ("SATU", 1), ("  satu ", 1), ("Satú", 1), ("kira-kira satu", Fraction(1, 2)),
        ("Kira-kira   SATU", Fraction(1, 2)), ("kira–kira satu", Fraction(1, 2)), ("dua", 0), ("", 0), ("   ", 0),
        ("\u200b\u00ad", 0), ("satu.", 0), ("s a t u", 0),
    ],
)  # fmt: skip
def test_a_short_answer_is_compared_without_case_accents_and_spaces(typed, earned):
    question = a_question(kind="short")
    assert share(question, Response(question.answer_from({"text": [typed]}))) == earned


@pytest.mark.parametrize(
    ("typed", "written", "is_right"),
    [
        ("Jum’at", "Jum'at", True), ("JUMʼAT", "Jum’at", True), ("cafe", "café", True), ("cafe\u0301", "café", True),
        ("sa\u200btu\u00ad", "satu", True), ("a—b", "a-b", True), ("m2", "m²", True), ("2 1/2", "2½", True),
        ("102", "10²", False), ("10^2", "10²", True), ("a = b", "a ≠ b", False), ("21/2", "2½", False),
        ("¨", "´´", False), ("\u200b", "¨", False), ("¨", "¨", True),
    ],
)  # fmt: skip
def test_what_keyboards_do_differently_is_right_and_what_means_something_else_is_not(typed, written, is_right):
    question = a_question(kind="short", accepted=[[written, 1.0]])
    assert share(question, Response(question.answer_from({"text": [typed]}))) == is_right


def test_what_shows_nothing_is_no_answer():
    question = a_question(kind="short")
    assert question.answer_from({"text": ["\u200b \u00ad"]}) is None
    assert question.load_answer({"text": "\ufeff"}) is None


def test_the_best_of_several_accepted_answers_counts():
    question = a_question(kind="short", accepted=[["satu", 0.5], ["Satu", 1.0]])
    assert share(question, Response("satu")) == 1


def test_points_are_weighed_and_summed():
    quiz = a_quiz([question_json("x", points=2.0), question_json("y", points=0.5), question_json("z")])
    result = score_attempt(quiz.questions, {"x": picks("a"), "y": picks("b"), "z": picks("a")})
    assert result.points == {"x": Decimal("2.00"), "y": Decimal("0.00"), "z": Decimal("1.00")}
    assert (result.total, result.most, result.score) == (Decimal("3.00"), Decimal("3.50"), Decimal("85.71"))


def test_three_thirds_are_one():
    thirds = [question_json(id, "multiple", "abc", scoring="correct-only") for id in "xyz"]
    result = score_attempt(a_quiz(thirds).questions, dict.fromkeys("xyz", picks("a")))
    assert result.points["x"] == Decimal("0.33")
    assert (result.total, result.score) == (Decimal("1.00"), Decimal("33.33"))


def test_tenths_are_not_what_binary_makes_of_them():
    tenths = [question_json(str(n), points=0.1) for n in range(10)]
    assert score_attempt(a_quiz(tenths).questions, {str(n): picks("a") for n in range(10)}).total == 1


def test_where_nothing_earns_points_handing_in_is_enough():
    assert score_attempt(a_quiz([question_json(points=0)]).questions, {}).score == 100


def test_answers_to_questions_that_were_not_selected_earn_nothing():
    assert score_attempt(a_quiz([question_json("x")]).questions, {"y": picks("a")}).total == 0


@given(st.dictionaries(st.sampled_from(["asas", "prinsip"]), st.sets(st.sampled_from("abcd")).map(frozenset)))
def test_a_score_is_always_a_percentage(picked):
    result = score_attempt(a_quiz().questions, {id: Response(ids or None) for id, ids in picked.items()})
    assert 0 <= result.score <= 100
    assert 0 <= result.total <= result.most


@pytest.mark.parametrize(("number", "said"), [("1/3", "0.33"), ("2/3", "0.67"), ("1/200", "0.01"), ("0", "0.00")])
def test_halves_are_rounded_up(number, said):
    assert rounded(Fraction(number)) == Decimal(said)
