"""The questions of a course as a list to search, and how those of its draft differ from the published ones."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from markupsafe import Markup

from lms.authoring.questions.reading import read_questions
from lms.content.questions.base import DIFFICULTIES, Difficulty, Question
from lms.content.text import Text, with_html
from lms.lib.folding import fold_text, search_words, searchable

_PICTURE = re.compile(r'(?:<picture\b[^>]*>(?:<source\b[^>]*>)*)?<img\b[^>]*?(?:\salt="([^"]*)"[^>]*)?>(?:</picture>)?')

State = Literal["", "new", "changed", "gone"]


@dataclass(frozen=True)
class BankQuestion:
    """A question in the list. ``number`` is its position in the file, from 1; ``form`` is empty if it cannot be
    read."""

    path: str
    number: int
    id: str
    title: str
    form: str
    points: str
    group: str
    tags: tuple[str, ...]
    objective: str
    difficulty: Difficulty | None
    words: str
    """All its texts, ``searchable``."""
    source: str
    """Its lines, where they were read."""
    question: Question | None
    """With HTML where it comes from a revision."""
    state: State = ""
    """Compared with the published question; empty if it is the same."""


@dataclass(frozen=True)
class BankFilters:
    """Filters of the list of questions. An empty field does not filter."""

    words: str = ""
    form: str = ""
    group: str = ""
    tag: str = ""
    objective: str = ""
    difficulty: str = ""
    item: str = ""
    state: str = ""

    @property
    def is_empty(self) -> bool:
        return self == BankFilters()

    def of(self, entries: Iterable[BankQuestion]) -> list[BankQuestion]:
        words, tag = search_words(self.words), fold_text(self.tag)
        return [
            one
            for one in entries
            if all(word in one.words for word in words)
            and (not tag or tag in map(fold_text, one.tags))
            and self.form in ("", one.form)
            and self.group in ("", one.group)
            and self.objective in ("", one.objective)
            and self.difficulty in ("", one.difficulty)
            and self.item in ("", one.path)
            and self.state in ("", one.state)
        ]


@dataclass(frozen=True)
class Facets:
    """What there is to choose from, sorted."""

    forms: tuple[str, ...]
    groups: tuple[str, ...]
    tags: tuple[str, ...]
    objectives: tuple[str, ...]
    difficulties: tuple[str, ...]
    states: tuple[str, ...]


def facets_of(entries: Sequence[BankQuestion]) -> Facets:
    """Tags that differ only in capitals are one tag."""
    tags = {fold_text(tag): tag for one in entries for tag in one.tags}
    there = {one.difficulty for one in entries}
    return Facets(
        _sorted(one.form for one in entries),
        _sorted(one.group for one in entries),
        _sorted(tags.values()),
        _sorted(one.objective for one in entries),
        tuple(one for one in DIFFICULTIES if one in there),
        _sorted(one.state for one in entries),
    )


def _sorted(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({one for one in words if one}, key=fold_text))


def stored_questions(path: str, questions: Sequence[Question]) -> list[BankQuestion]:
    """The questions of an item of a revision, in the order of the file."""
    return [_entry(path, number, one.id, one.title, "", one) for number, one in enumerate(questions, start=1)]


def source_questions(path: str, raw: bytes) -> list[BankQuestion]:
    """The questions of a file that may have faults, in its order."""
    return [replace(one, path=path) for one in _read(raw)]


@lru_cache(maxsize=300)
def _read(raw: bytes) -> tuple[BankQuestion, ...]:
    """Cached by the bytes: reading a question takes milliseconds, and most files of a draft rarely change."""
    found = read_questions(raw)
    if found is None:
        return ()
    return tuple(
        _entry("", one.number + 1, one.id, one.title, found.text(one), one.question) for one in found.questions
    )


def with_states(found: Sequence[BankQuestion], published: Mapping[str, Collection[str]]) -> list[BankQuestion]:
    """The questions with their states. ``published`` has what the published questions say, by id."""
    return [replace(one, state=_state(one, published)) for one in found]


def _state(one: BankQuestion, published: Mapping[str, Collection[str]]) -> State:
    if one.id not in published:
        return "new"
    return "" if one.source in published[one.id] else "changed"


def _entry(path: str, number: int, id_: str, title: str, source: str, question: Question | None) -> BankQuestion:
    if question is None:
        words = searchable([id_, source])
        return BankQuestion(path, number, id_, title, "", "", "", (), "", None, words, source, None)
    about = (question.group or "", *question.tags, question.objective or "")
    return BankQuestion(
        path,
        number,
        id_,
        title,
        _form_of(question),
        f"{float(question.points):g}",
        question.group or "",
        question.tags,
        question.objective or "",
        question.difficulty,
        searchable([id_, *about, *_texts(question)]),
        source,
        question,
    )


def _texts(question: Question) -> list[str]:
    """All texts that the author wrote as Markdown, which accepted short answers are not."""
    found: list[str] = []

    def collect(text: Text) -> Text:
        found.append(Markup(text.html).striptags() if text.html is not None else text.source)  # noqa: S704
        return text

    with_html(question, collect)
    return found


def _form_of(question: Question) -> str:
    """The form in which it is edited: single and multiple choice are one kind with two forms."""
    name = _FORMS.get(question.kind)
    return name(question) if name else question.kind


_FORMS: dict[str, Any] = {
    "choice": lambda question: "multiple" if question.takes_several else "single",
    "short_answer": lambda _question: "short",
    "true_false": lambda _question: "truefalse",
}


def without_pictures(question: Question) -> Question:
    """The question with descriptions in place of its pictures, which only people who may see the course can load."""

    def described(text: Text) -> Text:
        return replace(text, html=_PICTURE.sub(_description, text.html)) if text.html else text

    return with_html(question, described)


def _description(found: re.Match[str]) -> str:
    return f'<span class="tag">▦ {found[1] or ""}</span>'
