"""Exact probabilities of what could as well be chance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

RARE = Fraction(1, 100)
"""What happens by chance in fewer quizzes than these is remarked on."""


def distribution(chances: Iterable[Fraction]) -> list[Fraction]:
    """The probability of each number of successes in independent trials (the Poisson binomial distribution)."""
    found = [Fraction(1)]
    for chance in chances:
        found = [
            (found[count] if count < len(found) else 0) * (1 - chance)
            + (found[count - 1] * chance if count else Fraction(0))
            for count in range(len(found) + 1)
        ]
    return found


def at_least(successes: int, chances: Sequence[Fraction]) -> Fraction:
    """The probability of so many successes or more."""
    return sum(distribution(chances)[max(0, successes) :], Fraction(0))


def most_frequent(successes: Sequence[int], chances: Sequence[Sequence[Fraction]]) -> Fraction:
    """How probable it is at most that any of several outcomes is as frequent as the most striking one was.

    :param successes: how often each outcome was seen.
    :param chances: for each outcome, its chance in each trial. The union bound makes up for looking at them all.
    """
    if not successes:
        return Fraction(1)
    tails = (at_least(count, each) for count, each in zip(successes, chances, strict=True))
    return min(Fraction(1), min(tails) * len(successes))


def points_by_guessing(questions: Iterable[tuple[Fraction, Fraction]], wanted: Fraction) -> Fraction:
    """The probability of earning ``wanted`` points or more by guessing.

    :param questions: the points of each, and the chance to guess it right.
    """
    found = {Fraction(0): Fraction(1)}
    for points, chance in questions:
        after: dict[Fraction, Fraction] = {}
        for sum_, likely in found.items():
            after[sum_] = after.get(sum_, Fraction(0)) + likely * (1 - chance)
            if chance:
                after[sum_ + points] = after.get(sum_ + points, Fraction(0)) + likely * chance
        found = after
    return sum((likely for sum_, likely in found.items() if sum_ >= wanted), Fraction(0))
