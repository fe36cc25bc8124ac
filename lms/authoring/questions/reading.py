"""The questions of a file with the lines on which each part of them stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from lms.authoring.questions.pair_rows import pairs_of_list, pairs_of_table
from lms.authoring.questions.values import ATTRIBUTES, AnswerValues, FormKind, OptionValues, QuestionValues
from lms.authoring.splice import Line, decoded, lines_of, plain
from lms.content.items.module import fence_question, is_closed, is_question
from lms.content.items.quiz import question_blocks
from lms.content.markdown.attributes import Head, read_head
from lms.content.markdown.blocks import Block, Passage
from lms.content.markdown.document import Document, open_document
from lms.content.markdown.fields import Fields
from lms.content.markdown.frontmatter import YamlText, body_of, read_front_matter
from lms.content.markdown.problems import Findings
from lms.content.markdown.references import References
from lms.content.questions.answer_lines import split_lines, unquoted
from lms.content.questions.base import Question
from lms.content.questions.choice import Choice, words_and_feedback
from lms.content.questions.description import Description
from lms.content.questions.essay import Essay
from lms.content.questions.gaps import Gaps
from lms.content.questions.match import Match
from lms.content.questions.number import Number
from lms.content.questions.order import Order
from lms.content.questions.reading import (
    EXPLANATION,
    HINTS,
    RUBRIC,
    QuestionBlock,
    QuestionPart,
    answers_in,
    known_attributes,
    parts_of,
    quotes_below,
    read_question,
)
from lms.content.questions.short_answer import ShortAnswer
from lms.content.questions.true_false import TrueFalse
from lms.content.text import Text

SHOWN_ATTRIBUTES = ("#id", "type", *ATTRIBUTES)

_ANSWER = re.compile(r"(?P<start>\s*=\s*)(?P<text>.*?)(?P<tail>\s*\{(?P<share>[0-9.]+)%\})?\s*$", re.DOTALL)


@dataclass(frozen=True)
class ItemLines:
    """The lines of an option, an accepted answer or a hint."""

    first: int
    last: int
    words: Passage
    feedback: Passage | None = None


@dataclass(frozen=True)
class Spans:
    """Where the parts of a question stand. Line numbers from 1; ``heading`` lines are those of named sections."""

    body: Passage
    items: tuple[ItemLines, ...]
    above_items: tuple[int, ...]
    explanation: Passage | None
    explanation_heading: int | None
    hints: tuple[ItemLines, ...]
    hints_heading: int | None
    rubric: Passage | None
    rubric_heading: int | None


@dataclass(frozen=True)
class SourceQuestion:
    """A question of a file. ``values`` is None where no form can show it."""

    number: int
    first: int
    last: int
    head_line: int
    head: Head
    head_column: int
    indent: int
    is_fence: bool
    title: str
    question: Question | None
    values: QuestionValues | None
    spans: Spans | None
    rest: tuple[int, ...]
    """Lines that no field of the form shows."""
    rest_attributes: tuple[str, ...]

    @property
    def id(self) -> str:
        return self.head.id or ""

    def has_line(self, line: int) -> bool:
        return self.first <= line <= self.last


@dataclass(frozen=True)
class QuestionFile:
    mark: str
    lines: tuple[Line, ...]
    type: Literal["quiz", "module"]
    questions: tuple[SourceQuestion, ...]

    def text(self, question: SourceQuestion) -> str:
        """The source of a question, as the editor shows it."""
        return "\n".join(plain(line.text) for line in self.lines[question.first - 1 : question.last])


def read_questions(raw: bytes) -> QuestionFile | None:
    """The questions of a file; None if it is no text, has no front matter, or is of another type. ``last`` of a
    question leaves out blank lines at its end.
    """
    findings = Findings("")
    document = open_document(raw, findings)
    front = read_front_matter(document, findings) if document else None
    if document is None or front is None:
        return None
    body = body_of(document, front)
    word = next((value.text for key, value in front.values.entries if _is_type(key, value)), "module")  # type: ignore[union-attr]
    if word not in ("quiz", "module"):
        return None
    blocks = body.blocks()
    found = question_blocks(body, blocks) if word == "quiz" else list(_fences(body, blocks))
    starts = [_start(one.opening, blocks, word == "quiz") for one in found]
    questions = []
    for at, one in enumerate(found):
        end = (starts[at + 1] - 1 if at + 1 < len(found) else body.last) if word == "quiz" else one.opening.last
        questions.append(_question(at, one, starts[at], end, document, is_fence=word == "module"))
    mark, text = decoded(raw)
    return QuestionFile(mark, tuple(lines_of(text)), "quiz" if word == "quiz" else "module", tuple(questions))


def _is_type(key: YamlText, value: object) -> bool:
    return key.text == "type" and isinstance(value, YamlText)


def _fences(body: Passage, blocks: Sequence[Block]) -> Iterator[QuestionBlock]:
    return (fence_question(one, body) for one in blocks if is_question(one) and is_closed(one, body))


def _start(opening: Block, blocks: Sequence[Block], is_heading: bool) -> int:
    """The first line of a question, with the comments right above it."""
    first = opening.first
    if not is_heading:
        return first
    for block in reversed(blocks[: blocks.index(opening)]):
        if block.kind != "html_block" or block.last != first - 1 or not block.text.lstrip().startswith("<!--"):
            break
        first = block.first
    return first


def _question(
    number: int, one: QuestionBlock, first: int, end: int, document: Document, *, is_fence: bool
) -> SourceQuestion:
    findings = Findings("")
    inside = one.inside if is_fence else one.inside.between(one.inside.first, end)
    head = read_head(one.head_text, one.head_position, known_attributes(), findings)
    question = read_question(head, one.blocks, inside, References(Passage((), 1), (), findings), findings)
    values, spans = None, None
    if question is not None:
        read = _READERS.get(question.kind)
        parts = parts_of(one.blocks, inside, Findings(""))
        word = type_word(head) or None
        found = answers_in(head, parts[""], word, Fields(head.attributes, Findings("")))
        if read and found:
            values, spans = read(question, head, parts, found[1], document) or (None, None)
    last = _last_text_line(document, first, end)
    return SourceQuestion(
        number=number,
        first=first,
        last=last,
        head_line=one.opening.first,
        head=head,
        head_column=one.head_position[1],
        indent=inside.indent,
        is_fence=is_fence,
        title=question.title if question else plain(head.text),
        question=question,
        values=values,
        spans=spans,
        rest=_hidden(one, range(first, last + 1), spans, document, is_fence=is_fence),
        rest_attributes=tuple(key.text for key, _ in head.attributes.entries if key.text not in SHOWN_ATTRIBUTES),
    )


def _last_text_line(document: Document, first: int, last: int) -> int:
    while last > first and not document.lines[last - 1].strip():
        last -= 1
    return last


def _hidden(
    one: QuestionBlock, lines: range, spans: Spans | None, document: Document, *, is_fence: bool
) -> tuple[int, ...]:
    """The lines with text that no field of the form shows."""
    if spans is None:
        return ()
    shown = _shown(one.opening.first, spans) | ({one.opening.last} if is_fence else set())
    return tuple(line for line in lines if line not in shown and document.lines[line - 1].strip())


def _shown(opening: int, spans: Spans) -> set[int]:
    passages = [spans.body, spans.explanation, spans.rubric]
    headings = (spans.explanation_heading, spans.hints_heading, spans.rubric_heading)
    lines = {opening, *(one or opening for one in headings), *spans.above_items}
    for passage in passages:
        lines |= set(range(passage.first, passage.last + 1)) if passage else set()
    for item in (*spans.items, *spans.hints):
        lines |= set(range(item.first, item.last + 1))
    return lines


_Read = Callable[[Question, Head, "dict[str, QuestionPart]", int, Document], "tuple[QuestionValues, Spans] | None"]


def _choice(
    question: Question, head: Head, parts: dict[str, QuestionPart], at: int, document: Document
) -> tuple[QuestionValues, Spans] | None:
    assert isinstance(question, Choice)
    opening = parts[""]
    block = opening.blocks[at]
    if len(question.options) != len(block.children):
        return None
    items = []
    for item in block.children:
        words, feedback = words_and_feedback(item, opening.passage)
        last = _last_text_line(document, item.first, min(item.last, opening.passage.last))
        items.append(ItemLines(item.first, last, words.without_blank_ends(), feedback))
    options = tuple(
        OptionValues(_shown_text(one.text), one.is_correct, _shown_text(one.feedback), one.keeps_last, number)
        for number, one in enumerate(question.options)
    )
    return _with_shared(
        QuestionValues(kind="multiple" if question.takes_several else "single", options=options),
        question, head, parts, at, items,
    )  # fmt: skip


def _lines(kind: FormKind) -> _Read:
    """The values of a kind whose answers are lines with ``= ``."""

    def read(
        question: Question, head: Head, parts: dict[str, QuestionPart], at: int, _document: Document
    ) -> tuple[QuestionValues, Spans] | None:
        opening = parts[""]
        items, answers = [], []
        for number, one in enumerate(split_lines(opening.blocks[at], opening.passage)):
            text = opening.passage.line(one.number)
            found = _ANSWER.fullmatch(text)
            if not found or not found["text"]:
                return None
            quote = unquoted(one.quote) if one.quote else None
            feedback = "\n".join(map(plain, quote.without_blank_ends().lines)) if quote else ""
            answers.append(AnswerValues(plain(found["text"]), found["share"] or "", feedback, number))
            last = one.quote.last if one.quote else one.number
            items.append(ItemLines(one.number, last, Passage((text,), one.number), quote))
        return _with_shared(QuestionValues(kind=kind, answers=tuple(answers)), question, head, parts, at, items)

    return read


def _order(
    question: Question, head: Head, parts: dict[str, QuestionPart], at: int, document: Document
) -> tuple[QuestionValues, Spans] | None:
    opening = parts[""]
    block = opening.blocks[at]
    steps = pairs_of_list(block, opening.passage)
    items = []
    for item, (_values, words) in zip(block.children, steps, strict=True):
        items.append(ItemLines(item.first, max(item.first, words.last), words))
    values = QuestionValues(kind="order", pairs=tuple(one for one, _words in steps))
    return _with_shared(values, question, head, parts, at, items)


def _match(
    question: Question, head: Head, parts: dict[str, QuestionPart], at: int, document: Document
) -> tuple[QuestionValues, Spans] | None:
    opening = parts[""]
    block = opening.blocks[at]
    pairs = pairs_of_table(block, opening.passage)
    if pairs is None:
        return None
    lines = range(block.first + 2, block.last + 1)
    items = [ItemLines(line, line, opening.passage.between(line, line)) for line in lines]
    values = QuestionValues(kind="match", pairs=tuple(pairs))
    return _with_shared(values, question, head, parts, at, items, above=(block.first, block.first + 1))


def _in_the_stem(kind: FormKind) -> _Read:
    """The values of a kind whose answers are in the stem, or that has none."""
    return lambda question, head, parts, at, _document: _with_shared(
        QuestionValues(kind=kind), question, head, parts, at, []
    )


_READERS: dict[str, _Read] = {
    Choice.kind: _choice,
    ShortAnswer.kind: _lines("short"),
    Number.kind: _lines("number"),
    TrueFalse.kind: _lines("truefalse"),
    Order.kind: _order,
    Match.kind: _match,
    Gaps.kind: _in_the_stem("gaps"),
    Essay.kind: _in_the_stem("essay"),
    Description.kind: _in_the_stem("description"),
}


def type_word(head: Head) -> str:
    """What follows ``type=``; empty without it."""
    return _attribute(head, "type")


def answer_parts(line: str) -> re.Match[str]:
    found = _ANSWER.fullmatch(line)
    assert found
    return found


def _with_shared(
    own: QuestionValues,
    question: Question,
    head: Head,
    parts: dict[str, QuestionPart],
    at: int,
    items: list[ItemLines],
    above: tuple[int, ...] = (),
) -> tuple[QuestionValues, Spans]:
    """:param above: lines of the answers that no item has, such as the head of a table."""
    opening = parts[""]
    end = opening.blocks[at].first - 1 if at < len(opening.blocks) else opening.passage.last
    body = opening.passage.between(opening.passage.first, end).without_blank_ends()
    hints, rubric = parts.get(HINTS), parts.get(RUBRIC)
    table = rubric.passage.without_blank_ends() if rubric else None
    explanation, heading = _explanation(parts, at)
    spans = Spans(
        body=body,
        items=tuple(items),
        above_items=above,
        explanation=explanation if explanation and explanation.lines else None,
        explanation_heading=heading,
        hints=_hint_lines(hints) if question.hints else (),
        hints_heading=hints.passage.first - 1 if hints else None,
        rubric=table if table and table.lines else None,
        rubric_heading=rubric.passage.first - 1 if rubric else None,
    )
    words = [plain(head.text), "\n".join(map(plain, body.lines))]
    values = QuestionValues(
        kind=own.kind,
        stem="\n\n".join(one for one in words if one),
        options=own.options,
        answers=own.answers,
        pairs=own.pairs,
        explanation=_shown_text(question.explanation),
        hints=tuple(map(_shown_text, question.hints)),
        rubric="\n".join(map(plain, table.lines)) if table else "",
        **{name: _attribute(head, name) for name in ATTRIBUTES},
    )
    return values, spans


def _explanation(parts: dict[str, QuestionPart], at: int) -> tuple[Passage | None, int | None]:
    """The explanation, and the line of its heading if it is a section of its own."""
    opening, section = parts[""], parts.get(EXPLANATION)
    if quotes := quotes_below(opening, at):
        return opening.passage.between(quotes[0].first, quotes[-1].last).unquoted().without_blank_ends(), None
    if section:
        return section.passage.without_blank_ends(), section.passage.first - 1
    return None, None


def _hint_lines(part: QuestionPart | None) -> tuple[ItemLines, ...]:
    if part is None:
        return ()
    found = next(block for block in part.blocks if block.children)
    items = []
    for item in found.children:
        words = part.passage.inside_item(item)
        items.append(ItemLines(item.first, max(item.first, words.last), words))
    return tuple(items)


def _shown_text(text: Text | None) -> str:
    return "\n".join(map(plain, text.source.split("\n"))) if text else ""


def _attribute(head: Head, key: str) -> str:
    found = next((value for name, value in head.attributes.entries if name.text == key), None)
    return plain(found.text) if isinstance(found, YamlText) else ""
