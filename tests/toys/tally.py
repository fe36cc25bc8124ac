"""A question kind from outside of the package: count something and type the number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

from lms.content.markdown.blocks import Block
from lms.content.markdown.problems import say
from lms.content.markdown.values import whole
from lms.content.questions.base import AnswerBlock, InvalidAnswer, Posted, Question
from lms.content.settings import setting


@dataclass(frozen=True, kw_only=True)
class Tally(Question):
    """An answer is a whole number. Its Markdown is a paragraph such as ``~ 12``."""

    kind = "tally"
    types = ("tally",)

    count: int = 0
    near: int = setting(whole(0, 100), 0)
    """Off by so many still earns half."""

    @classmethod
    def fits(cls, block: Block) -> bool:
        return block.kind == "paragraph" and block.text.startswith("~ ")

    @classmethod
    def read(cls, answers: AnswerBlock) -> Mapping[str, Any]:
        text = answers.block.text.removeprefix("~ ")
        if not text.isdecimal():
            answers.findings.error(
                answers.passage.position(answers.block.first), say("no whole number follows"), say("write ~ 12")
            )
            return {}
        return {"count": int(text)}

    def answer_from(self, posted: Posted) -> int | None:
        text = next(iter(posted.get("count", ())), "").strip()
        if text and not text.isdecimal():
            raise InvalidAnswer(say("Please type a whole number."), text)
        return int(text) if text else None

    def dump_answer(self, answer: int | None) -> dict[str, Any]:
        return {} if answer is None else {"count": answer}

    def load_answer(self, data: Mapping[str, Any]) -> int | None:
        return data.get("count")

    def score(self, answer: int) -> Fraction:
        if answer == self.count:
            return Fraction(1)
        return Fraction(1, 2) if abs(answer - self.count) <= self.near else Fraction(0)

    def example(self, *, is_right: bool, rng: Random) -> int:
        return self.count if is_right else self.count + self.near + rng.randint(1, 9)
