"""Scoring by a later key: which parts of a question are the same, and what no key may change."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from quiz_factories import a_question, a_quiz, option, question_json

from lms.quizzes.regrading import (
    AttemptChange,
    Basis,
    MarkedAttempt,
    Result,
    attempt_change,
    keyed_questions,
    person_change,
    revision_keys,
)
from lms.quizzes.responses import Response
from lms.quizzes.scoring import score_attempt

LETTERS = "abcd"
picks = st.frozensets(st.sampled_from(LETTERS), min_size=1)
shares = st.sampled_from(["exact", "each-answer", "net-correct", "correct-only"])


def choice(correct: str, texts: str = "ABCD", **values):
    """Options with these texts; ``correct`` names texts."""
    options = [
        option(letter, text in correct, html=f"Teks {text}") for letter, text in zip(LETTERS, texts, strict=False)
    ]
    return a_question(options=options, **values)


def right(question) -> frozenset[str]:
    return question.correct_ids


def test_options_are_found_again_by_their_words():
    asked, newer = choice("A"), choice("C", "CABD")
    assert right(asked.with_key_of(newer)) == {"c"}, "the third as it was asked, the first in the file now"


def test_an_option_more_changes_nothing_about_the_others():
    assert right(choice("A", "ABC").with_key_of(choice("C", "XABC"))) == {"c"}


def test_a_reworded_option_is_found_if_its_key_stayed():
    assert right(choice("A").with_key_of(choice("B", "BDXA"))) is not None
    found = choice("A").with_key_of(choice("B", "XBCD"))
    assert found is None, "the right answer was reworded and is no longer right: it may say something else"
    assert right(choice("A").with_key_of(choice("A", "AXCD"))) == {"a"}


def test_an_option_less_cannot_be_told():
    assert choice("A").with_key_of(choice("A", "ABC")) is None


def test_another_kind_cannot_be_told():
    assert choice("A").with_key_of(a_question(kind="short")) is None
    assert a_question(kind="short").with_key_of(choice("A")) is None


def test_two_right_answers_to_what_asked_for_one_are_each_right():
    found = choice("A").with_key_of(choice("AB", kind="multiple"))
    assert [found.score(frozenset(one)) for one in "abc"] == [1, 1, 0]


def test_the_question_is_shown_as_it_was_asked():
    newer = choice("B", stem_html="<p>Lain?</p>", explanation_html="Karena B.", points=3.0)
    found = choice("A").with_key_of(newer)
    assert found.stem == choice("A").stem
    assert found.explanation.html == "Karena B."
    assert found.points == 3


def test_accepted_answers_are_those_of_the_later_key():
    newer = a_question(kind="short", accepted=[["dua", 1.0]])
    found = a_question(kind="short").with_key_of(newer)
    assert (found.score("dua"), found.score("satu")) == (1, 0)


# Properties


def attempt(quiz, answers, *, marks=None, basis=None) -> MarkedAttempt:
    ids = tuple(question.id for question in quiz.questions)
    given_ = {id: Response(answer) for id, answer in answers.items()}
    marks = marks or {}
    scored = score_attempt(quiz.questions, given_, voided=(basis or Basis(1)).voided, marks=marks)
    return MarkedAttempt(1, 1, 1, 1, ids, basis or Basis(1), Result.of(scored), given_, marks)


@st.composite
def quizzes(draw):
    """Three choices with any keys, points and scoring."""
    found = []
    for number in range(3):
        correct = "".join(sorted(draw(picks)))
        kind = "multiple" if len(correct) > 1 else "single"
        points = draw(st.sampled_from([0.25, 0.33, 1.0, 2.5, 7.0]))
        found.append(question_json(f"q{number}", kind, correct, scoring=draw(shares), points=points))
    return a_quiz(found)


@given(quizzes(), st.dictionaries(st.sampled_from(["q0", "q1", "q2"]), picks))
def test_the_same_key_changes_nothing(quiz, answers):
    same = replace(quiz)  # another object, as another revision is
    assert attempt_change(attempt(quiz, answers), revision_keys(quiz, quiz, same), Basis(2)) is None


@given(quizzes(), quizzes(), st.dictionaries(st.sampled_from(["q0", "q1", "q2"]), picks))
def test_a_second_regrade_finds_nothing_more(quiz, newer, answers):
    before = attempt(quiz, answers)
    found = attempt_change(before, revision_keys(quiz, quiz, newer), Basis(2))
    after = replace(before, basis=Basis(2), old=found.new if found else before.old)
    assert attempt_change(after, revision_keys(quiz, newer, newer), Basis(2)) is None


@given(
    quizzes(),
    quizzes(),
    st.dictionaries(st.sampled_from(["q0", "q1", "q2"]), picks),
    st.dictionaries(st.sampled_from(["q0", "q1", "q2"]), st.sampled_from(["full", "left-out"])),
    st.dictionaries(st.sampled_from(["q0", "q1", "q2"]), st.decimals(0, 9, places=2)),
)
def test_marks_stay_between_nothing_and_all_and_are_in_cents(quiz, newer, answers, voided, marks):
    questions = keyed_questions(quiz, newer, ["q0", "q1", "q2"]).questions.values()
    found = score_attempt(questions, {id: Response(one) for id, one in answers.items()}, voided=voided, marks=marks)
    assert 0 <= found.total <= found.most
    assert 0 <= found.score <= 100
    for value in (found.total, found.most, found.score, *found.points.values()):
        assert isinstance(value, Decimal)
        assert value == value.quantize(Decimal("0.01"))


@given(quizzes(), st.dictionaries(st.sampled_from(["q0", "q1", "q2"]), picks), st.sampled_from(["q0", "q1", "q2"]))
def test_full_marks_for_a_question_never_lower_a_score(quiz, answers, voided):
    before = attempt(quiz, answers)
    found = attempt_change(before, revision_keys(quiz, quiz, quiz), Basis(1, {voided: "full"}))
    assert found.new.score >= before.old.score


@given(quizzes(), st.permutations(["q0", "q1", "q2"]), st.dictionaries(st.sampled_from(["q0", "q1", "q2"]), picks))
def test_the_order_of_questions_and_answers_says_nothing(quiz, order, answers):
    given_ = {id: Response(one) for id, one in answers.items()}
    turned = {id: given_[id] for id in reversed(given_)}
    ordered = [quiz.question(id) for id in order]
    assert score_attempt(ordered, turned).score == score_attempt(quiz.questions, given_).score


scores = st.decimals(0, 100, places=2)


@given(
    st.lists(st.tuples(scores, scores), min_size=1, max_size=5),
    st.sampled_from(["highest", "average", "first", "last"]),
)
def test_only_improvements_never_lower_what_counts(pairs, rule):
    quiz = a_quiz(grade=rule)
    attempts, changes = [], {}
    for number, (old, new) in enumerate(pairs, 1):
        result = Result(old, Decimal(100), old)
        attempts.append(MarkedAttempt(number, 1, number, 1, (), Basis(1), result, {}, {}))
        changes[number] = AttemptChange(number, number, result, Result(new, Decimal(100), new))
    found = person_change(1, attempts, changes, quiz, 70)
    assert found.improved >= found.old
    assert found.improved >= found.new
    assert found.gains == any(new > old for old, new in pairs)


@pytest.mark.parametrize(
    ("answers", "marks", "voided", "points", "most", "score"),
    [
        ({"q0": "a"}, {}, {}, "1.00", "3.00", "33.33"),
        ({"q0": "b"}, {"q0": Decimal("0.50")}, {}, "0.50", "3.00", "16.67"),
        ({"q0": "b"}, {"q0": Decimal(5)}, {}, "1.00", "3.00", "33.33"),  # never more than the question has
        ({"q0": "b"}, {}, {"q0": "full"}, "1.00", "3.00", "33.33"),
        ({}, {}, {"q0": "full"}, "1.00", "3.00", "33.33"),  # full marks for all who drew it, answered or not
        ({"q0": "b", "q1": "a"}, {}, {"q0": "left-out"}, "1.00", "2.00", "50.00"),
        ({"q0": "b"}, {"q0": Decimal("0.50")}, {"q0": "left-out"}, "0.00", "2.00", "0.00"),  # void wins
        ({}, {}, {"q0": "left-out", "q1": "left-out", "q2": "left-out"}, "0.00", "0.00", "100.00"),
    ],
)
def test_marked_by_hand(answers, marks, voided, points, most, score):
    """Three questions of one point, the key of each is a; worked out by hand."""
    quiz = a_quiz([question_json(f"q{number}") for number in range(3)])
    given_ = {id: Response(frozenset(letters)) for id, letters in answers.items()}
    found = score_attempt(quiz.questions, given_, voided=voided, marks=marks)
    assert (found.total, found.most, found.score) == (Decimal(points), Decimal(most), Decimal(score))


def test_points_of_the_later_revision_count():
    quiz, newer = (
        a_quiz([question_json("q0"), question_json("q1")]),
        a_quiz([question_json("q0", points=3.0), question_json("q1")]),
    )
    found = attempt_change(attempt(quiz, {"q0": frozenset("a")}), revision_keys(quiz, quiz, newer), Basis(2))
    assert found.new == (Decimal(3), Decimal(4), Decimal(75))
    assert isinstance(newer.question("q0").points, Fraction)
