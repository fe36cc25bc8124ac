"""A text without a question, for all questions up to the next such text: a case, or the head of a part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any, ClassVar

from lms.content.markdown.blocks import Block
from lms.content.markdown.problems import say
from lms.content.questions.base import Posted, Question, StemSource, kinds


@kinds.register
@dataclass(frozen=True, kw_only=True)
class Description(Question):
    """Has no answers: it is in no attempt, and nobody scores it."""

    kind = "description"
    types = ("description",)
    is_read_by_shape = False
    is_asked = False
    NO_POINTS: ClassVar[Fraction] = Fraction(0)

    @classmethod
    def fits(cls, block: Block) -> bool:
        return False

    @classmethod
    def fits_stem(cls, source: str) -> bool:
        return True

    @classmethod
    def read_stem(cls, stem: StemSource) -> Mapping[str, Any]:
        for key in ("points", "group"):
            if stem.attributes.ask(key) is not None:
                stem.attributes.fault(
                    key,
                    say("“%(key)s” does not go with this kind of question", key=key),
                    say("take it out"),
                )
        if stem.has_explanation or stem.has_hints:
            stem.findings.error(
                stem.position(0),
                say("a text without a question has nothing to explain and needs no hints"),
                say("write all of it above, without ### Pembahasan and ### Petunjuk"),
            )
        return {"points": cls.NO_POINTS}

    def answer_from(self, posted: Posted) -> None:
        return None

    def dump_answer(self, answer: None) -> dict[str, Any]:
        return {}

    def load_answer(self, data: Mapping[str, Any]) -> None:
        return None

    def score(self, answer: None) -> Fraction:
        return Fraction(0)

    def example(self, *, is_right: bool, rng: Random) -> None:
        return None
