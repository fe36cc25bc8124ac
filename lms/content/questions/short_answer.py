"""Short answers: a typed text is compared with accepted ones, written as lines that begin with ``= ``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

from lms.content.markdown.blocks import Block, Passage
from lms.content.markdown.names import shorten
from lms.content.markdown.problems import Findings, SourcePosition, say
from lms.content.questions.base import AnswerBlock, InvalidAnswer, NearMiss, Posted, Question, kinds

MOST_CHARACTERS = 500

_SHARE = re.compile(r"\{([0-9]{1,3}(?:\.[0-9]{1,3})?)%\}")
_LIKE_SHARE = re.compile(r"\{\s*[0-9.,]+\s*%?\s*\}")
_PATTERN = re.compile(r"/.+/[a-z]*")
_PLAIN = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "ʼ": "'", "´": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
    | dict.fromkeys("‐‑‒–—−", "-")
)


@kinds.register
@dataclass(frozen=True, kw_only=True)
class ShortAnswer(Question):
    """An answer is the text as it was typed. ``accepted`` pairs a text with its share of the points."""

    kind = "short_answer"

    accepted: tuple[tuple[str, Fraction], ...] = ()

    @classmethod
    def fits(cls, block: Block) -> bool:
        return block.kind == "paragraph" and block.text.startswith("= ")

    @classmethod
    def near_miss(cls, block: Block, passage: Passage) -> NearMiss | None:
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
        return {"accepted": read_short_answers(answers.block, answers.passage, answers.findings)}

    def answer_from(self, posted: Posted) -> str | None:
        text = next(iter(posted.get("text", ())), "").replace("\0", "")
        if len(text) > MOST_CHARACTERS:
            raise InvalidAnswer(
                say(
                    "This answer is longer than %(max)d characters. It was not saved yet: please shorten it.",
                    max=MOST_CHARACTERS,
                ),
                text,
            )
        return text if text.strip() else None

    def dump_answer(self, answer: str | None) -> dict[str, Any]:
        return {"text": answer or ""}

    def load_answer(self, said: Mapping[str, Any]) -> str | None:
        text = said.get("text", "")
        return text if text.strip() else None

    def score(self, answer: str) -> Fraction:
        given = folded(answer)
        return max((share for text, share in self.accepted if folded(text) == given), default=Fraction(0))

    def example(self, *, is_right: bool, chance: Random) -> str:
        return next(text for text, share in self.accepted if share == 1) if is_right else "tidak tahu"


def folded(text: str) -> str:
    """A short answer normalised for comparison: no case, accents, repeated spaces or typographic punctuation."""
    plain = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(letters.casefold().split())


def read_short_answers(block: Block, passage: Passage, findings: Findings) -> tuple[tuple[str, Fraction], ...]:
    """The accepted answers, each with its share of the points from 0 to 1."""
    accepted: dict[str, tuple[str, Fraction]] = {}
    are_sound = True
    for number in range(block.first, block.last + 1):
        line = passage.line(number)
        position = passage.position(number, len(line) - len(line.lstrip()) + 1)
        answer = _read_short_answer(line.strip(), position, findings)
        if not answer:
            are_sound = False
            continue
        folded = " ".join(answer[0].split()).casefold()
        if folded in accepted:
            findings.error(
                position,
                say("the answer “%(text)s” stands twice", text=shorten(answer[0])),
                say("keep one of the two: capitals and spaces make no difference"),
            )
        accepted.setdefault(folded, answer)
    if are_sound and all(share < 1 for _, share in accepted.values()):
        findings.error(
            passage.position(block.first),
            say("no answer earns all points"),
            say("give at least one answer without a percentage"),
        )
    return tuple(accepted.values())


def _read_short_answer(line: str, position: SourcePosition, findings: Findings) -> tuple[str, Fraction] | None:
    if not line.startswith("="):
        findings.error(
            position,
            say("this line does not begin with “= ”"),
            say("begin each answer with “= ”, and leave a blank line before other text"),
        )
        return None
    text, share = line.removeprefix("=").strip(), Fraction(1)
    start = text.rfind("{") if text.endswith("}") else -1
    if start >= 0 and _LIKE_SHARE.fullmatch(text, start):
        found = _SHARE.fullmatch(text, start)
        share = Fraction(found[1]) / 100 if found else Fraction(0)
        if not 0 < share <= 1:
            findings.error(
                (position[0], position[1] + line.rfind("{")),
                say("“%(text)s” is not a share of the points", text=shorten(text[start:])),
                say("write a percentage above 0 and up to 100, such as {50%%}"),
            )
            return None
        text = text[:start].rstrip()
    if not text:
        findings.error(position, say("this answer has no text"), say("write the answer behind the = sign"))
        return None
    if _PATTERN.fullmatch(text):
        findings.error(
            position,
            say("answers given as a pattern (%(kind)s) are not supported yet", kind="= /…/"),
            say("write each answer that is right on a line of its own: = text"),
        )
        return None
    return text, share
