"""Why a number is what it is: its parts, which always add up to the number shown, and its rule in words.

Shares are rounded to cents so that their sum is exact: each is rounded down first, and the cents that are left go to
those that lost most (largest remainders).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from lms.courses.contents import Contents, ItemSummary
from lms.learning.completion import HasResult
from lms.learning.final_score import CENT, FinalScore, ScoredItem, final_score, weights_of


@dataclass(frozen=True)
class MarkPart:
    """Something that was marked, or a deduction from it. ``label`` and ``how`` are in the reader's language.

    ``share`` is what it brings to the item's score; 0 for what does not count. ``source`` is that of the grade ledger,
    empty for a part that is no mark of its own.
    """

    label: str
    score: Decimal | None
    share: Decimal
    how: str = ""
    source: str = ""
    address: str = ""


@dataclass(frozen=True)
class ItemExplanation:
    """``notes`` say of marks in the ledger, by source and number, why they were added."""

    rule: str
    parts: tuple[MarkPart, ...]
    notes: Mapping[tuple[str, int], str]

    @property
    def score(self) -> Decimal:
        return sum((part.share for part in self.parts), Decimal(0))


Explain = Callable[[int, bool], Mapping[int, ItemExplanation]]
"""Explains an enrolment's scores by item; True: to its learner, who may not see everything."""


def with_rest(explanation: ItemExplanation, stored: Decimal | None, kept: str, pending: str) -> ItemExplanation:
    """Add what makes the sum of the parts the stored score, labelled ``kept`` if it is more, ``pending`` if less.

    More: once a course is completed, a rule no longer lowers a score. Less: the results are just being renewed.
    """
    if stored is None or stored == explanation.score:
        return explanation
    rest = stored - explanation.score
    return replace(explanation, parts=(*explanation.parts, MarkPart(kept if rest > 0 else pending, None, rest)))


@dataclass(frozen=True)
class LedgerLine:
    """A mark as it was added to the ledger. ``by`` is None for a mark that a rule gave."""

    source: str
    number: int
    score: Decimal
    by: int | None
    reason: str
    at: datetime


@dataclass(frozen=True)
class CoursePart:
    """A graded item in the course's score. ``weight`` is its part of all weights in percent as they count. Extra credit
    comes on top: its weight is what it adds at most.

    ``share`` is what it brings to the final score, where a missing mark counts 0; ``share_so_far`` what it brings to
    the mean of the marks that exist, None if it has none.
    """

    item: ItemSummary
    score: Decimal | None
    weight: Decimal
    share: Decimal
    share_so_far: Decimal | None
    is_dropped: bool = False
    """Left out of the final score; ``is_dropped_so_far`` out of the mean of the marks that exist."""
    is_dropped_so_far: bool = False


@dataclass(frozen=True)
class CourseExplanation:
    """``final`` and ``so_far`` are the course's scores; None if no item is graded, or none is marked yet."""

    parts: tuple[CoursePart, ...]
    final: Decimal | None
    so_far: Decimal | None

    @property
    def is_even(self) -> bool:
        """True if all items weigh the same."""
        return len({part.weight for part in self.parts if not (part.is_dropped or part.item.is_extra)}) <= 1

    @property
    def dropped(self) -> list[CoursePart]:
        return [part for part in self.parts if part.is_dropped]

    @property
    def has_extra(self) -> bool:
        return any(part.item.is_extra for part in self.parts)

    @property
    def extra(self) -> Decimal:
        """What extra credit adds to the final score."""
        return sum((part.share for part in self.parts if part.item.is_extra), Decimal(0))


def explain_course(contents: Contents, progress: Mapping[int, HasResult]) -> CourseExplanation:
    graded = [item for item in contents.items if item.counts and item.is_graded]
    scores = [progress[item.item_id].score if item.item_id in progress else None for item in graded]
    drop = contents.rule.drop_lowest or {}
    items = _scored(graded, scores)
    final = final_score(items, drop)
    if final is None:
        return CourseExplanation((), None, None)
    marked = [index for index, score in enumerate(scores) if score is not None]
    marked_items = _scored([graded[index] for index in marked], [scores[index] for index in marked])
    so_far = final_score(marked_items, drop)
    own_shares = dict(zip(marked, _shares(marked_items, so_far), strict=True))
    dropped_so_far = {marked[index] for index in so_far.dropped} if so_far else set()
    shares, in_percent = _shares(items, final), _in_percent(items, final)
    parts = (
        CoursePart(
            item,
            scores[index],
            in_percent[index],
            shares[index],
            own_shares.get(index),
            is_dropped=index in final.dropped,
            is_dropped_so_far=index in dropped_so_far,
        )
        for index, item in enumerate(graded)
    )
    return CourseExplanation(tuple(parts), final.total, so_far.total if so_far else None)


def _scored(items: Sequence[ItemSummary], scores: Sequence[Decimal | None]) -> list[ScoredItem]:
    weights = weights_of([item.weight for item in items])
    return [
        ScoredItem(score or Decimal(0), weight, item.is_extra, item.score_group)
        for item, score, weight in zip(items, scores, weights, strict=True)
    ]


def _shares(items: Sequence[ScoredItem], final: FinalScore | None) -> list[Decimal]:
    """What each item brings to the total, in cents, so that they add up to it. Beyond 100 the last extra credit adds
    less."""
    if final is None:
        return [Decimal(0)] * len(items)
    exact = [Fraction(one.score) * weight for one, weight in zip(items, final.weights, strict=True)]
    beyond = sum(exact, Fraction()) - 100
    for index in reversed([at for at, one in enumerate(items) if one.is_extra]):
        cut = max(Fraction(), min(beyond, exact[index]))
        exact[index], beyond = exact[index] - cut, beyond - cut
    return _in_cents(exact, final.total)


def _in_percent(items: Sequence[ScoredItem], final: FinalScore) -> list[Decimal]:
    regular = [Fraction() if one.is_extra else 100 * weight for one, weight in zip(items, final.weights, strict=True)]
    found = _in_cents(regular, Decimal(100))
    extra = _in_cents([100 * weight for weight in final.weights], None)
    return [extra[at] if one.is_extra else found[at] for at, one in enumerate(items)]


def apportion(values: Sequence[Decimal], weights: Sequence[Decimal], total: Decimal | None) -> list[Decimal]:
    """The shares of weighted values in their mean, in cents, so that they add up to ``total``.

    ``total`` is the mean, rounded; None, or weights that add up to nothing, give shares of 0.
    """
    whole = sum(map(Fraction, weights), Fraction())
    if total is None or not whole:
        return [Decimal(0)] * len(values)
    return _in_cents(
        [Fraction(value) * Fraction(weight) / whole for value, weight in zip(values, weights, strict=True)], total
    )


def _in_cents(exact: Sequence[Fraction], total: Decimal | None) -> list[Decimal]:
    """Rounded down to cents; what lacks in the ``total`` goes, a cent each, to those that lost most."""
    cents = [one * 100 for one in exact]
    floors = [one.numerator // one.denominator for one in cents]
    left = int(total * 100) - sum(floors) if total is not None else 0
    order = sorted(range(len(cents)), key=lambda index: (floors[index] - cents[index], index))
    for index in order[: max(0, left)]:
        floors[index] += 1
    return [Decimal(one) * CENT for one in floors]


def counting_share(scores: Iterable[Decimal], effective: Decimal, rule: str) -> list[Decimal]:
    """What each attempt brings to the score that counts by ``highest``, ``average``, ``first`` or ``last``."""
    scores = list(scores)
    if rule == "average":
        return apportion(scores, [Decimal(1)] * len(scores), effective)
    chosen = {"first": 0, "last": len(scores) - 1}.get(rule, scores.index(effective))
    return [effective if index == chosen else Decimal(0) for index in range(len(scores))]
