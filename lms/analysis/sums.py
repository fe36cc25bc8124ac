"""Variances, covariances and cumulants of whole numbers, exact: nothing is rounded before the last root."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import sqrt
from operator import mul


def mean(xs: Sequence[int]) -> Fraction:
    """:raises ZeroDivisionError: there are none."""
    return Fraction(sum(xs), len(xs))


def covariance(xs: Sequence[int], ys: Sequence[int]) -> Fraction:
    """Sample covariance, divided by n - 1. 0 for fewer than two pairs."""
    count, first = len(xs), sum(xs)
    if count < 2:
        return Fraction(0)
    second = first if ys is xs else sum(ys)
    return Fraction(count * sum(map(mul, xs, ys)) - first * second, count * (count - 1))


def variance(xs: Sequence[int]) -> Fraction:
    """Sample variance, divided by n - 1. 0 for fewer than two values."""
    return covariance(xs, xs)


def largest_covariance(xs: Sequence[int], ys: Sequence[int]) -> Fraction:
    """The covariance of the same values if the highest of both met, and so down to the lowest."""
    return covariance(sorted(xs), sorted(ys))


def correlation(between: Fraction, one: Fraction, other: Fraction) -> float | None:
    """Pearson's, from -1 to 1, of a covariance and two variances; None where one of the two never varies."""
    spread = one * other
    return max(-1.0, min(1.0, float(between) / sqrt(spread))) if spread else None


def third_and_fourth_cumulant(xs: Sequence[int]) -> tuple[Fraction | None, Fraction | None]:
    """Fisher's k-statistics k3 and k4; None with fewer than three, or four, values."""
    count = len(xs)
    if count < 3:
        return None, None
    centre = mean(xs)
    squares = list(map(mul, xs, xs))
    first, second = sum(xs), sum(squares)
    third, fourth = sum(map(mul, squares, xs)), sum(map(mul, squares, squares))
    around2 = second - count * centre**2
    around3 = third - 3 * centre * second + 2 * count * centre**3
    around4 = fourth - 4 * centre * third + 6 * centre**2 * second - 3 * first * centre**3
    k3 = count * around3 / ((count - 1) * (count - 2))
    if count < 4:
        return k3, None
    below = (count - 1) * (count - 2) * (count - 3)
    return k3, (count * (count + 1) * around4 - 3 * (count - 1) * around2**2) / below
