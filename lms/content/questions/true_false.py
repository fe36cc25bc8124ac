"""True or false: a statement with ``= benar`` or ``= salah`` below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

from lms.content.markdown.blocks import Block
from lms.content.markdown.names import shorten
from lms.content.markdown.problems import Findings, say
from lms.content.questions.answer_lines import AnswerLine, is_answer_lines, read_answer_lines
from lms.content.questions.base import AnswerBlock, InvalidAnswer, Posted, Question, kinds
from lms.content.text import Text

TRUE, FALSE = "benar", "salah"
"""What an author writes."""

_PICKED = {"true": True, "false": False}


@kinds.register
@dataclass(frozen=True, kw_only=True)
class TrueFalse(Question):
    """An answer is True or False. ``if_true`` is said to whoever takes the statement for true."""

    kind = "true_false"
    types = ("truefalse",)
    is_read_by_shape = False

    is_true: bool = True
    if_true: Text | None = None
    if_false: Text | None = None

    @property
    def chance(self) -> Fraction:
        return Fraction(1, 2)

    @property
    def wrong_claims(self) -> tuple[Text, ...]:
        return () if self.is_true else (self.stem,)

    @classmethod
    def fits(cls, block: Block) -> bool:
        return is_answer_lines(block)

    @classmethod
    def read(cls, answers: AnswerBlock) -> Mapping[str, Any]:
        passage, findings = answers.passage, answers.findings
        lines, are_sound = read_answer_lines(answers.block, passage, answers.references, findings)
        sides = {word: line for line in lines if (word := _side(line, findings))}
        if len(lines) != len(sides) or not are_sound:
            _refuse_twice(lines, findings)
            return {}
        right = [word for word, line in sides.items() if line.share == 1]
        if len(right) != 1:
            findings.error(
                passage.position(answers.block.first),
                say("the key must be one of the two sides"),
                say(
                    "write = benar or = salah; the other side takes {0%%} and a quote below it, indented by four spaces"
                ),
            )
        is_true = TRUE in right
        return {
            "is_true": is_true,
            "if_true": sides[TRUE].feedback if TRUE in sides else None,
            "if_false": sides[FALSE].feedback if FALSE in sides else None,
        }

    def answer_from(self, posted: Posted) -> bool | None:
        picked = [one for one in posted.get("picked", ()) if one]
        if not picked:
            return None
        if len(picked) > 1 or picked[0] not in _PICKED:
            raise InvalidAnswer(say("This choice is not part of the question. It was not saved: please choose again."))
        return _PICKED[picked[0]]

    def dump_answer(self, answer: bool | None) -> dict[str, Any]:
        return {} if answer is None else {"picked": "true" if answer else "false"}

    def load_answer(self, data: Mapping[str, Any]) -> bool | None:
        return _PICKED.get(data.get("picked", ""))

    def answer_texts(self, answer: bool) -> list[str]:
        return [(TRUE if answer else FALSE).capitalize()]

    def score(self, answer: bool) -> Fraction:
        return Fraction(answer == self.is_true)

    def feedback_on(self, answer: bool) -> tuple[Text, ...]:
        feedback = self.if_true if answer else self.if_false
        return (feedback,) if feedback else ()

    def example(self, *, is_right: bool, rng: Random) -> bool:
        return self.is_true == is_right


def _side(line: AnswerLine, findings: Findings) -> str | None:
    word = line.text.casefold()
    if word not in (TRUE, FALSE):
        findings.error(
            line.text_position,
            say("“%(text)s” is neither “benar” nor “salah”", text=shorten(line.text)),
            say("write = benar or = salah"),
        )
        return None
    if line.share not in (0, 1):
        findings.error(
            line.position,
            say("an answer to true or false earns all points or none"),
            say("take the percentage out, or write {0%%} for the wrong side"),
        )
        return None
    return word


def _refuse_twice(lines: list[AnswerLine], findings: Findings) -> None:
    seen: set[str] = set()
    for line in lines:
        word = line.text.casefold()
        if word in seen and word in (TRUE, FALSE):
            findings.error(
                line.position,
                say("the answer “%(text)s” appears twice", text=shorten(line.text)),
                say("keep one of the two: capitals and spaces make no difference"),
            )
        seen.add(word)
