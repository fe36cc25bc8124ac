"""What was answered by whom, the detector of wrong keys, and what is said of a question."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from quiz_factories import a_question, a_quiz, question_json

from lms.analysis import categories, intervals, sums, verdicts
from lms.analysis.categories import AnswerStatistics
from lms.analysis.choosing import choose_attempts
from lms.analysis.intervals import Interval
from lms.analysis.item_statistics import ItemStatistics
from lms.analysis.marks import QuestionMarks
from lms.analysis.quiz_analysis import analysed, cents, marked_attempt
from lms.content.questions.base import AnswerCategory

KEY, OTHER = AnswerCategory("a", "A", Fraction(1)), AnswerCategory("b", "B", Fraction(0))
BY_LETTER = {"a": KEY, "b": OTHER}


def answers_of(
    given: str, rests: list[int], *, may_suspect: bool = True, goes_against: bool = False
) -> AnswerStatistics:
    """Of people with these marks in the other questions, out of 10; ``-`` is no answer."""
    marks = QuestionMarks(
        full=1,
        shares=[int(one == "a") for one in given],
        marks=[int(one == "a") for one in given],
        rests=rests,
        worth=len(given),
        rest_worth=10 * len(given),
        alike={(1, one.strip("-")): [at for at, other in enumerate(given) if other == one] for one in set(given)},
    )
    said = {"may_suspect": may_suspect, "goes_against": goes_against}
    return categories.statistics_of(marks, [KEY, OTHER], lambda _revision, text: [BY_LETTER[text]], **said)


def test_counts_shares_and_means_worked_by_hand() -> None:
    """Of ten: a by the people with 10, 8, 2 in the other questions, b by 9, 7, 6, 5, 4, 3, and 1 gave no answer.

    Means (10+8+2)/3 = 6.667 of 10 and 34/6 = 5.667 of 10. The best four have 7 and more: two gave a, two gave b.
    """
    found = answers_of("abab" + "bbbb" + "a-", [10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
    key, other = found.categories
    assert (key.count, key.share, key.best) == (3, 30, 2)
    assert (other.count, other.share, other.best) == (6, 60, 2)
    assert key.rest_score == pytest.approx(66.667, abs=1e-3)
    assert other.rest_score == pytest.approx(56.667, abs=1e-3)
    assert (found.empty, found.best, found.best_full, found.suspect) == (1, 4, 2, None)


def test_a_wrong_answer_that_all_of_the_best_give_is_suspected() -> None:
    found = answers_of("bbbb" + "aaaaaa", [10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
    assert found.suspect is not None
    assert found.suspect.category is OTHER
    assert answers_of("bbbb" + "aaaaaa", [10, 9, 8, 7, 6, 5, 4, 3, 2, 1], may_suspect=False).suspect is None


def test_a_wrong_answer_of_the_weak_is_not_suspected() -> None:
    assert answers_of("aaaa" + "bbbbbb", [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]).suspect is None
    assert answers_of("bbba" + "aabbba", [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]).suspect is None, "3 of 4 may be chance"


def test_a_majority_of_the_best_is_enough_where_the_question_goes_against_them() -> None:
    given, rests = "bbba" + "aabbba", [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]
    assert answers_of(given, rests, goes_against=True).suspect is not None
    assert answers_of("ba" * 5, rests, goes_against=True).suspect is None, "two of four is no majority"


def test_where_all_are_equally_good_nobody_is_the_best() -> None:
    assert answers_of("bbbbbbbbba", [5] * 10).suspect is None


def simulated(rng: Random, people: int, *, is_wrong: bool) -> bool:
    """Whether the detector suspects a question of a quiz of eleven; its key is wrong or right."""
    given, rests = "", []
    for _ in range(people):
        ability = rng.gauss(0, 1)
        knows = rng.random() < 1 / (1 + 2.718 ** (-1.5 * ability))
        rests.append(sum(rng.random() < 1 / (1 + 2.718 ** (-1.5 * ability)) for _ in range(10)))
        given += "b" if knows == is_wrong else "a"
    right = [int(one == "a") for one in given]
    correlation = sums.correlation(sums.covariance(right, rests), sums.variance(right), sums.variance(rests))
    interval = intervals.of_correlation(correlation, people)
    goes_against = interval is not None and interval.high < 0
    return answers_of(given, rests, goes_against=goes_against).suspect is not None


def test_the_detector_finds_wrong_keys_and_leaves_right_ones_alone() -> None:
    rng = Random(15)
    found = sum(simulated(rng, 30, is_wrong=True) for _ in range(200))
    false = sum(simulated(rng, 30, is_wrong=False) for _ in range(200))
    assert found >= 160, found
    assert false <= 2, false


def test_an_options_category_is_its_text_so_that_revisions_with_other_letters_count_together() -> None:
    before = a_question("asas")
    swapped = replace(
        before, options=tuple(replace(one, id=id) for one, id in zip(before.options, "dcba", strict=True))
    )
    assert before.categories_of(frozenset("a")) == swapped.categories_of(frozenset("d"))


def test_typed_answers_are_counted_as_they_are_compared() -> None:
    question = a_question("skm", "short")
    [first], [second] = question.categories_of("  SATU "), question.categories_of("satu")
    assert (first.key, first.credit) == (second.key, second.credit) == ("satu", 1)
    assert question.categories_of("kira-kira satu")[0].credit == Fraction(1, 2)
    assert question.categories == ()


@pytest.mark.parametrize(
    ("correct", "scoring", "expected"),
    [
        ("a", None, Fraction(1, 4)),
        ("ab", "exact", Fraction(1, 15)),
        ("ab", "correct-only", Fraction(2, 15)),
        ("ab", "each-answer", Fraction(15, 2) / 15),
        ("ab", "net-correct", Fraction(3, 15)),
    ],
)
def test_what_guessing_earns_worked_by_hand(correct, scoring, expected) -> None:
    """Four options; of several right ones, each of the 15 ways to tick at least one is as probable.

    Two right: exact 1 way. correct-only: a and b half each, ab whole, 2 in all. each-answer: over all 16 ways half of
    the options are right, 8 in all, less the half for ticking nothing: 7.5. net-correct: a and b half each, ab whole,
    abc and abd half each, 3 in all.
    """
    kind = "single" if len(correct) == 1 else "multiple"
    question = a_question("x", kind, correct, **({"scoring": scoring} if scoring else {}))
    assert question.guess_score == expected


def item(**values) -> ItemStatistics:
    defaults = {
        "count": 30,
        "facility": 60.0,
        "facility_interval": Interval(42, 76),
        "deviation": 49.0,
        "discrimination": 40.0,
        "discrimination_interval": Interval(5, 66),
        "efficiency": 50.0,
        "intended_weight": 10.0,
        "effective_weight": 10.0,
        "is_against_total": False,
        "guess": 25.0,
    }
    return ItemStatistics(**(defaults | values))


NOTHING_ODD = AnswerStatistics(30, 0, (), 10, 8, None)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({}, "healthy"),
        ({"count": 9}, "few"),
        ({"discrimination": -50.0, "discrimination_interval": Interval(-73, -17)}, "confusing"),
        ({"discrimination": -10.0, "discrimination_interval": Interval(-44, 27)}, "doubtful"),
        ({"discrimination": -10.0, "discrimination_interval": Interval(-44, 27), "facility": 96.0}, "too_easy"),
        ({"facility": 95.0}, "too_easy"),
        ({"facility": 10.0}, "too_hard"),
        ({"facility_interval": Interval(20, 50), "discrimination_interval": Interval(-5, 50)}, "guessed"),
        ({"facility_interval": Interval(20, 50), "discrimination_interval": Interval(5, 50)}, "healthy"),
        ({"efficiency": 14.9}, "weak"),
        ({"efficiency": 15.0}, "healthy"),
        ({"discrimination": None, "discrimination_interval": None, "efficiency": None}, "unknown"),
    ],
)
def test_what_is_said_of_a_question(values, code) -> None:
    assert verdicts.of_question(item(**values), NOTHING_ODD).code == code


def test_every_verdict_has_its_place_in_the_order() -> None:
    assert set(verdicts.SEVERITY) == set(verdicts.Code.__args__)
    suspected = replace(NOTHING_ODD, suspect=answers_of("bbbbaaaaaa", list(range(10, 0, -1))).suspect)
    assert verdicts.of_question(item(), suspected).code == "wrong_key"


def test_a_quiz_that_was_changed_is_analysed_with_the_questions_of_all_its_revisions() -> None:
    before = a_quiz([question_json("asas"), question_json("lama")])
    after = a_quiz([question_json("asas", correct="c"), question_json("baru", points=2.0)])
    attempts = [marked_attempt(1, 1, before, None), marked_attempt(2, 2, after, None)]
    answers = [
        (1, "asas", 100, json.dumps({"picked": ["a"]})),
        (2, "asas", 100, json.dumps({"picked": ["c"]})),
        (2, "baru", 200, json.dumps({"picked": ["a"]})),
    ]
    found = analysed(after, {1: before, 2: after}, attempts, answers)
    assert [(one.number, one.question.id) for one in found.questions] == [(1, "asas"), (2, "baru"), (None, "lama")]
    assert not found.is_one_test
    [asas, _baru, _lama] = found.questions
    assert [(one.category.key, one.count, one.is_key) for one in asas.answers.categories if one.count] == [
        ("Pilihan a", 1, False),
        ("Pilihan c", 1, True),
    ]


def test_points_are_rounded_as_those_of_answers() -> None:
    assert [cents(a_question(points=points)) for points in (1.0, 0.5, 0.125, 2.675)] == [100, 50, 13, 268]


def test_which_attempts_count() -> None:
    from lms.analysis.queries import SubmittedAttempt

    def attempt(enrolment: int, number: int, score: int) -> SubmittedAttempt:
        return SubmittedAttempt(*[None] * 12)._replace(enrolment_id=enrolment, number=number, score=score)

    rows = [attempt(1, 1, 40), attempt(1, 2, 80), attempt(1, 3, 80), attempt(2, 1, 50)]
    numbers = {
        way: [(one.enrolment_id, one.number) for one in choose_attempts(rows, way)] for way in ("first", "last", "best")
    }
    assert numbers == {"first": [(1, 1), (2, 1)], "last": [(1, 3), (2, 1)], "best": [(1, 2), (2, 1)]}
    assert choose_attempts(rows, "all") == rows
