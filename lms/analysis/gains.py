"""What people gained from a pretest to its posttest: scores out of 100, of the same people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from lms.analysis import intervals
from lms.analysis.intervals import Interval
from lms.quizzes.gain import MAX_SCORE, Gain


@dataclass(frozen=True)
class CohortGain:
    """The gain of several learners. ``normalised`` is Hake's: computed from the means, not the mean of their gains."""

    count: int
    before: float
    after: float
    absolute: float
    absolute_interval: Interval | None
    normalised: float | None
    normalised_interval: Interval | None
    risen: int
    fallen: int


def of_cohort(gains: Sequence[Gain]) -> CohortGain | None:
    """Sum up the gains of a cohort; None without anybody. Intervals need two people, and scores that differ."""
    if not gains:
        return None
    count = len(gains)
    before = Fraction(sum(Fraction(one.before) for one in gains), count)
    after = Fraction(sum(Fraction(one.after) for one in gains), count)
    rise, left = after - before, MAX_SCORE - before
    share = rise / left if left else None
    differences = [Fraction(one.absolute) - rise for one in gains]
    return CohortGain(
        count=count,
        before=float(before),
        after=float(after),
        absolute=float(rise),
        absolute_interval=_interval(rise, differences),
        normalised=None if share is None else float(100 * share),
        normalised_interval=_of_ratio(gains, share, left) if share is not None else None,
        risen=sum(one.absolute > 0 for one in gains),
        fallen=sum(one.absolute < 0 for one in gains),
    )


def _interval(middle: Fraction, around: Sequence[Fraction], scale: Fraction = Fraction(1)) -> Interval | None:
    """``around`` are the deviations from the middle; their sum is 0."""
    count = len(around)
    if count < 2:
        return None
    deviation = sqrt(sum(one * one for one in around) / (count - 1))
    return intervals.of_mean(float(scale * middle), float(scale) * deviation, count)


def _of_ratio(gains: Sequence[Gain], share: Fraction, left: Fraction) -> Interval | None:
    """The delta method: how far each learner's gain is from the same share of what that learner had left."""
    around = [(Fraction(one.absolute) - share * (MAX_SCORE - Fraction(one.before))) / left for one in gains]
    return _interval(share, around, Fraction(100))
