"""Probabilities, against counting all cases."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from lms.content.checks.chance import at_least, distribution, most_frequent, points_by_guessing
from lms.content.checks.reading_level import grade, syllables

HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)


@pytest.mark.parametrize("chances", [[], [HALF], [QUARTER] * 3, [HALF, QUARTER, Fraction(1, 3)]])
def test_the_distribution_counts_every_case(chances: list[Fraction]) -> None:
    counted = [Fraction(0)] * (len(chances) + 1)
    for outcome in product((True, False), repeat=len(chances)):
        likely = Fraction(1)
        for success, chance in zip(outcome, chances, strict=True):
            likely *= chance if success else 1 - chance
        counted[sum(outcome)] += likely
    assert distribution(chances) == counted


def test_the_chance_of_so_many_successes_or_more() -> None:
    assert at_least(5, [QUARTER] * 5) == Fraction(1, 1024)
    assert at_least(0, [QUARTER] * 5) == 1


def test_looking_at_several_places_is_made_up_for() -> None:
    assert most_frequent([5, 0], [[HALF] * 5] * 2) == Fraction(2, 32)
    assert most_frequent([], []) == 1


def test_points_by_guessing() -> None:
    assert points_by_guessing([(Fraction(1), HALF)] * 2, Fraction(1)) == Fraction(3, 4)
    assert points_by_guessing([(Fraction(3), HALF), (Fraction(1), Fraction(0))], Fraction(3)) == HALF


@pytest.mark.parametrize(("word", "count"), [("pelayanan", 4), ("air", 2), ("pantai", 2), ("pulau", 2), ("hmm", 1)])
def test_syllables_are_counted(word: str, count: int) -> None:
    assert syllables(word) == count


def test_longer_sentences_are_harder() -> None:
    short, long = "Warga datang ke kantor. " * 30, ("warga datang ke kantor " * 30) + "."
    assert (grade(short) or 0) < 5 < 40 < (grade(long) or 0)
    assert grade("Warga datang.") is None
