"""How far an attempt is from a pass."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from quiz_factories import a_question

from lms.quizzes.scoring import effective_score, passes, rounded
from lms.quizzes.shortfall import Shortfall, next_score, shortfall


def ten(points: int = 1):
    return [a_question(f"q{number}", points=points) for number in range(10)]


def test_one_question_short():
    assert shortfall(ten(), Decimal(6), Decimal(10), 70) == Shortfall(Decimal("1.00"), 1)
    assert shortfall(ten(), Decimal("6.5"), Decimal(10), 70) == Shortfall(Decimal("0.50"), 1)
    assert shortfall(ten(points=2), Decimal(8), Decimal(20), 70) == Shortfall(Decimal("6.00"), 3)


def test_a_pass_lacks_nothing():
    assert shortfall(ten(), Decimal(7), Decimal(10), 70) is None
    assert shortfall([], Decimal(0), Decimal(0), 70) is None


def test_questions_that_earn_different_points_are_not_counted():
    mixed = [a_question("a", points=1), a_question("b", points=3)]
    assert shortfall(mixed, Decimal(1), Decimal(4), 70) == Shortfall(Decimal("1.80"), None)


@given(st.integers(1, 40), st.integers(0, 100), st.floats(1, 100), st.integers(1, 5))
def test_with_what_is_lacking_one_passes_and_with_a_question_less_one_does_not(count, share, mark, worth):
    most = count * worth
    points = rounded(Fraction(most * share, 100))
    found = shortfall([a_question(points=worth)] * count, points, Decimal(most), mark)

    def passes_with(total: Fraction) -> bool:
        return passes(rounded(total / most * 100), mark)

    if found is None:
        assert passes_with(Fraction(points))
        return
    assert found.questions is not None
    assert passes_with(Fraction(points) + Fraction(found.points))
    assert passes_with(Fraction(points) + found.questions * worth)
    assert not passes_with(Fraction(points) + (found.questions - 1) * worth)


@given(st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=5), st.floats(0, 100))
def test_with_what_the_next_attempt_needs_the_average_passes(scores, mark):
    needed = next_score(scores, round(mark, 2))
    assert passes(effective_score([*scores, needed], "average"), round(mark, 2))
