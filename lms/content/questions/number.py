"""Numbers with tolerance, range and unit: ``= 20 ± 0.5``, ``= 10..15``, ``= 7 km``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

from lms.content.markdown.names import shorten
from lms.content.markdown.problems import Findings, Message, SourcePosition, say
from lms.content.questions.answer_lines import AnswerLine, read_answer_lines, refuse_no_full_answer
from lms.content.questions.base import AnswerBlock, AnswerReading, kinds
from lms.content.questions.typed_answer import TypedAnswer
from lms.content.text import Text
from lms.lib import typed_numbers
from lms.lib.typed_numbers import TypedNumber, decimals_of, describe, plain_number, read_number
from lms.lib.units import is_month, is_unit, scale_of, unit_key

PERCENT = "%"

_WRITTEN = r"[-−]? ?\d+(?:[.,]\d+)*"
_LINE = re.compile(
    rf"(?P<prefix>Rp\.? ?)?(?P<first>{_WRITTEN})"
    rf"(?:\s*(?:±|\+/?-)\s*(?P<off>{_WRITTEN})|\s*\.\.\s*(?P<last>{_WRITTEN}))?\s*(?P<unit>.*)",
    re.IGNORECASE | re.ASCII,
)
_EXACT = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,12})?")
_TWO_READINGS = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")


@dataclass(frozen=True)
class AcceptedNumber:
    """The numbers from ``value - tolerance`` to ``value + tolerance``, both included, in ``unit``.

    ``share`` is from 0 to 1. ``is_range``: the author has written it as two ends.
    """

    value: Fraction
    tolerance: Fraction = Fraction(0)
    unit: str = ""
    share: Fraction = Fraction(1)
    feedback: Text | None = None
    is_range: bool = False

    @property
    def least(self) -> Fraction:
        return self.value - self.tolerance

    @property
    def most(self) -> Fraction:
        return self.value + self.tolerance

    def __str__(self) -> str:
        number = f"{describe(self.least)}–{describe(self.most)}" if self.is_range else describe(self.value)
        tolerance = f" ± {describe(self.tolerance)}" if self.tolerance and not self.is_range else ""
        return f"{number}{tolerance} {self.unit}".rstrip()

    def holds(self, value: Fraction) -> bool:
        return self.least <= value <= self.most

    def fits(self, typed: TypedNumber) -> bool:
        return any(self.holds(value) and key == unit_key(self.unit) for value, key in _same_values(typed))

    def is_near(self, typed: TypedNumber) -> bool:
        """Right but for the unit, or but for rounding."""
        if not any(key == unit_key(self.unit) for _value, key in _same_values(typed)):
            return self.holds(typed.value)
        if typed.value == 0:
            return False
        known = max(decimals_of(self.least) or 0, decimals_of(self.most) or 0)
        off = max(self.least - typed.value, typed.value - self.most)
        return off <= Fraction(1, 2 * 10 ** min(known, typed.decimals))


def _same_values(typed: TypedNumber) -> list[tuple[Fraction, str]]:
    """The number with the key of its unit; 20 % is 0.2 too, and 0.2 is 20 %."""
    key = unit_key(typed.unit)
    if key == PERCENT:
        return [(typed.value, key), (typed.value / 100, "")]
    return [(typed.value, key)] if key else [(typed.value, ""), (typed.value * 100, PERCENT)]


@kinds.register
@dataclass(frozen=True, kw_only=True)
class Number(TypedAnswer):
    """An answer is the text as it was typed, be it a number or not."""

    kind = "number"
    types = ("number",)
    longest = typed_numbers.MAX_LENGTH
    is_read_by_shape = False

    accepted: tuple[AcceptedNumber, ...] = ()

    @property
    def has_unit(self) -> bool:
        return any(one.unit for one in self.accepted)

    @property
    def is_day(self) -> bool:
        """Whether a day of a month is asked for."""
        return all(is_month(one.unit) for one in self.accepted)

    @property
    def has_digits_alone(self) -> bool:
        """False where a keyboard of digits would lack a character that a right answer may need."""
        return not self.has_unit and all(one.least >= 0 for one in self.accepted)

    @classmethod
    def read(cls, answers: AnswerBlock) -> Mapping[str, Any]:
        block, passage, findings = answers.block, answers.passage, answers.findings
        lines, are_sound = read_answer_lines(block, passage, answers.references, findings)
        accepted = [found for line in lines if (found := _read_line(line, findings))]
        if are_sound and len(accepted) == len(lines):
            _refuse_twice(lines, accepted, findings)
            refuse_no_full_answer([one.share for one in accepted], passage.position(block.first), findings)
        return {"accepted": tuple(accepted)}

    def best_fit(self, answer: str) -> AcceptedNumber | None:
        typed = read_number(answer)
        fitting = [one for one in self.accepted if typed and one.fits(typed)]
        return max(fitting, key=lambda one: one.share, default=None)

    def reading(self, answer: str) -> AnswerReading:
        typed = read_number(answer)
        if typed is None:
            return AnswerReading(
                say(
                    "Kept, but not readable as one number, so it earns nothing yet: write it like %(example)s.",
                    example="1.250,5",
                ),
                is_understood=False,
            )
        if self.has_unit and not typed.unit:
            return AnswerReading(say("Read as %(number)s, without a unit.", number=str(typed)))
        return AnswerReading(say("Read as %(number)s.", number=str(typed)))

    def slip(self, answer: str) -> Message | None:
        typed = read_number(answer)
        if typed is None or any(one.fits(typed) for one in self.accepted):
            return None
        meant = [one for one in self.accepted if one.share == 1 and one.holds(typed.value)]
        if not meant:
            return None
        if not typed.unit:
            return say("The number is right; its unit is missing.")
        if all(one.unit for one in meant):
            return say("The number is right; its unit is not.")
        return say("The number is right; write it without a unit.")

    def is_near_miss(self, answer: str) -> bool:
        """Right but for the unit or for rounding, and worth nothing.

        What the author has written as wrong (``= 7 km {0%}``) is none.
        """
        typed = read_number(answer)
        if typed is None or any(one.fits(typed) for one in self.accepted):
            return False
        return any(one.is_near(typed) for one in self.accepted if one.share == 1)

    def example(self, *, is_right: bool, rng: Random) -> str:
        right = next(one for one in self.accepted if one.share == 1)
        beyond = max(one.most for one in self.accepted) + rng.randint(2, 9)
        return f"{describe(right.value if is_right else beyond)} {right.unit}".rstrip()


def _read_line(line: AnswerLine, findings: Findings) -> AcceptedNumber | None:
    found = _LINE.fullmatch(line.text)
    if not found:
        findings.error(
            line.text_position,
            say("“%(text)s” does not begin with a number", text=shorten(line.text)),
            say("write a number, such as = 20, = 20 ± 0.5, = 10..15 or = 7 km"),
        )
        return None
    values: dict[str, Fraction] = {}
    for name in ("first", "off", "last"):
        if found[name] is None:
            continue
        position = line.text_position[0], line.text_position[1] + found.start(name)
        value = _exact(found[name].replace("−", "-").replace(" ", ""), position, findings)
        if value is None:
            return None
        values[name] = value
    first, last, off = values["first"], values.get("last"), values.get("off", Fraction(0))
    at = line.text_position
    if last is not None and last <= first:
        what = say("the range ends before it begins: “%(text)s”", text=shorten(line.text))
        findings.error(at, what, say("write the smaller number first, such as 10..15"))
        return None
    if off < 0:
        what = say("the tolerance is negative: “%(text)s”", text=shorten(line.text))
        findings.error(at, what, say("write it without a sign, such as = 20 ± 0.5"))
        return None
    unit = found["unit"].strip()
    if fault := _fault_of_unit(unit, first, has_prefix=bool(found["prefix"])):
        findings.error((at[0], at[1] + found.start("unit")), *fault)
        return None
    if last is not None:
        first, off = (first + last) / 2, (last - first) / 2
    unit = unit or ("Rp" if found["prefix"] else "")
    return AcceptedNumber(first, off, unit, line.share, line.feedback, is_range=last is not None)


def _exact(text: str, position: SourcePosition, findings: Findings) -> Fraction | None:
    what = say("“%(text)s” is not a number", text=shorten(text))
    if _TWO_READINGS.fullmatch(text):
        findings.error(
            position,
            say("“%(text)s” can be read as two numbers", text=text),
            say("write %(whole)s, or %(pointed)s if the point is a decimal point",
                whole=text.replace(".", ""), pointed=f"{text}0"),
        )  # fmt: skip
    elif _EXACT.fullmatch(text):
        return Fraction(text)
    elif _EXACT.fullmatch(text.replace(",", ".", 1)):
        pointed = text.replace(",", ".")
        findings.error(position, what, say("write the decimal point as a point: %(pointed)s", pointed=pointed))
    else:
        fix = say("write digits only, with a decimal point where needed, such as 20 or 2.5")
        findings.error(position, what, fix)
    return None


def _fault_of_unit(unit: str, value: Fraction, *, has_prefix: bool) -> tuple[Message, Message] | None:
    if not unit:
        return None
    zeros, rest = scale_of(unit)
    if zeros:
        return (
            say("“%(text)s” is a part of the number, not its unit", text=shorten(unit)),
            say("write the number out: = %(number)s", number=f"{written_number(value * 10**zeros)} {rest}".rstrip()),
        )
    if has_prefix or not is_unit(unit):
        return (
            say("“%(text)s” is not a unit", text=shorten(unit)),
            say("write the unit as learners would, such as km, menit or %%, and nothing else after the number"),
        )
    return None


def written_number(value: Fraction) -> str:
    """Write a number as a line of the file. Three decimals get a zero, or they could be thousands."""
    text = plain_number(value)
    return f"{text}0" if _TWO_READINGS.fullmatch(text) else text


def _refuse_twice(lines: Sequence[AnswerLine], accepted: Sequence[AcceptedNumber], findings: Findings) -> None:
    seen = set()
    for line, one in zip(lines, accepted, strict=True):
        key = one.value, one.tolerance, unit_key(one.unit)
        if key in seen:
            findings.error(
                line.position,
                say("the answer “%(text)s” appears twice", text=shorten(line.text)),
                say("keep one of the two"),
            )
        seen.add(key)
