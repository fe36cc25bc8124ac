"""Whether a course is completed, by the course's own rules.

The final score is the weighted mean of the graded items; what has no mark yet
counts nothing towards it, so it can only rise. Where no item names a weight, all
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
class Standing:
    """One item as completion sees it. ``score`` is percent, None without a mark."""

    is_required: bool
    counts: bool
    is_graded: bool
    is_done: bool
    weight: float | None = None
    score: Decimal | None = None
    is_final: bool = False
    """No tries are left."""


@dataclass(frozen=True)
class Outcome:
    """How far somebody is. ``needed`` items must be done; ``score`` is None where nothing is graded.

    ``so_far`` is the mean of the marks there are: what a learner wants to know on the way.
    """

    done: int
    needed: int
    total: int
    score: Decimal | None
    so_far: Decimal | None
    pass_mark: Decimal | None
    is_lost: bool = False
    """What has no tries left leaves too few items to complete the course, or keeps the score below the pass mark even
    if everything else is answered in full."""

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


def evaluate(rule: CompletionRule, standings: Iterable[Standing], default_pass_mark: float) -> Outcome:
    """Apply a course's completion rule (``CourseRevision.rule``)."""
    counted = [one for one in standings if one.counts]
    wanted = [one for one in counted if one.is_required] if rule.items == "required" else counted
    needed = len(wanted) if isinstance(rule.items, str) else ceil(len(wanted) * rule.items / 100)
    graded = [one for one in counted if one.is_graded]
    own = rule.score
    pass_mark = Decimal(str(default_pass_mark if own is None else own)) if graded else None
    best = mean([one if one.is_final else replace(one, score=FULL) for one in graded], missing=Decimal(0))
    has_too_few = sum(one.is_done or not one.is_final for one in wanted) < needed
    return Outcome(
        done=sum(one.is_done for one in wanted),
        needed=needed,
        total=len(counted),
        score=mean(graded, missing=Decimal(0)),
        so_far=mean([one for one in graded if one.score is not None], missing=Decimal(0)),
        pass_mark=pass_mark,
        is_lost=has_too_few or (best is not None and pass_mark is not None and best < pass_mark),
    )


def mean(graded: list[Standing], missing: Decimal) -> Decimal | None:
    """The weighted mean, rounded half up to two decimals as on a school report."""
    weights = [_weight(one, any(other.weight is not None for other in graded)) for one in graded]
    if not sum(weights):
        return None
    total = sum(
        ((missing if one.score is None else one.score) * weight for one, weight in zip(graded, weights, strict=True)),
        Decimal(0),
    )
    return (total / sum(weights)).quantize(CENT, ROUND_HALF_UP)


def _weight(one: Standing, weights_are_given: bool) -> Decimal:
    if not weights_are_given:
        return Decimal(1)
    return Decimal(str(one.weight or 0))
