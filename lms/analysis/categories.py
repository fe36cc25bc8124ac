"""What was answered: how many chose each option or wrote each text, and how good these people were elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lms.analysis import intervals
from lms.analysis.intervals import Interval
from lms.analysis.marks import QuestionMarks
from lms.content.questions.base import AnswerCategory

BEST = 3
"""One in three is among the best. Kelley (1939) takes 27 % of each end; of ten attempts, four are the least of whom the
detector can say something beyond chance."""

Categorize = Callable[[int, str], Sequence[AnswerCategory] | None]
"""The categories of a stored response of an item's revision; None: it is no answer."""


@dataclass(frozen=True)
class CategoryStatistics:
    """``share`` and its interval are of the attempts that had the question, ``rest_score`` is the mean score of those
    who answered so in the other questions; percentages. None: they chose nothing, or there is no other question."""

    category: AnswerCategory
    count: int
    share: float
    interval: Interval | None
    rest_score: float | None
    best: int
    """How many of the best answered so."""

    @property
    def is_key(self) -> bool:
        return self.category.credit == 1


@dataclass(frozen=True)
class AnswerStatistics:
    count: int
    empty: int
    """How many did not answer."""
    categories: Sequence[CategoryStatistics]
    """Those that the question knows first, in its order; then the others, the most frequent first."""
    best: int
    best_full: int
    """How many of the best earned all points."""
    suspect: CategoryStatistics | None
    """An answer that earns less than all, and that the best give: the key may be wrong."""


def statistics_of(
    marks: QuestionMarks,
    known: Sequence[AnswerCategory],
    categorize: Categorize,
    *,
    may_suspect: bool,
    goes_against: bool = False,
) -> AnswerStatistics:
    """:param known: what the question knows before anybody answers.
    :param goes_against: the question's discrimination is below 0, beyond chance.
    :param may_suspect: False while there are too few attempts to say anything.
    """
    categories, chosen, empty = _chosen(marks, known, categorize)
    best = _best(marks.rests)
    full = {index for index, share in enumerate(marks.shares) if share == marks.full}
    counted = [_statistics(marks, categories[key], indexes, best) for key, indexes in chosen.items()]
    others = sorted(counted[len(known) :], key=lambda one: (-one.count, one.category.key))
    ordered = [*counted[: len(known)], *others]
    full_score = _rest_score(marks, full)
    suspects = [one for one in ordered if _is_suspect(one, len(best & full), full_score, goes_against)]
    return AnswerStatistics(
        count=len(marks.shares),
        empty=empty,
        categories=ordered,
        best=len(best),
        best_full=len(best & full),
        suspect=max(suspects, key=lambda one: one.best, default=None) if may_suspect else None,
    )


def _chosen(
    marks: QuestionMarks, known: Sequence[AnswerCategory], categorize: Categorize
) -> tuple[dict[str, AnswerCategory], dict[str, list[int]], int]:
    """The categories, the indexes of those who answered so, and the number of those who did not answer."""
    categories = {one.key: one for one in known}
    chosen: dict[str, list[int]] = {key: [] for key in categories}
    empty = 0
    for (revision, response), indexes in marks.alike.items():
        found = categorize(revision, response) if response else None
        if found is None:
            empty += len(indexes)
        for one in found or ():
            categories.setdefault(one.key, one)
            chosen.setdefault(one.key, []).extend(indexes)
    return categories, chosen, empty


def _best(rests: Sequence[int]) -> set[int]:
    """The best attempts, with everybody who is as good as the last of them."""
    wanted = -(-len(rests) // BEST)
    limit = sorted(rests, reverse=True)[wanted - 1] if rests else 0
    return {index for index, rest in enumerate(rests) if rest >= limit}


def _statistics(
    marks: QuestionMarks, category: AnswerCategory, indexes: Sequence[int], best: set[int]
) -> CategoryStatistics:
    share = len(indexes) / len(marks.shares)
    interval = intervals.of_share(share, len(marks.shares))
    return CategoryStatistics(
        category=category,
        count=len(indexes),
        share=100 * share,
        interval=interval and interval.in_percent,
        rest_score=_rest_score(marks, indexes),
        best=len(best.intersection(indexes)),
    )


def _rest_score(marks: QuestionMarks, indexes: Collection[int]) -> float | None:
    if not indexes or not marks.rest_worth:
        return None
    most = Fraction(marks.rest_worth, len(marks.rests))
    return float(100 * Fraction(sum(map(marks.rests.__getitem__, indexes)), len(indexes)) / most)


def _is_suspect(one: CategoryStatistics, best_full: int, full_score: float | None, goes_against: bool) -> bool:
    """More of the best gave this answer than the whole of the key, and those who gave it are better than those who gave
    the key. One of the two is beyond chance: that it is more than half of these best, or that being good in the other
    questions goes with being wrong in this one."""
    if one.is_key or one.rest_score is None or one.best <= best_full:
        return False
    if full_score is not None and one.rest_score <= full_score:
        return False
    both = one.best + best_full
    interval = intervals.of_share(one.best / both, both)
    return goes_against or (interval is not None and interval.low > 1 / 2)
