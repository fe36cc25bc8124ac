"""Short answers: a typed text is compared with accepted ones, written as lines that begin with ``= ``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

from lms.content.markdown.blocks import Block, Passage
from lms.content.markdown.names import shorten
from lms.content.markdown.problems import Findings, SourcePosition, say
from lms.content.questions import patterns
from lms.content.questions.answer_lines import AnswerLine, read_answer_lines, refuse_no_full_answer
from lms.content.questions.answer_text import comparable
from lms.content.questions.base import AnswerBlock, NearMiss, kinds
from lms.content.questions.typed_answer import TypedAnswer
from lms.content.text import Text
from lms.lib.slips import is_one_slip

_GLUED = re.compile(r"^=([^=\s].*)$", re.MULTILINE)
_WITH_LETTERS = re.compile(r"/.+/[gimsuxy]{1,4}")


@dataclass(frozen=True)
class AcceptedText:
    """A text, or a pattern between slashes, with what it earns (from 0 to 1) and what is said to it."""

    text: str
    share: Fraction = Fraction(1)
    feedback: Text | None = None

    @property
    def pattern(self) -> str | None:
        return patterns.pattern_in(self.text)

    def fits(self, answer: str) -> bool:
        """:raises patterns.TooSlow: the pattern takes too long on this answer."""
        if self.pattern is None:
            return comparable(self.text) == comparable(answer)
        return patterns.matches(self.pattern, answer)


@kinds.register
@dataclass(frozen=True, kw_only=True)
class ShortAnswer(TypedAnswer):
    """An answer is the text as it was typed."""

    kind = "short_answer"
    longest = 500

    accepted: tuple[AcceptedText, ...] = ()

    @classmethod
    def near_miss(cls, block: Block, passage: Passage) -> NearMiss | None:
        if block.kind == "paragraph" and (glued := _GLUED.search(block.text)):
            lines_above = block.text.count("\n", 0, glued.start())
            return NearMiss(
                passage.position(block.first + lines_above),
                say("“%(text)s” has no space after the =", text=shorten(glued[0])),
                say("write “= %(text)s”, with a blank line above the answers", text=shorten(glued[1])),
            )
        if block.kind != "paragraph" or "\n= " not in block.text:
            return None
        lines_above = block.text.partition("\n= ")[0].count("\n") + 1
        return NearMiss(
            passage.position(block.first + lines_above),
            say("these answers hang on to the text above"),
            say("leave a blank line before the first line with “= ”"),
        )

    @classmethod
    def read(cls, answers: AnswerBlock) -> Mapping[str, Any]:
        block, passage, findings = answers.block, answers.passage, answers.findings
        lines, are_sound = read_answer_lines(block, passage, answers.references, findings)
        accepted = _accepted(lines, findings)
        if are_sound and len(accepted) == len(lines):
            _refuse_no_full_text(accepted, passage.position(block.first), findings)
        return {"accepted": accepted}

    def best_fit(self, answer: str) -> AcceptedText | None:
        """What the answer fits and earns most by; of several alike the first, a text before a pattern."""
        fitting = [one for one in self.accepted if _is_met(one, answer)]
        return max(fitting, key=lambda one: (one.share, one.pattern is None), default=None)

    def undecided(self, answer: str) -> tuple[str, ...]:
        """The patterns that took too long on this answer, and so counted as not met."""
        return tuple(one.text for one in self.accepted if one.pattern is not None and _is_too_slow(one, answer))

    def is_near_miss(self, answer: str) -> bool:
        """One slip away from a text that earns all points, or a pattern could not decide.

        What the author has written as wrong (``= text {0%}``) is none.
        """
        if self.score(answer):
            return False
        given = comparable(answer)
        texts = [one for one in self.accepted if one.pattern is None]
        if any(comparable(one.text) == given for one in texts):
            return False
        meant = (comparable(one.text) for one in texts if one.share == 1)
        return any(is_one_slip(given, one) for one in meant) or bool(self.undecided(answer))

    def example(self, *, is_right: bool, rng: Random) -> str:
        if not is_right:
            return "tidak tahu"
        return next(one.text for one in self.accepted if one.share == 1 and one.pattern is None)


def _is_met(accepted: AcceptedText, answer: str) -> bool:
    try:
        return accepted.fits(answer)
    except patterns.TooSlow:
        return False


def _is_too_slow(accepted: AcceptedText, answer: str) -> bool:
    try:
        accepted.fits(answer)
    except patterns.TooSlow:
        return True
    return False


def _accepted(lines: Sequence[AnswerLine], findings: Findings) -> tuple[AcceptedText, ...]:
    accepted: dict[str, AcceptedText] = {}
    for line in lines:
        if not _is_sound(line, findings):
            continue
        pattern = patterns.pattern_in(line.text)
        plain = line.text if pattern is not None else " ".join(line.text.split()).casefold()
        if plain in accepted:
            findings.error(
                line.position,
                say("the answer “%(text)s” appears twice", text=shorten(line.text)),
                say("keep one of the two: capitals and spaces make no difference"),
            )
        elif pattern is None and comparable(plain) in map(comparable, accepted):
            findings.warn(
                line.position,
                say("the answer “%(text)s” is already accepted", text=shorten(line.text)),
                say("keep one of the two: accents, apostrophes and dashes make no difference"),
            )
        accepted.setdefault(plain, AcceptedText(line.text, line.share, line.feedback))
        if pattern is not None and sum(one.pattern is not None for one in accepted.values()) > patterns.MAX_PATTERNS:
            findings.error(
                line.position,
                say("a question has at most %(limit)d patterns", limit=patterns.MAX_PATTERNS),
                say("join some of them with |, or write the answers as text"),
            )
            break
    return tuple(accepted.values())


def _refuse_no_full_text(accepted: Sequence[AcceptedText], position: SourcePosition, findings: Findings) -> None:
    """Learners are shown a text that is right, never a pattern."""
    full = [one for one in accepted if one.share == 1]
    if full and all(one.pattern is not None for one in full):
        findings.error(
            position,
            say("every answer that earns all points is a pattern"),
            say("write one that is right as text too: learners are shown it"),
        )
    refuse_no_full_answer([one.share for one in accepted], position, findings)


def _is_sound(line: AnswerLine, findings: Findings) -> bool:
    if _WITH_LETTERS.fullmatch(line.text):
        findings.error(
            line.text_position,
            say("letters after a pattern have no meaning here: “%(text)s”", text=shorten(line.text)),
            say("end it with the slash: capitals make no difference anyway"),
        )
        return False
    pattern = patterns.pattern_in(line.text)
    fault = patterns.fault_of(pattern, (line.text_position[0], line.text_position[1] + 1)) if pattern else None
    if fault:
        findings.error(*fault)
    return fault is None
