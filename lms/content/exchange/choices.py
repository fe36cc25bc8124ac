"""Weighted answers of Moodle as choices, where a way of scoring fits them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from string import ascii_lowercase
from typing import get_args

from lms.content.exchange.bank import NotTaken, Reading
from lms.content.markdown.problems import say
from lms.content.questions.base import MAX_POINTS
from lms.content.questions.choice import MIN_CHOICES, Option, Scoring
from lms.content.text import Text

WHOLE = Fraction(100)
TOLERANCE = Fraction(1, 50)
"""Percentages may differ by it: Moodle writes a third as 33.33333."""
TRUE_FALSE = ("Benar", "Salah")
SCORINGS: tuple[Scoring, ...] = get_args(Scoring)


@dataclass(frozen=True)
class WeightedAnswer:
    """``weight`` is the percentage of the points."""

    text: str
    weight: Fraction
    feedback: str = ""


@dataclass(frozen=True)
class Choices:
    """The fields of a ``Choice`` that come from its answers."""

    options: tuple[Option, ...]
    takes_several: bool = False
    scoring: Scoring = "exact"


def choices_of(
    answers: Sequence[WeightedAnswer], draft: Reading, *, is_single: bool, scoring: str = "", last: str = ""
) -> Choices:
    """:param scoring: as this site wrote it into the file, where it did.
    :param last: the letters of the options that stay last, likewise.
    :raises NotTaken: no way of scoring fits the weights.
    """
    if len(answers) < MIN_CHOICES:
        raise NotTaken(say("there is only one choice"), say("give at least two choices"))
    if len(answers) > len(ascii_lowercase):
        what = say("a question has at most %(limit)d choices", limit=len(ascii_lowercase))
        raise NotTaken(what, say("take some choices out"))
    if not all(answer.text for answer in answers):
        raise NotTaken(say("this choice has no text"), say("write a text for each choice"))
    rule: Scoring = "exact" if is_single else _scoring(answers, scoring, draft)
    if is_single:
        _refuse_partly_right(answers)
    options = tuple(
        Option(
            id=letter,
            text=Text(answer.text),
            is_correct=answer.weight > 0,
            feedback=Text(answer.feedback) if answer.feedback else None,
            keeps_last=letter in last,
        )
        for letter, answer in zip(ascii_lowercase, answers, strict=False)
    )
    return Choices(options, not is_single, rule)


def _refuse_partly_right(answers: Sequence[WeightedAnswer]) -> None:
    right = sum(_is(answer.weight, WHOLE) for answer in answers)
    if right > 1:
        raise NotTaken(
            say("several answers earn all points, of which a learner picks one"),
            say("mark one answer as right, or make it a question with several right answers"),
        )
    if any(not _is(answer.weight, WHOLE) and answer.weight > 0 for answer in answers):
        raise NotTaken(
            say("an answer earns part of the points; here one choice is right and the others are wrong"),
            say("mark one answer as right and take the other percentages out"),
        )
    _refuse_no_right(answers)
    if any(answer.weight < 0 for answer in answers):
        raise NotTaken(
            say("a wrong answer takes points off, of which a learner picks one"),
            say("take the negative percentages out"),
        )


def _refuse_no_right(answers: Sequence[WeightedAnswer]) -> None:
    if not any(answer.weight > 0 for answer in answers):
        raise NotTaken(say("no answer is marked as right"), say("mark the right answer with all points (100%%)"))


def _scoring(answers: Sequence[WeightedAnswer], scoring: str, draft: Reading) -> Scoring:
    _refuse_no_right(answers)
    right = [answer.weight for answer in answers if answer.weight > 0]
    wrong = [answer.weight for answer in answers if answer.weight <= 0]
    share = WHOLE / len(right)
    known = next((one for one in SCORINGS if one == scoring), None)
    if known is not None:
        return known
    if not all(_is(weight, share) for weight in right):
        raise NotTaken(
            say("the right answers do not earn equal shares that make 100%% together"),
            say("give each of the %(count)d right answers %(share)s%%", count=len(right), share=percentage(share)),
        )
    if not wrong:
        return "correct-only"
    if all(_is(weight, -share) for weight in wrong):
        return "net-correct"
    if all(weight <= -WHOLE for weight in wrong):
        return "correct-only"
    if all(weight == 0 for weight in wrong):
        draft.note(say("In Moodle a wrong choice takes nothing off; here each takes off what a right one earns."))
        return "net-correct"
    raise NotTaken(
        say("what wrong answers take off fits no way of scoring here"),
        say("give each wrong answer %(share)s%%, or −100%% if one wrong answer earns 0", share=percentage(-share)),
    )


def _is(weight: Fraction, wanted: Fraction) -> bool:
    return abs(weight - wanted) <= TOLERANCE


def percentage(value: Fraction) -> str:
    return f"{float(value):.5f}".rstrip("0").rstrip(".")


def weights_of(options: Sequence[Option], scoring: Scoring, *, takes_several: bool) -> list[Fraction]:
    """The percentages that come nearest to the way of scoring. ``exact`` and ``each-answer`` have none in Moodle."""
    if not takes_several:
        return [WHOLE if option.is_correct else Fraction(0) for option in options]
    share = WHOLE / max(1, sum(option.is_correct for option in options))
    off = -share if scoring in ("net-correct", "each-answer") else -WHOLE
    return [share if option.is_correct else off for option in options]


def points_of(text: str) -> Fraction:
    """:raises NotTaken: it is no number of points."""
    try:
        points = Fraction(text.strip()).limit_denominator(1_000_000)
    except (ValueError, ZeroDivisionError):
        points = Fraction(0)
    if not 0 < points <= MAX_POINTS:
        raise NotTaken(
            say("“%(text)s” is no number of points", text=text.strip()[:20]),
            say("give more than 0 and at most %(most)d points", most=MAX_POINTS),
        )
    return points
