"""Statistics of a question, as Moodle's quiz defines them ("Quiz statistics calculations", docs.moodle.org/dev).

m is the mark of an attempt at the question, o what its other questions earned, T both together. All values are
percentages; None where the formula divides by zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from lms.analysis import intervals, sums
from lms.analysis.intervals import Interval
from lms.analysis.marks import QuestionMarks, QuizMarks


@dataclass(frozen=True)
class ItemStatistics:
    """``count`` attempts had the question."""

    count: int
    facility: float
    """The mean of its marks."""
    facility_interval: Interval | None
    deviation: float | None
    discrimination: float | None
    """The discrimination index: the correlation of m and o."""
    discrimination_interval: Interval | None
    efficiency: float | None
    """Discriminative efficiency: the covariance of m and o, of the largest that these marks could have."""
    intended_weight: float
    """What it can earn, of what an attempt can."""
    effective_weight: float | None
    """√cov(m, T), of the sum of these over the attempt's questions. None if the covariance is negative, too."""
    is_against_total: bool
    """Whether that covariance is negative."""
    guess: float | None
    """What somebody gets who guesses; None if the kind of question cannot tell."""

    @property
    def goes_against(self) -> bool:
        """Whether those who are good in the other questions do worse in this one, beyond chance."""
        return self.discrimination_interval is not None and self.discrimination_interval.high < 0


def statistics_of(marks: QuizMarks, guesses: Mapping[str, Fraction | None]) -> dict[str, ItemStatistics]:
    """The statistics of each question, by its id. ``guesses`` are shares from 0 to 1."""
    of_slots = _sum_of_roots(marks) if marks.is_one_test else None
    return {id: _statistics(one, marks.whole, of_slots, guesses.get(id)) for id, one in marks.questions.items()}


def _statistics(one: QuestionMarks, whole: int, of_slots: float | None, guess: Fraction | None) -> ItemStatistics:
    count = len(one.marks)
    facility = float(sums.mean(one.shares) / one.full)
    own, between = sums.variance(one.marks), sums.covariance(one.marks, one.rests)
    correlation = sums.correlation(between, own, sums.variance(one.rests))
    most = sums.largest_covariance(one.marks, one.rests)
    with_total = own + between
    interval = intervals.of_correlation(correlation, count)
    share = intervals.of_share(facility, count)
    return ItemStatistics(
        count=count,
        facility=100 * facility,
        facility_interval=share and share.in_percent,
        deviation=100 * sqrt(sums.variance(one.shares)) / one.full if count > 1 else None,
        discrimination=None if correlation is None else 100 * correlation,
        discrimination_interval=interval and interval.in_percent,
        efficiency=float(100 * between / most) if most else None,
        intended_weight=100 * one.worth / (whole * count),
        effective_weight=100 * sqrt(with_total) / of_slots if of_slots and with_total >= 0 else None,
        is_against_total=with_total < 0,
        guess=None if guess is None else float(100 * guess),
    )


def _sum_of_roots(marks: QuizMarks) -> float:
    """Slots whose marks go against the total are left out, as Moodle does."""
    found = (sums.covariance(slot, marks.totals) for slot in marks.slots.values())
    return sum(sqrt(one) for one in found if one > 0)
