"""A course's completion rule, applied to what a learner has done.

An item without a score counts 0 in the final score (``final_score``), so that score
can only rise. If no item has a weight, all graded items weigh the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import ceil
from typing import Any, NamedTuple, Protocol

from lms.content.course import CompletionRule
from lms.courses.contents import Contents
from lms.learning.final_score import FULL, ScoredItem, dropped_of, mean_of, total_of, weights_of


class CompletionRow(NamedTuple):
    """The stored facts of a completed course (``models.Completion``)."""

    id: int
    enrolment_id: int
    revision_id: int
    completed_at: datetime
    score: Decimal | None
    facts: dict[str, Any]


class ItemProgress(NamedTuple):
    """The stored progress of one learner in one item (``models.Progress``)."""

    state: str
    score: Decimal | None
    touched_at: datetime
    is_final: bool = False
    """True if no attempts are left. Only set by ``queries.item_progress``, not for a single item's page."""
    place: str | None = None
    """Where a module's reader stopped (``models.Progress``). Only set by ``queries.item_progress``, as ``place_at``."""
    place_at: datetime | None = None

    @property
    def is_failed_for_good(self) -> bool:
        return self.is_final and self.state == "failed"


class ItemResult(NamedTuple):
    """What completion needs to know of one item. ``score`` is percent, None if there is none yet."""

    is_required: bool
    counts: bool
    is_graded: bool
    is_done: bool
    weight: float | None = None
    score: Decimal | None = None
    is_final: bool = False
    """True if no attempts are left."""
    is_extra: bool = False
    score_group: str | None = None


@dataclass(frozen=True)
class CourseOutcome:
    """How far a learner is. ``score`` is None if the course grades nothing.

    ``total_done`` of the ``total`` items that count is the progress that pages show (``docs/decisions/0017``). The rule
    looks at ``done``, the done ones of those it asks for, of which ``needed`` must be done.
    ``score_so_far`` is the mean of the existing scores only: what a learner wants to know on the way.
    """

    done: int
    needed: int
    total_done: int
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


class HasResult(Protocol):
    """What completion reads of the progress in an item."""

    @property
    def state(self) -> str: ...
    @property
    def score(self) -> Decimal | None: ...
    @property
    def is_final(self) -> bool: ...


def item_results(contents: Contents, progress: Mapping[int, HasResult]) -> list[ItemResult]:
    """What completion needs to know, of all items of a course."""
    results = []
    for item in contents.items:
        own = progress.get(item.item_id)
        results.append(
            ItemResult(
                is_required=item.is_required,
                counts=item.counts,
                is_graded=item.is_graded,
                is_done=own is not None and own.state == "done",
                weight=item.weight,
                score=own.score if own else None,
                is_final=own is not None and own.is_final,
                is_extra=item.is_extra,
                score_group=item.score_group,
            )
        )
    return results


def evaluate(rule: CompletionRule, results: Iterable[ItemResult], default_pass_mark: float) -> CourseOutcome:
    """Apply a course's completion rule (``CourseRevision.rule``)."""
    counted = [one for one in results if one.counts]
    eligible = [one for one in counted if one.is_required] if rule.items == "required" else counted
    needed = len(eligible) if isinstance(rule.items, str) else ceil(len(eligible) * rule.items / 100)
    graded = [one for one in counted if one.is_graded]
    marked = [one for one in graded if one.score is not None]
    own = rule.score
    pass_mark = Decimal(str(default_pass_mark if own is None else own)) if graded else None
    drop = rule.drop_lowest or {}
    score = total(graded, [one.score or Decimal(0) for one in graded], drop)
    so_far = score if len(marked) == len(graded) else total(marked, [one.score or Decimal(0) for one in marked], drop)
    has_too_few = sum(one.is_done or not one.is_final for one in eligible) < needed
    return CourseOutcome(
        done=sum(one.is_done for one in eligible),
        needed=needed,
        total_done=sum(one.is_done for one in counted),
        total=len(counted),
        score=score,
        score_so_far=so_far,
        pass_mark=pass_mark,
        is_failed=has_too_few or (pass_mark is not None and _scores_too_low(graded, drop, pass_mark)),
    )


def _scores_too_low(graded: Sequence[ItemResult], drop: Mapping[str, int], pass_mark: Decimal) -> bool:
    """True if even full scores in everything that may still be attempted would not do."""
    if not any(one.is_final for one in graded):
        return False
    best = total(graded, [one.score or Decimal(0) if one.is_final else FULL for one in graded], drop)
    return best is not None and best < pass_mark


def total(graded: Sequence[ItemResult], scores: Sequence[Decimal], drop: Mapping[str, int]) -> Decimal | None:
    """The final score of what the items earn; None if the weights sum to 0."""
    weights = weights_of([one.weight for one in graded])
    if not drop and not any(one.is_extra for one in graded):
        return mean_of(scores, weights) if any(weights) else None
    return total_of(_scored(graded, scores, weights), drop)


def dropped_so_far(rule: CompletionRule, results: Sequence[ItemResult]) -> set[int]:
    """The indexes of the results that ``CourseOutcome.score_so_far`` leaves out."""
    if not rule.drop_lowest:
        return set()
    marked = [at for at, one in enumerate(results) if one.counts and one.is_graded and one.score is not None]
    graded = [results[at] for at in marked]
    items = _scored(graded, [one.score or Decimal(0) for one in graded], weights_of([one.weight for one in graded]))
    return {marked[index] for index in dropped_of(items, rule.drop_lowest)}


def _scored(graded: Sequence[ItemResult], scores: Sequence[Decimal], weights: Sequence[Decimal]) -> list[ScoredItem]:
    return [
        ScoredItem(score, weight, one.is_extra, one.score_group)
        for one, score, weight in zip(graded, scores, weights, strict=True)
    ]
