"""What the file of a question bank holds: the questions that a quiz can have, and the others with the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from lms.content.exchange.question_markdown import NotWritable, read_back
from lms.content.exchange.texts import first_words
from lms.content.markdown.problems import Message, say
from lms.content.questions.base import Question

MAX_QUESTIONS = 1_000
"""In one file."""


@dataclass(frozen=True)
class BankPicture:
    """``link`` stands in the question's Markdown until the picture has its place in a course."""

    name: str
    link: str
    data: bytes


class NotTaken(Exception):
    """A question that a quiz of this site cannot have as it is."""

    def __init__(self, what: Message, fix: Message) -> None:
        super().__init__(what)
        self.what, self.fix = what, fix


class UnreadableBank(Exception):
    """The file as a whole cannot be read. ``line`` is 0 where no line is to blame."""

    def __init__(self, what: Message, fix: Message, line: int = 0) -> None:
        super().__init__(what, fix, line)
        self.what, self.fix, self.line = what, fix, line


@dataclass(frozen=True)
class ImportedQuestion:
    """A question with its Markdown, the line or row of the file where it begins, and what differs from there."""

    line: int
    question: Question
    source: str
    notes: tuple[Message, ...] = ()
    pictures: tuple[BankPicture, ...] = ()


@dataclass(frozen=True)
class LeftOut:
    """A question that is not imported."""

    line: int
    words: str
    what: Message
    fix: Message


Entry: TypeAlias = ImportedQuestion | LeftOut


@dataclass(frozen=True)
class Bank:
    """``name`` is that of the format. Every question of the file is one of ``entries``, in the order of the file."""

    name: str
    entries: tuple[Entry, ...]

    @property
    def taken(self) -> tuple[ImportedQuestion, ...]:
        return tuple(one for one in self.entries if isinstance(one, ImportedQuestion))

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        return tuple(one for one in self.entries if isinstance(one, LeftOut))


@dataclass
class Reading:
    """A question while it is read."""

    line: int
    words: str = ""
    notes: list[Message] = field(default_factory=list)
    pictures: list[BankPicture] = field(default_factory=list)

    def note(self, template: Message) -> None:
        if template not in self.notes:
            self.notes.append(template)


def entry_of(draft: Reading, read: Callable[[Reading], Question]) -> Entry:
    """What ``read`` makes of it, in the Markdown of a quiz; or why it makes nothing."""
    try:
        question = read(draft)
        found, source = read_back(question)
    except NotTaken as error:
        return LeftOut(draft.line, first_words(draft.words), error.what, error.fix)
    except NotWritable as error:
        what = error.what or say("its texts would be read as something else in Markdown")
        fix = say("simplify the markup of its texts, or write this question in the editor")
        return LeftOut(draft.line, first_words(draft.words), what, fix)
    return ImportedQuestion(
        draft.line, replace(found, line=draft.line), source, tuple(draft.notes), tuple(draft.pictures)
    )
