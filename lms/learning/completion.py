"""A course's completion rule, applied to what a learner has done.

The final score is the weighted mean of the graded items. An item without a
score counts 0, so the final score can only rise. If no item has a weight, all
graded items weigh the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from math import ceil

from lms.content.course import CompletionRule

CENT, FULL = Decimal("0.01"), Decimal(100)


@dataclass(frozen=True)
class ItemResult:
    """What completion needs to know of one item. ``score`` is percent, None if there is none yet."""

    is_required: bool
    counts: bool
    is_graded: bool
    is_done: bool
    weight: float | None = None
    score: Decimal | None = None
    is_final: bool = False
    """True if no attempts are left."""


@dataclass(frozen=True)
class CourseOutcome:
    """How far a learner is. ``needed`` items must be done; ``score`` is None if the course grades nothing.

    ``score_so_far`` is the mean of the existing scores only: what a learner wants to know on the way.
    """

    done: int
    needed: int
    total: int
    score: Decimal | None
    score_so_far: Decimal | None
    pass_mark: Decimal | None
    is_failed: bool = False
    """True if the items without attempts left make it impossible to complete the course, even if everything else is
    done with a full score."""

    @property
    def items_left(self) -> int:
        return max(0, self.needed - self.done)

    @property
    def lacks_score(self) -> bool:
        return self.score is not None and self.pass_mark is not None and self.score < self.pass_mark

    @property
    def is_complete(self) -> bool:
        return self.total > 0 and not self.items_left and not self.lacks_score

    @property
    def percent(self) -> int:
        """Done of needed, rounded down: 100 only when nothing is left."""
        return 100 if not self.needed else min(100, 100 * self.done // self.needed)


def evaluate(rule: CompletionRule, results: Iterable[ItemResult], default_pass_mark: float) -> CourseOutcome:
    """Apply a course's completion rule (``CourseRevision.rule``)."""
    counted = [one for one in results if one.counts]
    eligible = [one for one in counted if one.is_required] if rule.items == "required" else counted
    needed = len(eligible) if isinstance(rule.items, str) else ceil(len(eligible) * rule.items / 100)
    graded = [one for one in counted if one.is_graded]
    own = rule.score
    pass_mark = Decimal(str(default_pass_mark if own is None else own)) if graded else None
    best = mean([one if one.is_final else replace(one, score=FULL) for one in graded], missing=Decimal(0))
    has_too_few = sum(one.is_done or not one.is_final for one in eligible) < needed
    return CourseOutcome(
        done=sum(one.is_done for one in eligible),
        needed=needed,
        total=len(counted),
        score=mean(graded, missing=Decimal(0)),
        score_so_far=mean([one for one in graded if one.score is not None], missing=Decimal(0)),
        pass_mark=pass_mark,
        is_failed=has_too_few or (best is not None and pass_mark is not None and best < pass_mark),
    )


def mean(graded: list[ItemResult], missing: Decimal) -> Decimal | None:
    """The weighted mean, rounded half up to two decimals as in a school report. None if the weights sum to 0."""
    weights = [_weight(one, any(other.weight is not None for other in graded)) for one in graded]
    if not sum(weights):
        return None
    total = sum(
        ((missing if one.score is None else one.score) * weight for one, weight in zip(graded, weights, strict=True)),
        Decimal(0),
    )
    return (total / sum(weights)).quantize(CENT, ROUND_HALF_UP)


def _weight(one: ItemResult, weights_are_given: bool) -> Decimal:
    if not weights_are_given:
        return Decimal(1)
    return Decimal(str(one.weight or 0))
