"""What kinds share whose answer is one typed text, compared with accepted ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Protocol

from lms.content.markdown.blocks import Block
from lms.content.markdown.problems import say
from lms.content.questions.answer_lines import is_answer_lines
from lms.content.questions.base import InvalidAnswer, Posted, Question
from lms.content.text import Text
from lms.lib.folding import visible


class AcceptedAnswer(Protocol):
    """An accepted answer: what it earns, from 0 to 1, and what is said to it."""

    @property
    def share(self) -> Fraction: ...
    @property
    def feedback(self) -> Text | None: ...


@dataclass(frozen=True, kw_only=True)
class TypedAnswer(Question):
    """An answer is the text as it was typed."""

    longest: ClassVar[int]
    """In characters."""

    def best_fit(self, answer: str) -> AcceptedAnswer | None:
        """The accepted answer that this one fits and earns most by."""
        raise NotImplementedError

    @classmethod
    def fits(cls, block: Block) -> bool:
        return is_answer_lines(block)

    def answer_from(self, posted: Posted) -> str | None:
        text = next(iter(posted.get("text", ())), "").replace("\0", "")
        if len(text) > self.longest:
            raise InvalidAnswer(
                say(
                    "This answer is longer than %(max)d characters. It was not saved yet: please shorten it.",
                    max=self.longest,
                ),
                text,
            )
        return _unless_blank(text)

    def dump_answer(self, answer: str | None) -> dict[str, Any]:
        return {"text": answer or ""}

    def load_answer(self, data: Mapping[str, Any]) -> str | None:
        return _unless_blank(data.get("text", ""))

    def score(self, answer: str) -> Fraction:
        best = self.best_fit(answer)
        return best.share if best else Fraction(0)

    def feedback_on(self, answer: str) -> tuple[Text, ...]:
        best = self.best_fit(answer)
        return (best.feedback,) if best and best.feedback else ()


def _unless_blank(text: str) -> str | None:
    return text if visible(text).strip() else None
