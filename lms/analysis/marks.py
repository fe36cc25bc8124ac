"""Marks of attempts, gathered by question, as whole numbers in which every mark can be said exactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import lcm
from operator import mul, sub
from typing import NamedTuple

Slot = tuple[str, int]


class AnalysedAttempt(NamedTuple):
    """An attempt that counts. ``asked`` has its questions, with the slot that each fills (``slots``)."""

    id: int
    item_revision_id: int
    most_cents: int
    """All points that it could earn, in hundredths."""
    asked: Mapping[str, Slot]


GivenAnswer = tuple[int, str, int | None, str]
"""The attempt's id, the question's id, the points that it earned in hundredths, and its JSON as it is stored."""


@dataclass(frozen=True)
class QuestionMarks:
    """One question, over the attempts that had it, in their order.

    ``shares`` are parts of ``full``, the question's own points. ``marks`` and ``rests`` are parts of
    ``QuizMarks.whole``: what this question earned, and all others of the attempt. ``worth`` and ``rest_worth`` are the
    most that these could be, added up over the attempts.
    """

    full: int
    shares: Sequence[int]
    marks: Sequence[int]
    rests: Sequence[int]
    worth: int
    rest_worth: int
    alike: Mapping[tuple[int, str], Sequence[int]]
    """The indexes of those who answered the same, by the item's revision and the JSON; ``""``: nothing was answered."""


@dataclass(frozen=True)
class QuizMarks:
    """All attempts. Each could earn ``whole``, whatever its points were: attempts of a draw may differ in them."""

    whole: int
    totals: Sequence[int]
    questions: Mapping[str, QuestionMarks]
    slots: Mapping[Slot, Sequence[int]]
    """Marks by slot, in the order of the attempts.

    Where a quiz draws, the first, second … question from each group is a slot, else each question."""

    @property
    def is_one_test(self) -> bool:
        """False if some attempts had other slots than others, as after a question was added."""
        return all(len(marks) == len(self.totals) for marks in self.slots.values())


def slots(question_ids: Sequence[str], pools: Mapping[str, str] | None) -> dict[str, Slot]:
    """The slot of each question of an attempt.

    :param question_ids: in the order of the file.
    :param pools: the group from which each question is drawn, ``""`` for all; None if nothing is drawn.
    """
    if pools is None:
        return {id: (id, 0) for id in question_ids}
    taken: dict[str, int] = {}
    found = {}
    for id in question_ids:
        pool = pools[id]
        taken[pool] = taken.get(pool, 0) + 1
        found[id] = (pool, taken[pool])
    return found


def gather_marks(
    attempts: Sequence[AnalysedAttempt], answers: Iterable[GivenAnswer], points: Mapping[tuple[int, str], int]
) -> QuizMarks:
    """:param points: the points of each question in hundredths, by the item's revision and the question's id.

    Answers of other attempts are passed over. A question that was not answered earned nothing.
    """
    given = _by_question(answers)
    whole = lcm(*{one.most_cents for one in attempts if one.most_cents})
    factors = [whole // one.most_cents if one.most_cents else 0 for one in attempts]
    ids = [one.id for one in attempts]
    earned, totals = {}, [0] * len(attempts)
    asked = _asked(attempts)
    for id, indexes in asked.items():
        mine = given.get(id, {})
        earned[id] = [mine.get(ids[index], _NOTHING) for index in indexes]
        for index, (cents, _response) in zip(indexes, earned[id], strict=True):
            totals[index] += cents * factors[index]
    revisions = [one.item_revision_id for one in attempts]
    questions: dict[str, QuestionMarks] = {}
    by_slot: defaultdict[Slot, dict[int, int]] = defaultdict(dict)
    for id, indexes in asked.items():
        had = [revisions[index] for index in indexes]
        worth = {revision: points[revision, id] for revision in set(had)}
        scale, whole_marks = [factors[index] for index in indexes], [totals[index] for index in indexes]
        questions[id] = _question(earned[id], had, worth, scale, whole_marks, whole)
        for index, mark in zip(indexes, questions[id].marks, strict=True):
            by_slot[attempts[index].asked[id]][index] = mark
    slots = {slot: [marks[index] for index in sorted(marks)] for slot, marks in by_slot.items()}
    return QuizMarks(whole, totals, questions, slots)


def _by_question(answers: Iterable[GivenAnswer]) -> Mapping[str, Mapping[int, tuple[int, str]]]:
    """Points and response by question and attempt. Of thousands of people most answer alike: ``same`` has each answer
    once, which takes half of the memory."""
    found: defaultdict[str, dict[int, tuple[int, str]]] = defaultdict(dict)
    same: dict[tuple[int, str], tuple[int, str]] = {}
    for attempt_id, question, cents, response in answers:
        one = (cents or 0, response)
        found[question][attempt_id] = same.setdefault(one, one)
    return found


def _asked(attempts: Sequence[AnalysedAttempt]) -> dict[str, Sequence[int]]:
    """The indexes of the attempts that had each question. Most quizzes ask all of everybody."""
    first = attempts[0].asked if attempts else {}
    if all(one.asked is first for one in attempts):
        return dict.fromkeys(first, range(len(attempts)))
    found: dict[str, list[int]] = {}
    for index, attempt in enumerate(attempts):
        for id in attempt.asked:
            found.setdefault(id, []).append(index)
    return dict(found.items())


def _question(
    earned: Sequence[tuple[int, str]],
    revisions: Sequence[int],
    worth: Mapping[int, int],
    factors: Sequence[int],
    totals: Sequence[int],
    whole: int,
) -> QuestionMarks:
    """:param worth: its points by revision, in hundredths."""
    full = lcm(*worth.values())
    cents = [one for one, _response in earned]
    marks, shares = list(map(mul, cents, factors)), cents
    most = full * sum(factors)
    if len(worth) > 1:  # the points of the question have changed, or may have
        shares = [one * (full // worth[revision]) for one, revision in zip(cents, revisions, strict=True)]
        most = sum(worth[revision] * factor for revision, factor in zip(revisions, factors, strict=True))
    return QuestionMarks(
        full=full,
        shares=shares,
        marks=marks,
        rests=list(map(sub, totals, marks)),
        worth=most,
        rest_worth=whole * len(earned) - most,
        alike=_alike(earned, revisions, worth),
    )


def _alike(
    earned: Sequence[tuple[int, str]], revisions: Sequence[int], known: Collection[int]
) -> dict[tuple[int, str], list[int]]:
    found: dict[tuple[int, str], list[int]] = {}
    if len(known) > 1:
        for index, (revision, (_cents, response)) in enumerate(zip(revisions, earned, strict=True)):
            found.setdefault((revision, response), []).append(index)
        return found
    responses: defaultdict[str, list[int]] = defaultdict(list)
    for index, (_cents, response) in enumerate(earned):
        responses[response].append(index)
    return {(revision, response): indexes for revision in known for response, indexes in responses.items()}


_NOTHING = (0, "")
