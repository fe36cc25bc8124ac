"""What all question kinds share, and their registry.

A kind is one module: a subclass of ``Question`` with ``@kinds.register``, and a template
of the same name beside it. The template has these macros:

``inputs(question, answer, error_id, prefix="")``
    The form's inputs, described by ``#stem`` and, where there is one, by ``#error_id``. ``prefix`` is put before
    ``stem`` and the ids of the inputs where a page has several questions.
``review(question, answer, disclosure)``
    The answer given and what may be told of it; no solution without ``disclosure.key``. ``disclosure.is_own``: the
    reader has answered.
``said(question, answer)``
    What is said to an answer of a question to check oneself, besides right or wrong: about what was chosen.
``check_solution(question, words)``
    The solution of a question to check oneself. ``words`` has ``right``, ``wrong`` and ``accepted``, in the reader's
    language on a page and in the course's in stored HTML, which is made without a request and without translations.
``check_inputs(question, words)``
    Its inputs in stored HTML. Pages show a form with ``inputs`` in their place.
``on_paper(question, prefix)``
    Only where ``inputs`` are of no use on paper: what is printed in their place.
``answer_line(question)``
    Where to answer on a printed sheet, only where a line to write on is not enough.
``key_line(question)``
    The solution on a printed key, as ``answer_line`` takes it; without the macro ``check_solution`` is printed.

A button of ``inputs`` that changes the answer has the name ``go`` and a value that begins with ``ROW``; what stands
before the last dash is the id of the element that the page shows again, with the changed answer saved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from random import Random
from typing import Any, ClassVar, Literal, Protocol, Self, get_args

from lms.content.checks.rules import rules
from lms.content.file_limits import FileLimits
from lms.content.markdown.blocks import Block, Passage, plain
from lms.content.markdown.fields import Fields
from lms.content.markdown.problems import Findings, Message, SourcePosition
from lms.content.markdown.references import References
from lms.content.markdown.values import fraction, listed, name, one_of, text_line
from lms.content.registry import Registry
from lms.content.settings import setting, settings_of
from lms.content.text import Text, with_html
from lms.lib.folding import fold_text

MAX_POINTS = 1000
ROW = "row-"
MAX_TITLE_LENGTH = 300
MAX_TAG_LENGTH, MAX_TAGS = 40, 10

Difficulty = Literal["mudah", "sedang", "sulit"]
DIFFICULTIES: tuple[Difficulty, ...] = get_args(Difficulty)

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
class StemSource:
    """The stem of a question without a block of answers."""

    text: Text
    position: Callable[[int], SourcePosition]
    """Where the character of ``text.source`` with this number stands in the file."""
    attributes: Fields
    findings: Findings
    has_explanation: bool
    has_hints: bool


@dataclass(frozen=True)
class NearMiss:
    """A block that was probably meant to hold answers, and how to fix it."""

    position: SourcePosition
    what: Message
    fix: Message


@dataclass(frozen=True)
class AnswerCategory:
    """What item analysis counts answers under: an option, or a text that people wrote.

    Answers with the same ``key`` are counted together, over all revisions of the question. ``credit`` is the share of
    the points that such an answer earns, from 0 to 1; of an option that is one of several, 1 if it is right.
    """

    key: str
    text: Text | str
    credit: Fraction


@dataclass(frozen=True)
class AnswerReading:
    """How a typed answer was read. ``is_understood`` is False where it is kept, but cannot be marked as it is."""

    words: Message
    is_understood: bool = True


class OfferedAnswer(Protocol):
    """One of the answers that a question offers to choose from."""

    @property
    def text(self) -> Text: ...
    @property
    def is_correct(self) -> bool: ...
    @property
    def keeps_last(self) -> bool: ...


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
    is_asked: ClassVar[bool] = True
    """False for a text between the questions: it is answered by nobody, earns nothing and is not counted."""
    is_marked_by_people: ClassVar[bool] = False
    """True if no key can mark an answer: it waits until somebody does. Only such a kind has a rubric."""
    missing_answers: ClassVar[Message | None] = None
    """How to write the answers, said where ``type=`` selects this kind and there are none."""
    registry: ClassVar[Registry[Any]] = Registry("kind")

    id: str = ""
    title: str
    stem: Text
    line: int = field(default=0, metadata={"stored": False})
    explanation: Text | None = None
    hints: tuple[Text, ...] = ()
    points: Fraction = setting(fraction(0, MAX_POINTS, above=True), Fraction(1))
    group: str | None = setting(text_line(60), None)
    pair: str | None = setting(name, None)
    """What a question of a pretest and the one of its posttest that asks for the same are called, in both."""
    tags: tuple[str, ...] = setting(listed(MAX_TAG_LENGTH, MAX_TAGS), ())
    objective: str | None = setting(text_line(), None)
    """What an answer shows that its author can do."""
    difficulty: Difficulty | None = setting(one_of(DIFFICULTIES), None)
    """As the author judges it."""
    lint_off: tuple[str, ...] = setting(rules, (), key="lint-off", stored=False)
    """Rules of ``lms.content.checks.rules`` that the author has switched off."""

    @property
    def attachments(self) -> FileLimits | None:
        """The files that may be attached to an answer; None: none. Only for kinds that people mark."""
        return None

    @property
    def offered(self) -> Sequence[OfferedAnswer]:
        """What can be chosen; empty where an answer is typed."""
        return ()

    @property
    def wrong_claims(self) -> Sequence[Text]:
        """The texts that say something wrong, which learners may believe or not."""
        return [one.text for one in self.offered if not one.is_correct]

    @property
    def chance(self) -> Fraction:
        """How probable it is to guess the right answer."""
        return Fraction(0)

    @property
    def guess_score(self) -> Fraction | None:
        """The share of the points that guessing earns on average; None where nobody can tell."""
        return self.chance

    @property
    def categories(self) -> Sequence[AnswerCategory]:
        """What answers are counted under, as far as it is known before anybody answers, in the order of the file."""
        return ()

    @property
    def stem_above(self) -> Text:
        """What a page shows above the inputs. Empty where the inputs stand within the stem."""
        return self.stem

    def rendered(self, render: Callable[[Text], Text]) -> Self:
        """The question with its texts as HTML."""
        return with_html(self, render)

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

    @classmethod
    def fits_stem(cls, source: str) -> bool:
        """True if no block holds the answers of this kind, and this stem is a question of it."""
        return False

    @classmethod
    def read_stem(cls, stem: StemSource) -> Mapping[str, Any]:
        """Like ``read``, for a kind that ``fits_stem`` selected."""
        raise NotImplementedError

    @classmethod
    def title_of(cls, words: str) -> str:
        """The title that the first line of a stem makes. Learners see it in lists."""
        return plain(words[:MAX_TITLE_LENGTH])

    # Answering

    def answer_from(self, posted: Posted) -> Any:
        """The answer in a submitted form, or None.

        :raises InvalidAnswer: the form does not hold a valid answer.
        """
        raise NotImplementedError

    def dump_answer(self, answer: Any) -> dict[str, Any]:
        """The answer as JSON for the journal. ``load_answer`` must be able to read it forever."""
        raise NotImplementedError

    def load_answer(self, data: Mapping[str, Any]) -> Any:
        """The reverse of ``dump_answer``. An empty object is None."""
        raise NotImplementedError

    def answer_texts(self, answer: Any) -> list[str]:
        """The answer as its owner may read it later, in a copy of the own data."""
        return [str(value) for value in self.dump_answer(answer).values()]

    def score(self, answer: Any) -> Fraction:
        """The share of the points, from 0 to 1; 0 where people mark it. Never called with None."""
        raise NotImplementedError

    def categories_of(self, answer: Any) -> Sequence[AnswerCategory]:
        """What an answer is counted under; several where an answer has parts. Never called with None."""
        if self.is_marked_by_people:
            return ()
        text = " · ".join(self.answer_texts(answer))
        return (AnswerCategory(fold_text(text) or text, text, self.score(answer)),)

    def with_key_of(self, newer: Question) -> Question | None:
        """The question as it was asked, to be marked by the key and points of ``newer``, the same question in a later
        revision. None if answers to this one cannot be told apart by the key of ``newer``.

        A kind whose answers name its parts by their place in the file must find them again by what they say.
        """
        if type(newer) is not type(self):
            return None
        return replace(newer, title=self.title, stem=self.stem, hints=self.hints)

    def reading(self, answer: Any) -> AnswerReading | None:
        """How the answer was read, where its owner should be told. Never called with None."""
        return None

    def slip(self, answer: Any) -> Message | None:
        """What alone keeps an answer that earns nothing from being right. Never called with None."""
        return None

    def is_near_miss(self, answer: Any) -> bool:
        """True if the answer earns nothing, and somebody should look whether that is right. It changes no mark.

        Never called with None.
        """
        return False

    def parts_left(self, answer: Any) -> int:
        """How many parts of the question have no answer yet, such as gaps."""
        return 0

    @property
    def scoring_words(self) -> Message | None:
        """How an answer that is not wholly right earns points, where what is said of its parts does not tell."""
        return None

    def feedback_on(self, answer: Any) -> tuple[Text, ...]:
        """What the author has to say about what was chosen, right or wrong."""
        return ()

    def example(self, *, is_right: bool, rng: Random) -> Any:
        """An answer that earns all points, or one that does not. For demo data and tests."""
        raise NotImplementedError

    # Selection

    def select(self, rng: Random, *, is_shuffled: bool) -> dict[str, Any]:
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


def kind_for_stem(source: str, type_word: str | None) -> type[Question] | None:
    """The kind of a question without a block of answers."""
    return next((kind for kind in _candidates(type_word) if kind.fits_stem(source)), None)


def _candidates(type_word: str | None) -> Iterator[type[Question]]:
    if type_word is None:
        return (kind for kind in kinds if kind.is_read_by_shape)
    return (kind for kind in kinds if type_word in kind.types)
