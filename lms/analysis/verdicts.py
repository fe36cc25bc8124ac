"""What the statistics say of a question or a quiz, as codes that pages put into words. All limits stand here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lms.analysis.categories import AnswerStatistics
from lms.analysis.item_statistics import ItemStatistics
from lms.analysis.score_statistics import ScoreStatistics

MIN_ATTEMPTS = 10
"""With fewer, only counts are shown (the issue that asked for this page)."""
LOW_EFFICIENCY = 15.0
"""Moodle's quiz report marks a question below this."""
WEAK_DISCRIMINATION = 20
"""Below this the discrimination is "very weak" (Moodle's "Quiz report statistics")."""
TOO_EASY, TOO_HARD = 95.0, 10.0
"""Facility: "extremely easy" from 95, "very difficult" up to 10 (Moodle's "Quiz report statistics")."""
GOOD_ALPHA, POOR_ALPHA = 75.0, 64.0
"""Above 75 satisfactory, below 64 unsatisfactory (Moodle's "Quiz report statistics")."""
UNEVEN_DRAW = 30.0
"""Points of facility between the easiest and the hardest question of a group from which a quiz draws: a convention of
this project, three of the ten bars of the histogram."""

Code = Literal[
    "few", "wrong_key", "confusing", "doubtful", "too_easy", "too_hard", "guessed", "weak", "unknown", "healthy"
]
SEVERITY: tuple[Code, ...] = (
    "wrong_key",
    "confusing",
    "doubtful",
    "guessed",
    "too_hard",
    "weak",
    "too_easy",
    "unknown",
    "few",
    "healthy",
)
"""The worst first: so the page lists its questions."""
TO_CHECK: tuple[Code, ...] = ("wrong_key", "confusing")
TO_CORRECT: tuple[Code, ...] = ("doubtful", "guessed", "too_hard", "weak")
NOT_JUDGED: tuple[Code, ...] = ("few", "unknown")


@dataclass(frozen=True)
class Verdict:
    code: Code

    @property
    def severity(self) -> int:
        return SEVERITY.index(self.code)


def of_question(item: ItemStatistics, answers: AnswerStatistics) -> Verdict:
    if item.count < MIN_ATTEMPTS:
        return Verdict("few")
    if answers.suspect:
        return Verdict("wrong_key")
    if item.goes_against:
        return Verdict("confusing")
    if item.facility >= TOO_EASY:
        return Verdict("too_easy")
    if item.facility <= TOO_HARD:
        return Verdict("too_hard")
    if item.discrimination is not None and item.discrimination < 0:
        return Verdict("doubtful")
    if _is_guessed(item):
        return Verdict("guessed")
    if item.efficiency is None:
        return Verdict("unknown")
    if item.efficiency < LOW_EFFICIENCY:
        return Verdict("weak")
    return Verdict("healthy")


def _is_guessed(item: ItemStatistics) -> bool:
    """Whether as many are right as by guessing, and being good does not help."""
    if not item.guess or item.facility_interval is None or item.discrimination_interval is None:
        return False
    low, high = item.facility_interval
    return low <= item.guess <= high and item.discrimination_interval.low <= 0


Reliability = Literal["unknown", "poor", "fair", "good"]


def reliability(scores: ScoreStatistics) -> Reliability:
    if scores.alpha is None:
        return "unknown"
    return "good" if scores.alpha > GOOD_ALPHA else "poor" if scores.alpha < POOR_ALPHA else "fair"
