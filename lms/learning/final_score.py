"""The final score of a course from the scores of its items: weights, what is dropped, extra credit.

The score is the weighted mean of the items that count, plus what extra credit adds: score × weight / weights of the
others, so that with weights of 100 in all an extra 5 adds at most 5 points. It is never above 100.

What is dropped leaves its weight to the rest of its group, so dropping never lowers the score. Of all ways to drop so
many, the best for the learner is taken, which with equal weights drops the lowest scores: otherwise a better score of
one item could lower the whole. Finding it is Dinkelbach's method for a ratio: drop those that bring least beyond a
mean, until no other mean is better.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from operator import mul
from typing import NamedTuple

CENT, FULL = Decimal("0.01"), Decimal(100)
WHOLE_COURSE = ""
"""The group of all items."""


@dataclass(frozen=True)
class ScoredItem:
    """``score`` is percent with two decimals, 0 where nothing is marked. ``group`` is one of
    ``CompletionRule.drop_lowest``."""

    score: Decimal
    weight: Decimal
    is_extra: bool = False
    group: str | None = None


@dataclass(frozen=True)
class FinalScore:
    """``total`` is rounded half up to two decimals. ``weights`` are the items' parts of 1 as they count: 0 for what is
    dropped; those of extra credit come on top."""

    total: Decimal
    weights: tuple[Fraction, ...]
    dropped: frozenset[int]
    """Indexes of items."""


def final_score(items: Sequence[ScoredItem], drop: Mapping[str, int]) -> FinalScore | None:
    """Compute the final score; None if the weights of the items that are no extra credit sum to 0."""
    found = _worked_out(items, drop)
    if found is None:
        return None
    weights = [Fraction(one, found.whole) for one in found.weights]
    for group in found.groups:
        share = Fraction(sum(found.weights[at] for at in group.members), sum(found.weights[at] for at in group.kept))
        for at in group.members:
            weights[at] = weights[at] * share if at in group.kept else Fraction()
    return FinalScore(found.total, tuple(weights), _dropped(found.groups))


def total_of(items: Sequence[ScoredItem], drop: Mapping[str, int]) -> Decimal | None:
    """``final_score(...).total``, in less time: boards and gradebooks ask for thousands."""
    found = _worked_out(items, drop)
    return found.total if found else None


def dropped_of(items: Sequence[ScoredItem], drop: Mapping[str, int]) -> frozenset[int]:
    """``final_score(...).dropped``, in less time."""
    found = _worked_out(items, drop)
    return _dropped(found.groups) if found else frozenset()


class _Group(NamedTuple):
    members: list[int]
    kept: frozenset[int]


class _WorkedOut(NamedTuple):
    """``weights`` and their sum ``whole`` are whole numbers in the same proportion as the items' weights."""

    total: Decimal
    weights: list[int]
    whole: int
    groups: list[_Group]


def _worked_out(items: Sequence[ScoredItem], drop: Mapping[str, int]) -> _WorkedOut | None:
    """Exact, with whole numbers: cents of scores, and weights times a power of ten."""
    places = max((-int(one.weight.as_tuple().exponent) for one in items), default=0)
    weights = [int(one.weight.scaleb(max(0, places))) for one in items]
    cents = [int(one.score * 100) for one in items]
    whole = sum(weight for one, weight in zip(items, weights, strict=True) if not one.is_extra)
    if not whole:
        return None
    groups, in_groups, total = [], set[int](), Fraction()
    for name, number in drop.items():
        members = [
            at for at, one in enumerate(items) if weights[at] and not one.is_extra and name in (WHOLE_COURSE, one.group)
        ]
        if members:
            kept = _kept(cents, weights, members, number)
            groups.append(_Group(members, kept))
            in_groups.update(members)
            best = sum(cents[at] * weights[at] for at in kept)
            total += Fraction(best * sum(weights[at] for at in members), sum(weights[at] for at in kept))
    total += sum(cents[at] * weight for at, weight in enumerate(weights) if at not in in_groups)
    return _WorkedOut(min(FULL, _rounded(total / whole)), weights, whole, groups)


def _dropped(groups: Sequence[_Group]) -> frozenset[int]:
    return frozenset(at for group in groups for at in group.members if at not in group.kept)


def _kept(cents: Sequence[int], weights: Sequence[int], members: Sequence[int], number: int) -> frozenset[int]:
    """All members but so many, whose mean is highest; at least one. Of equal ones the last are dropped."""
    number = min(number, len(members) - 1)
    kept = sorted(members, key=lambda at: (cents[at], -at))[number:]
    if len({weights[at] for at in members}) == 1:
        return frozenset(kept)
    while True:
        points, weight = _sums(cents, weights, kept)
        others = sorted(members, key=lambda at: (weights[at] * (cents[at] * weight - points), cents[at], -at))[number:]
        other_points, other_weight = _sums(cents, weights, others)
        if other_points * weight <= points * other_weight:
            return frozenset(kept)
        kept = others


def _sums(cents: Sequence[int], weights: Sequence[int], some: Sequence[int]) -> tuple[int, int]:
    return sum(cents[at] * weights[at] for at in some), sum(weights[at] for at in some)


def weights_of(given: Sequence[float | None]) -> list[Decimal]:
    """The weights that count. If no item has one, all weigh the same; otherwise those without one weigh nothing."""
    if all(one is None for one in given):
        return [Decimal(1)] * len(given)
    return [Decimal(str(one or 0)) for one in given]


def mean_of(scores: Sequence[Decimal], weights: Sequence[Decimal]) -> Decimal:
    """The weighted mean, rounded half up to two decimals as in a school report. ``weights`` must not sum to 0."""
    total = sum(map(mul, scores, weights), Decimal(0))
    return (total / sum(weights, Decimal(0))).quantize(CENT, ROUND_HALF_UP)


def _rounded(cents: Fraction) -> Decimal:
    """Round to whole cents exactly, halves up."""
    return Decimal((2 * cents.numerator + cents.denominator) // (2 * cents.denominator)) * CENT
