"""What all question kinds share, and their registry.

A kind is one module: a subclass of ``Question`` with ``@kinds.register``, and a template
of the same name beside it. The template has these macros:

``inputs(question, answer, error_id)``
    The form's inputs, described by ``#stem`` and, where there is one, by ``#error_id``.
``review(question, answer, disclosure)``
    The answer given and what may be told of it; no solution without ``disclosure.keys``.
``check_inputs(question, words)`` and ``check_solution(question, words)``
    A question to check oneself on a module's page, rendered when the course is published: in the course's
    language (``words``), without a request and without translations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random
from typing import Any, ClassVar, Self

from lms.content.markdown.blocks import Block, Passage
from lms.content.markdown.fields import Fields
from lms.content.markdown.problems import Findings, Message, SourcePosition
from lms.content.markdown.references import References
from lms.content.markdown.values import fraction, text_line
from lms.content.registry import Registry
from lms.content.settings import setting, settings_of
from lms.content.text import Text

MOST_POINTS = 1000

Posted = Mapping[str, Sequence[str]]
"""The fields of a form, each with all its values."""


class InvalidAnswer(Exception):
    """The form did not send a valid answer. ``shown`` is put back into its inputs."""

    def __init__(self, message: Message, shown: Any = None) -> None:
        super().__init__(message)
        self.message, self.shown = message, shown


@dataclass(frozen=True)
class AnswerBlock:
    """The block of a question that holds the answers, with everything needed to read it and report problems."""

    block: Block
    passage: Passage
    attributes: Fields
    references: References
    findings: Findings


@dataclass(frozen=True)
class NearMiss:
    """A block that was probably meant to hold answers, and how to fix it."""

    position: SourcePosition
    what: Message
    mend: Message


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question of a quiz, or of a module to check oneself.

    An answer is any immutable value that is compared with ``==``; None, and nothing else,
    is no answer. ``id`` is empty until the file has one. ``stem`` is everything that is
    asked, the heading's words first; ``title`` its first line without markup, for lists.
    """

    kind: ClassVar[str]
    """The name of the kind in stored revisions. It must never change."""
    types: ClassVar[tuple[str, ...]] = ()
    """Words for ``type=`` that select this kind."""
    is_read_by_shape: ClassVar[bool] = True
    """False if the kind is only selected by ``type=``."""
    registry: ClassVar[Registry[Any]] = Registry("kind")

    id: str = ""
    title: str
    stem: Text
    line: int = field(default=0, metadata={"stored": False})
    explanation: Text | None = None
    hints: tuple[Text, ...] = ()
    points: Fraction = setting(fraction(0, MOST_POINTS, above=True), Fraction(1))
    group: str | None = setting(text_line(60), None)

    # Reading

    @classmethod
    def fits(cls, block: Block) -> bool:
        """True if the block has the shape of this kind's answers."""
        raise NotImplementedError

    @classmethod
    def near_miss(cls, block: Block, passage: Passage) -> NearMiss | None:
        """Explain a block that does not fit but looks like answers of this kind."""
        return None

    @classmethod
    def read(cls, answers: AnswerBlock) -> Mapping[str, Any]:
        """The values of the kind's own fields that are not settings. Problems go into ``answers.findings``."""
        raise NotImplementedError

    # Answering

    def answer_from(self, posted: Posted) -> Any:
        """The answer in a submitted form, or None.

        :raises InvalidAnswer: the form does not hold a valid answer.
        """
        raise NotImplementedError

    def dump_answer(self, answer: Any) -> dict[str, Any]:
        """The answer as JSON for the journal. ``load_answer`` must be able to read it forever."""
        raise NotImplementedError

    def load_answer(self, said: Mapping[str, Any]) -> Any:
        """The reverse of ``dump_answer``. An empty object is None."""
        raise NotImplementedError

    def score(self, answer: Any) -> Fraction:
        """The share of the points, from 0 to 1. Never called with None."""
        raise NotImplementedError

    def example(self, *, is_right: bool, chance: Random) -> Any:
        """An answer that earns all points, or one that does not. For demo data and tests."""
        raise NotImplementedError

    # Selection

    def select(self, chance: Random, *, is_shuffled: bool) -> dict[str, Any]:
        """Choose what is fixed for one attempt, such as the order of options. Stored with the attempt as JSON."""
        return {}

    def arranged(self, selected: Mapping[str, Any]) -> Self:
        """The question as ``select`` fixed it."""
        return self


kinds: Registry[type[Question]] = Question.registry


def attribute_keys() -> tuple[str, ...]:
    """The keys of all attributes that any kind has."""
    return tuple(dict.fromkeys(key for cls in (Question, *kinds) for key in settings_of(cls)))


def types() -> tuple[str, ...]:
    """All words that are allowed after ``type=``."""
    return tuple(word for kind in kinds for word in kind.types)


def kind_for(block: Block, type_word: str | None) -> type[Question] | None:
    """The kind whose answers have the shape of the block."""
    return next((kind for kind in _candidates(type_word) if kind.fits(block)), None)


def _candidates(type_word: str | None) -> Iterator[type[Question]]:
    if type_word is None:
        return (kind for kind in kinds if kind.is_read_by_shape)
    return (kind for kind in kinds if type_word in kind.types)
