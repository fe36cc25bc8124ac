"""Statistics of a whole quiz, as Moodle defines them ("Quiz statistics calculations", docs.moodle.org/dev)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median

from lms.analysis import intervals, sums
from lms.analysis.intervals import Interval
from lms.analysis.marks import QuizMarks

BINS = 10


@dataclass(frozen=True)
class ScoreStatistics:
    """Percentages, but ``skewness`` and ``kurtosis``. None where a formula divides by zero."""

    count: int
    mean: float
    mean_interval: Interval | None
    median: float
    deviation: float | None
    skewness: float | None
    kurtosis: float | None
    """0 for a normal distribution."""
    alpha: float | None
    """Cronbach's; Moodle's coefficient of internal consistency. None too where attempts had different questions
    although nothing was drawn."""
    alpha_interval: Interval | None
    error_ratio: float | None
    """How much of the deviation is chance."""
    standard_error: float | None
    """The standard error of a single score."""


def statistics_of(marks: QuizMarks) -> ScoreStatistics | None:
    """Compute the statistics of a quiz; None without attempts that could earn something."""
    totals, whole = marks.totals, marks.whole
    if not totals or not marks.questions or not whole:
        return None
    count, spread = len(totals), sums.variance(totals)
    third, fourth = sums.third_and_fourth_cumulant(totals)
    deviation = 100 * sqrt(spread) / whole
    mean, alpha = float(100 * sums.mean(totals) / whole), _alpha(marks)
    reliable = intervals.of_alpha(alpha, len(marks.slots), count)
    error_ratio = None if alpha is None else 100 * sqrt(1 - alpha)
    return ScoreStatistics(
        count=count,
        mean=mean,
        mean_interval=intervals.of_mean(mean, deviation, count),
        median=100 * median(totals) / whole,
        deviation=deviation if count > 1 else None,
        skewness=float(third) / float(spread) ** 1.5 if spread and third is not None else None,
        kurtosis=float(fourth / spread**2) if spread and fourth is not None else None,
        alpha=None if alpha is None else 100 * alpha,
        alpha_interval=reliable and reliable.in_percent,
        error_ratio=error_ratio,
        standard_error=None if error_ratio is None else error_ratio * deviation / 100,
    )


def _alpha(marks: QuizMarks) -> float | None:
    parts, spread = len(marks.slots), sums.variance(marks.totals)
    if parts < 2 or not spread or not marks.is_one_test:
        return None
    within = sum(sums.variance(slot) for slot in marks.slots.values())
    return float((1 - within / spread) * parts / (parts - 1))


def histogram(scores: Sequence[float]) -> list[int]:
    """How many scores from 0 to 100 lie in each of ``BINS`` equal parts; 100 belongs to the last."""
    found = [0] * BINS
    for score in scores:
        found[min(BINS - 1, int(score * BINS // 100))] += 1
    return found
