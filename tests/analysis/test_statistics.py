"""Statistics of questions and scores: against the definitions, worked by hand, and what holds for any marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from fractions import Fraction

import pytest
from analysis.by_definition import POINTS, made_up, questions, rounded, whole_quiz
from course_sample import question
from hypothesis import given
from hypothesis import strategies as st

from lms.analysis import intervals, item_statistics, score_statistics
from lms.analysis.item_statistics import ItemStatistics
from lms.analysis.marks import AnalysedAttempt, QuizMarks, gather_marks, slots
from lms.analysis.quiz_analysis import marked_attempt
from lms.content.items.quiz import Quiz

REVISION = 1


def table_of(rows: Sequence[Sequence[float | Fraction]], points: Sequence[float | Fraction] | None = None) -> QuizMarks:
    """Attempts (rows) at questions (columns) that earn ``points`` at most; else 1 each."""
    points = points or [1] * len(rows[0])
    names = [f"q{number}" for number in range(1, len(points) + 1)]
    most, asked = round(100 * sum(points)), slots(names, None)
    attempts = [AnalysedAttempt(id, REVISION, most, asked) for id in range(len(rows))]
    answers = [
        (id, name, round(100 * mark), "{}")
        for id, row in enumerate(rows)
        for name, mark in zip(names, row, strict=True)
    ]
    return gather_marks(
        attempts, answers, {(REVISION, name): round(100 * one) for name, one in zip(names, points, strict=True)}
    )


def items_of(*args) -> list[ItemStatistics]:
    return list(item_statistics.statistics_of(table_of(*args), {}).values())


def test_200_attempts_agree_with_a_script_written_from_the_definitions_to_four_decimals() -> None:
    rows = made_up()
    marks = table_of(rows, POINTS)
    scores = score_statistics.statistics_of(marks)
    assert scores is not None
    expected = rounded(whole_quiz(rows))
    assert rounded({name: asdict(scores)[name] for name in expected}) == expected
    found = [asdict(one) for one in item_statistics.statistics_of(marks, {}).values()]
    wanted = [rounded(one) for one in questions(rows)]
    assert [rounded({name: one[name] for name in wanted[0]}) for one in found] == wanted
    undefined = [name for one in wanted for name, value in one.items() if value is None]
    assert undefined.count("discrimination") == 2, (
        "of the question that all answer rightly, and of the one that none does"
    )
    assert undefined.count("effective_weight") == 1, "of the question with the wrong key"


GUTTMAN = [[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]]


def test_a_quiz_worked_by_hand() -> None:
    """Scores 3, 2, 1, 0 of 3. Mean 1.5. Σ(x-1.5)² = 5, so k2 = 5/3 and SD = 1.29099 points = 43.033 %.

    Σ(x-1.5)³ = 0. Σ(x-1.5)⁴ = 2·(5.0625 + 0.0625) = 10.25; k4 = (4·5·10.25 - 3·3·25)/(3·2·1) = -20/6; by (5/3)² -1.2.
    Variances of the questions: 3 of 4 right 1/4, 2 of 4 right 1/3, 1 of 4 right 1/4; together 5/6.
    Alpha = 100·3/2·(1 - (5/6)/(5/3)) = 75. Error ratio = 100·√0.25 = 50. Standard error = half of the SD.
    """
    found = score_statistics.statistics_of(table_of(GUTTMAN))
    assert found is not None
    assert (found.count, found.mean, found.median) == (4, 50, 50)
    assert found.deviation == pytest.approx(43.0331, abs=5e-5)
    assert (found.skewness, found.kurtosis) == (0, pytest.approx(-1.2))
    assert (found.alpha, found.error_ratio) == (pytest.approx(75), pytest.approx(50))
    assert found.standard_error == pytest.approx(21.5166, abs=5e-5)


def test_questions_worked_by_hand() -> None:
    """The first: m = 1, 1, 1, 0 and o = 2, 1, 0, 0.

    cov = (4·3 - 3·3)/12 = 1/4, var m = 1/4, var o = (4·5 - 9)/12 = 11/12.
    Discrimination = 100·(1/4)/√(11/48) = 52.2233. Sorted, 0, 1, 1, 1 meets 0, 0, 1, 2: the same sum, so efficiency 100.
    The second: m = 1, 1, 0, 0 and o = 2, 1, 1, 0. cov = (4·3 - 2·4)/12 = 1/3, var m = 1/3, var o = (4·6 - 16)/12 = 2/3.
    Discrimination = 100·(1/3)/√(2/9) = 70.7107. cov with the total: 1/4 + 1/4, 1/3 + 1/3, and 1/2 for the third;
    √: 0.707107, 0.816497, 0.707107, together 2.230710; so 31.6987, 36.6025, 31.6987 %.
    """
    first, second, third = items_of(GUTTMAN)
    assert [first.facility, second.facility, third.facility] == [75, 50, 25]
    assert first.discrimination == pytest.approx(52.2233, abs=5e-5)
    assert second.discrimination == pytest.approx(70.7107, abs=5e-5)
    assert (first.efficiency, second.efficiency) == (100, 100)
    weights = [one.effective_weight for one in (first, second, third)]
    assert weights == [
        pytest.approx(31.6987, abs=5e-5),
        pytest.approx(36.6025, abs=5e-5),
        pytest.approx(31.6987, abs=5e-5),
    ]
    assert first.intended_weight == pytest.approx(100 / 3)
    assert first.deviation == pytest.approx(50)


def test_a_question_that_the_weak_answer_better_worked_by_hand() -> None:
    """m = 0, 1, 0, 1 and o = 3, 2, 1, 0. cov = (4·2 - 2·6)/12 = -1/3.

    Sorted 0, 0, 1, 1 meets 0, 1, 2, 3: (4·5 - 12)/12 = 2/3.
    Efficiency -50. var m = 1/3, var o = (4·14 - 36)/12 = 5/3: discrimination = -100·(1/3)/√(5/9) = -44.7214.
    cov with the total = 1/3 - 1/3 = 0: it counts nothing towards the scores.
    """
    found = items_of([[0, 3], [1, 2], [0, 1], [1, 0]], [1, 3])[0]
    assert found.efficiency == pytest.approx(-50)
    assert found.discrimination == pytest.approx(-44.7214, abs=5e-5)
    assert (found.effective_weight, found.is_against_total) == (0, False)


def test_what_cannot_be_told_is_none_and_nothing_is_divided_by_zero() -> None:
    alone = score_statistics.statistics_of(table_of([[1, 0]]))
    assert alone is not None
    assert (alone.mean, alone.deviation, alone.skewness, alone.alpha, alone.standard_error) == (
        50,
        None,
        None,
        None,
        None,
    )
    same = items_of([[1, 0], [1, 1], [1, 0]])[0]
    assert (same.facility, same.deviation) == (100, 0)
    assert (same.discrimination, same.efficiency, same.effective_weight) == (None, None, 0)
    only = items_of([[1], [0], [1]])[0]
    assert (only.discrimination, only.efficiency, only.effective_weight) == (None, None, 100)
    assert score_statistics.statistics_of(gather_marks([], [], {})) is None


def test_intervals_worked_by_hand() -> None:
    """Wilson, 8 of 9: z² = 3.841459. Middle 8/9 + 3.841459/18 = 1.102303; reach 1.959964·√(8/729 + 3.841459/324) =
    0.296116; below 1.426829: 0.5650 to 0.9801. Fisher, r = -0.57 of 27: atanh 0.647523, reach 1.959964/√24 = 0.400076:
    tanh(-1.047599) = -0.7809, tanh(-0.247447) = -0.2425. Student with 9 degrees of freedom: 2.2622 in every table."""
    assert intervals.of_share(8 / 9, 9) == (pytest.approx(0.5650, abs=5e-5), pytest.approx(0.9801, abs=5e-5))
    assert intervals.of_share(0, 20) == (pytest.approx(0), pytest.approx(0.1611, abs=5e-5))
    assert intervals.of_correlation(-0.57, 27) == (pytest.approx(-0.7809, abs=5e-5), pytest.approx(-0.2425, abs=5e-5))
    tables = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 9: 2.262, 26: 2.056, 120: 1.980}
    for freedom, expected in tables.items():
        assert intervals.student(freedom) == pytest.approx(expected, abs=1e-3), freedom
    assert intervals.of_correlation(1.0, 27) is None
    assert intervals.of_share(1, 0) is None


def test_a_mean_of_marks_has_an_interval_that_holds_it() -> None:
    found = score_statistics.statistics_of(table_of(GUTTMAN))
    assert found is not None
    assert found.mean_interval is not None
    assert found.alpha_interval is not None
    assert found.mean_interval.low < found.mean < found.mean_interval.high
    assert found.alpha_interval.low < (found.alpha or 0) < found.alpha_interval.high


marks = st.integers(0, 4).map(lambda quarter: Fraction(quarter, 4))
tables = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(marks, min_size=width, max_size=width), min_size=1, max_size=12)
)


@given(tables)
def test_no_marks_give_impossible_statistics(rows) -> None:
    found = items_of(rows)
    for one in found:
        assert 0 <= one.facility <= 100
        assert one.facility_interval is not None
        assert one.facility_interval.low - 1e-9 <= one.facility <= one.facility_interval.high + 1e-9
        assert one.discrimination is None or -100 <= one.discrimination <= 100
        assert one.efficiency is None or one.efficiency <= 100
        assert (one.effective_weight is None) <= (one.is_against_total or not any(o.effective_weight for o in found))
    weights = [one.effective_weight for one in found]
    if all(weight is not None for weight in weights):
        assert sum(weight or 0 for weight in weights) == pytest.approx(100)
    assert sum(one.intended_weight for one in found) == pytest.approx(100)
    scores = score_statistics.statistics_of(table_of(rows))
    assert scores is not None
    assert 0 <= scores.mean <= 100
    assert scores.alpha is None or scores.alpha <= 100


@given(tables, st.randoms())
def test_the_order_of_attempts_does_not_matter(rows, chance) -> None:
    mixed = list(rows)
    chance.shuffle(mixed)
    assert items_of(mixed) == items_of(rows)
    assert score_statistics.statistics_of(table_of(mixed)) == score_statistics.statistics_of(table_of(rows))


@given(tables)
def test_points_worth_twice_as_much_change_nothing(rows) -> None:
    doubled = [[2 * mark for mark in row] for row in rows]
    assert items_of(doubled, [2] * len(rows[0])) == items_of(rows)


def test_a_draw_fills_the_same_slots_with_other_questions() -> None:
    pools = {"a": "mudah", "b": "mudah", "c": "mudah", "d": "sulit"}
    assert slots(["a", "c", "d"], pools) == {"a": ("mudah", 1), "c": ("mudah", 2), "d": ("sulit", 1)}
    attempts = [
        AnalysedAttempt(1, REVISION, 200, slots(["a", "d"], pools)),
        AnalysedAttempt(2, REVISION, 200, slots(["b", "d"], pools)),
        AnalysedAttempt(3, REVISION, 200, slots(["a", "d"], pools)),
    ]
    answers = [(2, "b", 100, "{}"), (3, "a", 50, "{}"), (2, "d", 100, "{}"), (3, "d", 50, "{}")]
    found = gather_marks(attempts, answers, {(REVISION, id): 100 for id in pools})
    assert found.is_one_test
    assert found.slots == {("mudah", 1): [0, 100, 50], ("sulit", 1): [0, 100, 50]}
    assert [len(found.questions[id].marks) for id in ("a", "b", "d")] == [2, 1, 3]
    assert score_statistics.statistics_of(found).alpha == pytest.approx(100)  # both slots are answered alike


def test_attempts_that_could_earn_different_points_count_alike() -> None:
    """Where a draw takes questions of 1 or 3 points, one right of two is 50 % in one attempt, 25 or 75 in another."""
    points = {(REVISION, "a"): 100, (REVISION, "b"): 100, (REVISION, "c"): 300}
    pools = dict.fromkeys("abc", "")
    attempts = [
        AnalysedAttempt(1, REVISION, 200, slots(["a", "b"], pools)),
        AnalysedAttempt(2, REVISION, 400, slots(["a", "c"], pools)),
    ]
    found = gather_marks(attempts, [(1, "a", 100, ""), (2, "c", 300, "")], points)
    assert [100 * total / found.whole for total in found.totals] == [50, 75]


def test_a_question_that_was_added_later_makes_it_another_test() -> None:
    attempts = [
        AnalysedAttempt(1, 1, 100, slots(["a"], None)),
        AnalysedAttempt(2, 2, 200, slots(["a", "b"], None)),
        AnalysedAttempt(3, 2, 200, slots(["a", "b"], None)),
    ]
    points = {(1, "a"): 100, (2, "a"): 100, (2, "b"): 100}
    found = gather_marks(attempts, [(2, "a", 100, ""), (3, "b", 100, "")], points)
    assert not found.is_one_test
    scores = score_statistics.statistics_of(found)
    assert scores is not None
    assert scores.alpha is None
    assert all(one.effective_weight is None for one in item_statistics.statistics_of(found, {}).values())


def test_points_that_a_later_revision_changed_are_shares_of_each() -> None:
    attempts = [AnalysedAttempt(1, 1, 100, slots(["a"], None)), AnalysedAttempt(2, 2, 300, slots(["a"], None))]
    found = gather_marks(attempts, [(1, "a", 100, ""), (2, "a", 150, "")], {(1, "a"): 100, (2, "a"): 300})
    [only] = item_statistics.statistics_of(found, {"a": Fraction(1, 4)}).values()
    assert (only.facility, only.guess, only.intended_weight) == (75, 25, 100)


def test_the_histogram_has_each_score_once() -> None:
    assert score_statistics.histogram([0, 9.99, 10, 55, 100, 99.9]) == [2, 1, 0, 0, 0, 1, 0, 0, 0, 2]


def test_what_is_drawn_by_a_tag_is_a_slot_too() -> None:
    asked = [question("## A? {#a group=mudah}\n\n= x\n"), question('## B? {#b tags="asas"}\n\n= x\n')]
    asked.append(question('## C? {#c tags="Asas"}\n\n= x\n'))
    quiz = Quiz(path="", slug="kuis", title="Kuis", questions=tuple(asked), draw={"mudah": 1, "#asas": 1})
    slots_of = [marked_attempt(1, REVISION, quiz, [{"id": "a"}, {"id": one}]).asked for one in ("b", "c")]
    assert [list(one.values()) for one in slots_of] == [[("mudah", 1), ("#asas", 1)]] * 2
