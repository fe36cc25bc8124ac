"""Trying out pasted Markdown or questions: they are read and rendered like those of a course, and not stored."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lms.authoring.services.checking import NoPreview
from lms.content.folder.item_file import ItemFile, read_item_file
from lms.content.items.base import Item
from lms.content.items.module import Module
from lms.content.markdown.blocks import Passage
from lms.content.markdown.links import Targets
from lms.content.markdown.problems import Problem
from lms.content.questions.base import Question, kind_for, kind_for_stem
from lms.content.rendering.course import render_item
from lms.content.rendering.markdown_html import TextTooComplex
from lms.core import isolated

MAX_LENGTH = 20_000
MAX_QUESTIONS = 20
RENDER_SECONDS = 5

_LINE_END = re.compile(r"\r\n|\r")


@dataclass(frozen=True)
class SandboxResult:
    """``item`` has rendered texts; None where the text has an error. Lines of ``problems`` are those of the text."""

    item: Item | None
    problems: tuple[Problem, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        found = self.item.checks if isinstance(self.item, Module) else self.item.questions if self.item else ()
        return found[:MAX_QUESTIONS]


@dataclass(frozen=True)
class MarkedAnswer:
    """``verdict`` is ``right``, ``partly`` or ``wrong``."""

    answer: Any
    verdict: str
    earned: Fraction
    most: Fraction


def try_text(text: str) -> SandboxResult:
    """:raises NoPreview: it takes too long to render."""
    item_file, above = _read(_LINE_END.sub("\n", text))
    problems = tuple(
        Problem("", max(1, one.line - above), one.column, one.what, one.fix, one.is_warning)
        for one in sorted(item_file.findings.problems, key=lambda one: one.line)
    )
    if item_file.item is None or item_file.findings.has_errors:
        return SandboxResult(None, problems)
    try:
        item = isolated.run(render_item, item_file.item, "", {}, {}, "id", seconds=RENDER_SECONDS)
    except (TextTooComplex, isolated.TookTooLong, isolated.BrokeDown) as error:
        raise NoPreview from error
    return SandboxResult(item, problems)


def mark_answer(question: Question, answer: Any) -> MarkedAnswer:
    share = question.score(answer)
    verdict = "right" if share == 1 else "partly" if share > 0 else "wrong"
    return MarkedAnswer(answer, verdict, share * question.points, question.points)


def _read(text: str) -> tuple[ItemFile, int]:
    """The text as a file, and how many lines were added above it."""
    if text.startswith("---\n"):
        return _file(text), 0
    blocks = Passage(tuple(text.split("\n")), 1).blocks()
    if any(block.tag == "h2" and block.markup == "##" for block in blocks):
        front = "---\ntitle: Coba\ntype: quiz\n---\n"
        as_quiz = _file(front + text)
        if as_quiz.questions:
            return as_quiz, 4
    elif any(kind_for(block, None) for block in blocks) or kind_for_stem(text, None):
        front = "---\ntitle: Coba\ntype: quiz\n---\n## \n\n"
        return _file(front + text), 6
    return _file("---\ntitle: Coba\n---\n" + text), 3


def _file(text: str) -> ItemFile:
    return read_item_file("coba.md", "coba", text.encode(), Targets(()))
