"""Intervals that hold the true value in 95 of 100 cases, each in closed form; None where there is none.

Share: Wilson (1927). Correlation: Fisher's z (1921). Mean: Student's t, its quantile by the expansion 26.7.5 of
Abramowitz and Stegun. Alpha: Bonett (2002). Ratio of two means of the same people: the delta method.
"""

from __future__ import annotations

from math import atanh, exp, log, sqrt, tanh
from statistics import NormalDist
from typing import NamedTuple

CONFIDENCE = 0.95
Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


class Interval(NamedTuple):
    low: float
    high: float

    @property
    def in_percent(self) -> Interval:
        return Interval(100 * self.low, 100 * self.high)


def of_share(share: float, count: int) -> Interval | None:
    """The interval of a share from 0 to 1 of ``count``. It is too wide for marks between 0 and 1."""
    if not count:
        return None
    middle = share + Z * Z / (2 * count)
    reach = Z * sqrt(share * (1 - share) / count + Z * Z / (4 * count * count))
    below = 1 + Z * Z / count
    return Interval(max(0.0, (middle - reach) / below), min(1.0, (middle + reach) / below))


def of_correlation(correlation: float | None, count: int) -> Interval | None:
    """The interval of a correlation; None for fewer than four pairs and for a perfect one, where Fisher's z fails."""
    if correlation is None or count < 4 or abs(correlation) >= 1:
        return None
    reach = Z / sqrt(count - 3)
    return Interval(tanh(atanh(correlation) - reach), tanh(atanh(correlation) + reach))


def of_mean(mean: float, deviation: float, count: int) -> Interval | None:
    """``deviation`` is that of the sample."""
    if count < 2:
        return None
    reach = student(count - 1) * deviation / sqrt(count)
    return Interval(mean - reach, mean + reach)


def of_alpha(alpha: float | None, parts: int, count: int) -> Interval | None:
    """The interval of an alpha up to 1; ``parts`` are the questions. None for an alpha of 1."""
    if alpha is None or alpha >= 1 or count < 3 or parts < 2:
        return None
    reach = Z * sqrt(2 * parts / ((parts - 1) * (count - 2)))
    inner = log(1 - alpha)
    return Interval(1 - exp(inner + reach), 1 - exp(inner - reach))


_FEW = (12.706205, 4.302653, 3.182446, 2.776445)
"""Student's t with so few degrees of freedom that the expansion is not exact enough."""


def student(freedom: int) -> float:
    """The quantile of Student's t for ``CONFIDENCE``, to three decimals."""
    if freedom <= len(_FEW):
        return _FEW[freedom - 1]
    terms = (
        Z,
        (Z**3 + Z) / 4,
        (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96,
        (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / 384,
        (79 * Z**9 + 776 * Z**7 + 1482 * Z**5 - 1920 * Z**3 - 945 * Z) / 92160,
    )
    return sum(term / float(freedom) ** power for power, term in enumerate(terms))
