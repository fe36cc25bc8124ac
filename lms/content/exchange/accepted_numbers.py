"""Numerical answers of Moodle as accepted numbers and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lms.content.exchange.bank import NotTaken
from lms.content.exchange.choices import WHOLE
from lms.content.markdown.problems import say
from lms.content.questions.number import AcceptedNumber
from lms.content.text import Text
from lms.lib.typed_numbers import read_number

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,12})?|\.[0-9]{1,12})(?:[eE][+-]?[0-9])?")
_OFF = re.compile(r"\s*(?:±|\+/?-)\s*")


@dataclass(frozen=True)
class WeightedNumber:
    """``weight`` is the percentage of the points."""

    value: Fraction
    tolerance: Fraction
    weight: Fraction
    feedback: str = ""
    is_range: bool = False


def exact(text: str) -> Fraction:
    """:raises NotTaken: it is no number as programs write it, with a decimal point."""
    if not _NUMBER.fullmatch(text.strip()):
        raise NotTaken(
            say("“%(text)s” is not a number", text=text.strip()[:20]),
            say("write digits only, with a decimal point where needed, such as 20 or 2.5"),
        )
    return Fraction(text.strip())


def numbers_of(answers: Sequence[WeightedNumber], units: Sequence[str] = ("",)) -> tuple[AcceptedNumber, ...]:
    """Each answer with each of the units.

    :raises NotTaken: no question with a number fits them.
    """
    kept = [one for one in answers if one.weight > 0 or one.feedback]
    if any(one.weight > WHOLE for one in kept):
        raise NotTaken(say("an answer is empty or earns more than all points"), say("correct this answer"))
    if not any(one.weight == WHOLE for one in kept):
        raise NotTaken(say("no answer earns all points"), say("give at least one answer without a percentage"))
    return tuple(
        AcceptedNumber(
            one.value,
            abs(one.tolerance),
            unit,
            (max(Fraction(0), one.weight) / 100).limit_denominator(100_000),
            Text(one.feedback) if one.feedback else None,
            is_range=one.is_range,
        )
        for one in kept
        for unit in units
    )


def weighted_numbers(accepted: Iterable[AcceptedNumber]) -> list[WeightedNumber]:
    """The accepted numbers as other programs have them, without their units."""
    return [
        WeightedNumber(
            one.value, one.tolerance, one.share * 100, one.feedback.source if one.feedback else "", one.is_range
        )
        for one in accepted
    ]


def typed_by_author(text: str) -> AcceptedNumber:
    """An answer in a cell of a table, where a number is written as learners type it: ``2,5 ± 0,1 km``, ``10..15``.

    :raises NotTaken: it is no number.
    """
    first, dots, last = text.partition("..")
    value, *off = _OFF.split(text) if not dots else [first, last]
    one, two = read_number(value), read_number(off[0]) if off else None
    if one is None or len(off) > 1 or (off and two is None) or (two and one.unit and two.unit):
        raise NotTaken(
            say("“%(text)s” is not a number", text=text[:20]),
            say("write a number as learners type it, such as 1.250,5 or 20 ± 0,5 km or 10..15"),
        )
    unit = one.unit or (two.unit if two else "")
    if two is None or not dots:
        return AcceptedNumber(one.value, abs(two.value) if two else Fraction(0), unit)
    return AcceptedNumber((one.value + two.value) / 2, (two.value - one.value) / 2, unit, is_range=True)
