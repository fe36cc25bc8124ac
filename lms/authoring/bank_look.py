"""What the import of a question bank would add to a quiz, as learners would see it.

The readers meet hostile files and rendering is slow: run ``bank_page`` in a process of its own (``lms.core.isolated``).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from lms.content.exchange.bank import Entry, ImportedQuestion, LeftOut
from lms.content.exchange.question_markdown import NotWritable, read_back
from lms.content.exchange.recognising import read_bank
from lms.content.folder.item_file import ItemFile, read_item_file
from lms.content.items.quiz import Quiz
from lms.content.markdown.links import Targets
from lms.content.markdown.problems import say
from lms.content.questions.base import Question
from lms.content.rendering import markdown_html
from lms.content.rendering.course import FileRenderer
from lms.content.text import with_html
from lms.lib.folding import fold_text

PER_PAGE = 50
TELLING = 40
"""A stem with this many letters is hardly that of two different questions."""


@dataclass(frozen=True)
class Row:
    """A question that can be imported. ``number`` is its place among all of the file, from 1.

    ``question`` has HTML on the page that is shown, else only sources. ``same_as``: the title of a question of the quiz
    that asks the same; ``repeats``: the number of one of the file.
    """

    number: int
    taken: ImportedQuestion
    question: Question
    same_as: str
    repeats: int

    @property
    def is_ticked(self) -> bool:
        return not self.same_as and not self.repeats


@dataclass(frozen=True)
class BankPage:
    name: str
    rows: tuple[Row, ...]
    left_out: tuple[LeftOut, ...]
    first: int
    """The index of the first row with HTML."""

    @property
    def shown(self) -> tuple[Row, ...]:
        return self.rows[self.first : self.first + PER_PAGE]

    @property
    def ticked(self) -> int:
        return sum(row.is_ticked for row in self.rows)


def bank_page(data: bytes, path: str, quiz: bytes, number: int) -> BankPage:
    """:param path: of the quiz in the course's folder, and ``quiz`` its bytes.
    :param number: the page, from 1.
    :raises lms.content.exchange.bank.UnreadableBank: the file is no question bank.
    """
    bank = read_bank(data)
    first = (max(1, min(number, -(-len(bank.taken) // PER_PAGE))) - 1) * PER_PAGE
    file = quiz_file(path, quiz)
    is_test = isinstance(file.item, Quiz) and file.item.purpose is not None
    rows = _rows(bank.entries if is_test else map(_unpaired, bank.entries), file.questions)
    render = FileRenderer(lambda _link: None, "id")
    seen = rows[first : first + PER_PAGE]
    shown = tuple(replace(row, question=_rendered(row, render)) for row in seen)
    return BankPage(bank.name, (*rows[:first], *shown, *rows[first + PER_PAGE :]), bank.left_out, first)


def _unpaired(entry: Entry) -> Entry:
    """Without its ``pair``, which only a pretest or a posttest has."""
    if not isinstance(entry, ImportedQuestion) or entry.question.pair is None:
        return entry
    question, source = read_back(replace(entry.question, pair=None))
    note = say("The pair “%(pair)s” is not kept: this quiz is no pretest and no posttest.", pair=entry.question.pair)
    return replace(entry, question=replace(question, line=entry.line), source=source, notes=(*entry.notes, note))


def quiz_file(path: str, raw: bytes) -> ItemFile:
    return read_item_file(path, posixpath.basename(path).removesuffix(".md"), raw, Targets([]))


def is_quiz(path: str, raw: bytes) -> bool:
    return isinstance(quiz_file(path, raw).item, Quiz)


def _rows(entries: Iterable[Entry], existing: Iterable[Question]) -> tuple[Row, ...]:
    known = {_likeness(question): question.title for question in existing}
    seen: dict[str, int] = {}
    rows = []
    taken = (one for one in entries if isinstance(one, ImportedQuestion))
    for number, one in enumerate(taken, start=1):
        key = _likeness(one.question)
        rows.append(Row(number, one, one.question, known.get(key, ""), seen.get(key, 0)))
        seen.setdefault(key, number)
    return tuple(rows)


def _likeness(question: Question) -> str:
    """Equal for questions that ask the same: the words of the stem, and those of the answers if the stem is as short as
    “Mana yang benar?”.
    """
    stem = _letters(question.stem.source)
    if len(stem) >= TELLING:
        return stem
    try:
        plain = replace(question, points=Fraction(1), group=None, pair=None, lint_off=(), explanation=None, hints=())
        source = read_back(plain)[1]
    except NotWritable:
        return stem
    return stem + _letters("".join(line for line in source.split("\n") if not line.lstrip().startswith(">")))


def _letters(text: str) -> str:
    return "".join(one for one in fold_text(text) if one.isalnum())


def _rendered(row: Row, render: FileRenderer) -> Question:
    try:
        return with_html(row.question, lambda text: render.phrase(text, prefix=f"b{row.number}-"))
    except markdown_html.TextTooComplex:
        return row.question
