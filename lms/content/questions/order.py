"""Ordering: an ordered list with ``type=order``. The written order is the right one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from hashlib import sha256
from itertools import combinations, pairwise
from math import factorial
from random import Random
from typing import Any, Literal, Self, get_args

from markupsafe import Markup

from lms.content.markdown.blocks import Block, Passage
from lms.content.markdown.names import shorten
from lms.content.markdown.problems import Message, say
from lms.content.markdown.values import one_of
from lms.content.questions.base import (
    ROW,
    AnswerBlock,
    AnswerReading,
    InvalidAnswer,
    NearMiss,
    Posted,
    Question,
    kinds,
)
from lms.content.settings import setting
from lms.content.text import Text
from lms.lib.digits import whole_number

OrderScoring = Literal["exact", "each-answer", "neighbours", "pairs", "longest-run"]
StepPositions = tuple[tuple[str, int], ...]
"""The ids of steps with the positions that they were given, from 1; by id. Some steps may have none, some the same."""

MIN_STEPS, MAX_STEPS = 2, 20
FIELD = "place-"


@dataclass(frozen=True)
class Step:
    """Something to put in order. ``id`` follows from its text and says nothing about ``place``, the right one."""

    id: str
    text: Text
    place: int


@kinds.register
@dataclass(frozen=True, kw_only=True)
class Order(Question):
    """Steps to number. ``steps`` stand as they are shown, which is never the right order."""

    kind = "order"
    types = ("order",)
    is_read_by_shape = False
    missing_answers = say("write the steps as a numbered list (1. …) in the right order; learners see them shuffled")

    steps: tuple[Step, ...] = ()
    scoring: OrderScoring = setting(one_of(get_args(OrderScoring)), "exact")

    @property
    def in_order(self) -> tuple[Step, ...]:
        return tuple(sorted(self.steps, key=lambda step: step.place))

    @property
    def chance(self) -> Fraction:
        return Fraction(1, factorial(len(self.steps)))

    @classmethod
    def fits(cls, block: Block) -> bool:
        return block.kind == "ordered_list"

    @classmethod
    def near_miss(cls, block: Block, passage: Passage) -> NearMiss | None:
        if block.kind != "ordered_list":
            return None
        return NearMiss(
            passage.position(block.first),
            say("this numbered list is not read as answers"),
            say("write {type=order} after the question if learners are to put it in order"),
        )

    @classmethod
    def read(cls, answers: AnswerBlock) -> Mapping[str, Any]:
        block, passage, findings = answers.block, answers.passage, answers.findings
        if not MIN_STEPS <= len(block.children) <= MAX_STEPS:
            findings.error(
                passage.position(block.first),
                say(
                    "the number of steps to put in order is %(count)d; it can be %(fewest)d to %(most)d",
                    count=len(block.children),
                    fewest=MIN_STEPS,
                    most=MAX_STEPS,
                ),
                say("write more steps, or ask about a part of them"),
            )
        texts: dict[str, Text] = {}
        for item in block.children:
            text = passage.inside_item(item).text()
            id = id_of(text.source)
            if not text.source:
                findings.error(
                    passage.position(item.first), say("this step has no text"), say("write it after the number")
                )
            elif id in texts:
                findings.error(
                    passage.position(item.first),
                    say("the step “%(text)s” appears twice", text=shorten(text.source)),
                    say("reword one of the two: nobody could tell them apart"),
                )
            else:
                texts[id] = answers.references.completed(text)
        return {"steps": steps_of(texts.items())}

    def answer_from(self, posted: Posted) -> StepPositions | None:
        """The fields come in the order in which the page shows the steps."""
        written = {
            step.id: text.strip().rstrip(".)").strip()
            for step in self.steps
            for text in posted.get(FIELD + step.id, ())[:1]
        }
        shown = [name.removeprefix(FIELD) for name in posted if name.removeprefix(FIELD) in written]
        places = {id: whole_number(text, most=999) for id, text in written.items() if text}
        wrong = next((written[id] for id, place in places.items() if place not in range(1, len(self.steps) + 1)), None)
        if wrong is not None:
            raise InvalidAnswer(
                say(
                    "“%(text)s” is not a number from 1 to %(most)d. Your numbers are still on this page, but not saved "
                    "yet: please correct it.",
                    text=shorten(wrong),
                    most=len(self.steps),
                ),
                tuple(sorted(written.items())),
            )
        given: dict[str, int] = {id: place for id, place in places.items() if place is not None}
        if moved := _moved(given, shown, next(iter(posted.get("go", ())), "")):
            given = moved
        return tuple(sorted(given.items())) or None

    def dump_answer(self, answer: StepPositions | None) -> dict[str, Any]:
        return {"places": dict(answer or ())}

    def load_answer(self, data: Mapping[str, Any]) -> StepPositions | None:
        return tuple(sorted(data.get("places", {}).items())) or None

    def answer_texts(self, answer: StepPositions) -> list[str]:
        texts = {step.id: step.text for step in self.steps}
        by_place = sorted((place, id) for id, place in answer if id in texts)
        return [f"{place}. {Markup(texts[id]).striptags()}" for place, id in by_place]  # noqa: S704 - it becomes text

    def score(self, answer: StepPositions) -> Fraction:
        return _RULES[self.scoring](self._order_given(answer))

    @property
    def scoring_words(self) -> Message | None:
        return _SCORING_WORDS.get(self.scoring)

    def with_key_of(self, newer: Question) -> Order | None:
        """Take over the key of a newer version, which may have the same steps in another order and nothing else."""
        if not isinstance(newer, Order) or {step.id for step in newer.steps} != {step.id for step in self.steps}:
            return None
        places = {step.id: step.place for step in newer.steps}
        steps = tuple(replace(step, place=places[step.id]) for step in self.steps)
        return replace(self, steps=steps, scoring=newer.scoring, points=newer.points, explanation=newer.explanation)

    def reading(self, answer: StepPositions) -> AnswerReading | None:
        """Which numbers were given more than once, and which to no step."""
        repeated, missing = (", ".join(map(str, numbers)) for numbers in self.faulty_places(answer))
        if repeated:
            return AnswerReading(
                say(
                    "Number used more than once: %(repeated)s; not used yet: %(missing)s.",
                    repeated=repeated,
                    missing=missing,
                ),
                is_understood=False,
            )
        return AnswerReading(say("Number not used yet: %(missing)s.", missing=missing)) if missing else None

    def parts_left(self, answer: StepPositions) -> int:
        """Steps without a number; one that has the number of another is none of them."""
        return len({step.id for step in self.steps} - {id for id, _place in answer})

    def example(self, *, is_right: bool, rng: Random) -> StepPositions:
        ids = [step.id for step in self.in_order]
        if not is_right:
            at = rng.randrange(len(ids) - 1)
            ids[at : at + 2] = ids[at + 1], ids[at]
        return tuple(sorted((id, place) for place, id in enumerate(ids, start=1)))

    def select(self, rng: Random, *, is_shuffled: bool) -> dict[str, Any]:
        """``{"steps": [ids in the order in which they are shown]}``. Never the right order."""
        return {"steps": [step.id for step in _not_in_order(rng.sample(self.in_order, len(self.steps)))]}

    def arranged(self, selected: Mapping[str, Any]) -> Self:
        by_id = {step.id: step for step in self.steps}
        return replace(self, steps=tuple(by_id[id] for id in selected["steps"]))

    # For the template

    def rows(self, answer: StepPositions | tuple[tuple[str, str], ...] | None) -> list[tuple[Step, int | str]]:
        """The steps with the numbers given to them: in that order once each has one of its own."""
        given: dict[str, int | str] = dict(answer or ())
        rows = [(step, given.get(step.id, "")) for step in self.steps]
        if {place for _step, place in rows} == set(range(1, len(rows) + 1)):
            rows.sort(key=lambda row: row[1])
        return rows

    def faulty_places(self, answer: StepPositions | None) -> tuple[list[int], list[int]]:
        """The numbers that were given more than once, and those that no step has. Nothing of an empty answer."""
        places = [place for _id, place in answer or ()]
        if not places or not all(isinstance(place, int) for place in places):
            return [], []
        every = range(1, len(self.steps) + 1)
        return [one for one in every if places.count(one) > 1], [one for one in every if one not in places]

    def is_placed(self, step: Step, answer: StepPositions) -> bool:
        """True if the step, and no other, has the right number."""
        return self._order_given(answer)[step.place - 1] == step.place

    def placed(self, answer: StepPositions) -> int:
        return sum(self.is_placed(step, answer) for step in self.steps)

    def _order_given(self, answer: StepPositions) -> list[int | None]:
        """The right place of the step that was put in each place; None where no step was put, or several."""
        right = {step.id: step.place for step in self.steps}
        found: list[int | None] = [None] * len(self.steps)
        for place in range(1, len(found) + 1):
            there = [right[id] for id, given in answer if given == place and id in right]
            found[place - 1] = there[0] if len(there) == 1 else None
        return found


def _moved(given: Mapping[str, int], shown: Sequence[str], button: str) -> dict[str, int] | None:
    """The places after a press on a button to move a step; None if it is no such button."""
    id, _, direction = button.removeprefix(ROW).rpartition("-")
    if not button.startswith(ROW) or id not in shown or direction not in ("up", "down"):
        return None
    order = _without_holes(given, shown)
    at = order.index(id)
    to = at - 1 if direction == "up" else at + 1
    if 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
    return {id: place for place, id in enumerate(order, start=1)}


def _without_holes(given: Mapping[str, int], shown: Sequence[str]) -> list[str]:
    """All steps: those with a number at their places, the others between them as they are shown."""
    slots: dict[int, str] = {}
    for id in shown:
        if id in given:
            slots.setdefault(given[id], id)
    others = iter([id for id in shown if id not in slots.values()])
    return [slots[place] if place in slots else next(others) for place in range(1, len(shown) + 1)]


def id_of(source: str) -> str:
    """An id that stays the same when a key is corrected, and tells nothing of the key."""
    return sha256(" ".join(source.split()).encode()).hexdigest()[:8]


def steps_of(texts: Iterable[tuple[str, Text]]) -> tuple[Step, ...]:
    """Ids and texts in the right order as steps, in the order in which all see them where no attempt has one of its
    own: a module, a preview, on paper."""
    steps = [Step(id, text, place) for place, (id, text) in enumerate(texts, start=1)]
    return tuple(_not_in_order(sorted(steps, key=lambda step: step.id)))


def _not_in_order(steps: list[Step]) -> list[Step]:
    if len(steps) > 1 and all(before.place < after.place for before, after in pairwise(steps)):
        return [*steps[1:], steps[0]]
    return steps


# The rules are those of Moodle's ordering question (question/type/ordering/question.php, grade_response). An answer
# there always has all steps. Here a step without a number, or with one that another has too, counts as not placed.


def _exact(order: Sequence[int | None]) -> Fraction:
    """Moodle: all or nothing."""
    return Fraction(int(_each_answer(order) == 1))


def _each_answer(order: Sequence[int | None]) -> Fraction:
    """A share for each step at its right place. Moodle: absolute position."""
    return Fraction(sum(right == place for place, right in enumerate(order, start=1)), len(order))


def _neighbours(order: Sequence[int | None]) -> Fraction:
    """The share of the n−1 pairs of neighbouring steps that are neighbours in the answer as well.

    Moodle: relative to the next item, excluding last.
    """
    held = sum(before is not None and after == before + 1 for before, after in pairwise(order))
    return Fraction(held, len(order) - 1)


def _pairs(order: Sequence[int | None]) -> Fraction:
    """The share of all n(n−1)/2 pairs of steps that are in the right order, next to each other or not.

    Moodle: relative to all the previous and next items, which counts each pair twice.
    """
    placed = [right for right in order if right is not None]
    held = sum(before < after for before, after in combinations(placed, 2))
    return Fraction(held, len(order) * (len(order) - 1) // 2)


def _longest_run(order: Sequence[int | None]) -> Fraction:
    """The length of the longest run in the right order, with other steps between or not, as a share of n.

    One step alone is no run. Moodle: longest ordered subset.
    """
    longest: list[int] = []
    placed = [right for right in order if right is not None]
    for at, right in enumerate(placed):
        longest.append(1 + max((longest[one] for one in range(at) if placed[one] < right), default=0))
    most = max(longest, default=0)
    return Fraction(most if most > 1 else 0, len(order))


_RULES = {
    "exact": _exact,
    "each-answer": _each_answer,
    "neighbours": _neighbours,
    "pairs": _pairs,
    "longest-run": _longest_run,
}
_SCORING_WORDS = {
    "exact": say("Only the whole order earns points."),
    "neighbours": say("Every step that comes right after the one before it counts, also at another place."),
    "pairs": say("Every two steps in the right order count, also at other places."),
    "longest-run": say("The longest row of steps in the right order counts, also at other places."),
}
