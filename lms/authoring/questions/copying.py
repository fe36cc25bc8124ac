"""Questions of one quiz as new questions of another, with the definitions of links and footnotes that they mention."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lms.authoring.questions.heading import new_heading
from lms.authoring.questions.moving import insert_lines
from lms.authoring.questions.reading import QuestionFile, SourceQuestion, read_questions
from lms.authoring.questions.rereading import UnwritableQuestion, fingerprint
from lms.authoring.splice import Line, plain
from lms.content.markdown.blocks import Passage
from lms.content.markdown.problems import Findings
from lms.content.markdown.references import References
from lms.content.questions.base import Question
from lms.content.text import Text, with_html

_DEFINITION = re.compile(r" {0,3}\[([^\[\]\n]{1,200})\]:")


def copied_text(older: QuestionFile, question: SourceQuestion, new_id: str) -> str:
    """The question with another id, and the definitions that stand elsewhere in its file below it."""
    lines = [plain(line.text) for line in older.lines[question.first - 1 : question.last]]
    at, head = question.head_line - question.first, question.head
    if head.id:
        lines[at] = new_heading(lines[at], head, question.head_column, head.text, {"#id": new_id})
    else:
        column = head.slot[1] - 1
        lines[at] = lines[at][:column] + head.id_to_insert(new_id) + lines[at][column:]
    whole = Passage(tuple(plain(line.text) for line in older.lines), 1)
    text = Text("\n".join(lines))
    return References(whole, whole.blocks(), Findings("")).completed(text).source


def with_copies(file: QuestionFile, copies: Sequence[tuple[SourceQuestion, str]]) -> bytes:
    """The quiz with copies at its end, each the question that it was and its text.

    :raises UnwritableQuestion: ``fields`` has the title of a copy that would say something else here, because the quiz
        uses the name of its link or footnote for another one; or nothing, where the end of the quiz is open.
    """
    own = _definitions(plain(line.text) for line in file.lines)
    lines: list[Line] = []
    for question, text in copies:
        theirs = _definitions(text.split("\n"))
        if any(own.get(label, line) != line for label, line in theirs.items()):
            raise UnwritableQuestion((question.title,))
        own |= theirs
        lines += [*([Line("", "")] if lines else []), *(Line(one, "") for one in text.split("\n"))]
    done = insert_lines(file, len(file.questions), lines)
    found = read_questions(done)
    before = [fingerprint(file, one) for one in file.questions]
    count = len(before)
    if found is None or [fingerprint(found, one) for one in found.questions[:count]] != before:
        raise UnwritableQuestion(())
    if len(found.questions) != count + len(copies):
        raise UnwritableQuestion(())
    for (question, _text), copy in zip(copies, found.questions[count:], strict=True):
        if _marking(copy.question) != _marking(question.question):
            raise UnwritableQuestion((question.title,))
    return done


def _definitions(lines: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines:
        if label := _DEFINITION.match(line):
            found.setdefault(" ".join(label[1].split()).casefold(), line.strip())
    return found


def _marking(question: Question | None) -> Any:
    """All but the texts, in which links may lead elsewhere."""
    return question and with_html(replace(question, id="", title="", line=0), lambda _text: Text(""))
