"""A module: prose with questions to check oneself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from lms.content.items.base import WORDS_PER_MINUTE, CompletesBy, Item, ItemSource, Renderer, item_types
from lms.content.markdown.attributes import Head, read_head
from lms.content.markdown.blocks import Block, Passage
from lms.content.markdown.headings import refuse_large_headings
from lms.content.markdown.links import Targets, check_links
from lms.content.markdown.problems import Findings, say, term
from lms.content.markdown.references import References
from lms.content.markdown.values import one_of
from lms.content.questions.base import Question
from lms.content.questions.reading import QuestionBlock, known_attributes, read_question
from lms.content.rendering.text_parts import parts_of
from lms.content.settings import setting
from lms.content.text import PageTexts, Text

Complete = Literal["read", "manual", "none"]

MAX_READING_MINUTES = 20

_QUESTION = re.compile(r"[ \t]*question(?![\w-])")
_OPENING = re.compile(r"( *)(`{3,}|~{3,})[ \t]*question(?![\w-])")


@item_types.register
@dataclass(frozen=True, kw_only=True)
class Module(Item):
    """Something to read. ``parts`` are prose and questions to check oneself, in their order.

    ``checks`` are these questions with rendered texts. The HTML has them too, as an older release showed them.
    """

    type = "module"
    label = term("Module")
    own_time = term("reading about %(own)s min")
    icon = "M4 5a2 2 0 0 1 2-2h14v15H6a2 2 0 0 0-2 2zM4 20a2 2 0 0 0 2 1h14v-3"

    complete: Complete = setting(one_of(get_args(Complete)), "read")
    parts: tuple[Text | Question, ...] = field(default=(), metadata={"stored": False})
    checks: tuple[Question, ...] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(part for part in self.parts if isinstance(part, Question))

    @property
    def asked(self) -> tuple[Question, ...]:
        return self.questions or self.checks

    @property
    def prose(self) -> str:
        return "\n\n".join(part.source for part in self.parts if isinstance(part, Text))

    @property
    def body_html(self) -> str:
        return "".join(part.html or "" for part in self.parts if isinstance(part, Text))

    @property
    def own_minutes(self) -> float:
        """The minutes of reading, counted part by part as the page does."""
        return sum(parts_of(self.body_html).words) / WORDS_PER_MINUTE

    @property
    def completes_by(self) -> CompletesBy:
        return self.complete

    @classmethod
    def read_body(cls, source: ItemSource, settings: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Head, ...]]:
        parts, heads = _read_parts(source.body, source.fields.findings, source.targets)
        return {"parts": parts}, heads

    def rendered(self, renderer: Renderer) -> Module:
        """The questions become HTML as well."""
        parts: list[Text] = []
        checks: list[Question] = []
        page = PageTexts(dict.fromkeys((one.id for one in self.questions if one.id), 0))
        for number, part in enumerate(self.parts, start=1):
            if isinstance(part, Text):
                prefix = f"p{number}-" if number > 1 else ""
                parts.append(renderer.passage(part, prefix=prefix, page=page))
                continue
            question = _rendered_question(number, part, renderer, page)
            parts.append(replace(part.stem, html=renderer.check_yourself(question)))
            checks.append(question)
        return replace(self, parts=tuple(parts), checks=tuple(checks))


def _rendered_question(number: int, question: Question, renderer: Renderer, page: PageTexts) -> Question:
    key = f"cek-{number}"
    keyed = replace(question, id=question.id or key)
    return keyed.rendered(lambda text: renderer.phrase(text, prefix=f"{key}-", page=page))


def _read_parts(
    body: Passage, findings: Findings, targets: Targets
) -> tuple[tuple[Text | Question, ...], tuple[Head, ...]]:
    blocks = body.blocks()
    references = References(body, blocks, findings)
    parts: list[Text | Question] = []
    heads = []
    prose_from = body.first
    for block in blocks:
        if not is_question(block):
            _refuse_nested_questions(block, body, findings)
            continue
        parts += _prose(body.between(prose_from, block.first - 1), references)
        prose_from = block.last + 1
        head, question = _read_fence(block, body, findings, targets)
        heads.append(head)
        if question:
            parts.append(question)
    parts += _prose(body.between(prose_from, body.last), references)
    check_links(body, findings, targets)
    _warn_of_long_reading(body, findings)
    return tuple(parts), tuple(heads)


def _prose(passage: Passage, references: References) -> list[Text]:
    text = passage.text()
    return [references.completed(text)] if text.source else []


def is_question(block: Block) -> bool:
    return block.kind == "fence" and _QUESTION.match(block.info) is not None


def _refuse_nested_questions(block: Block, body: Passage, findings: Findings) -> None:
    for inner in block.inside():
        if is_question(inner):
            findings.error(
                body.position(inner.first),
                say("this question is within a list or a quote"),
                say("begin its line at the margin, with a blank line before it"),
            )


def _read_fence(block: Block, body: Passage, findings: Findings, targets: Targets) -> tuple[Head, Question | None]:
    told = len(findings.problems)
    found = fence_question(block, body)
    head = read_head(found.head_text, found.head_position, known_attributes(), findings)
    if head.text and len(findings.problems) == told:
        findings.error(
            found.head_position,
            say("only attributes in braces may follow “question”"),
            say("write the question on the lines below"),
        )
    if not is_closed(block, body):
        findings.error(
            (block.first, 1),
            say("this question has no end"),
            say("write a line %(mark)s below its answers", mark=block.markup),
        )
        return head, None
    refuse_large_headings(found.blocks, found.inside, findings, questions_too=True)
    check_links(found.inside, findings, targets)
    references = References(found.inside, found.blocks, findings)
    question = read_question(head, found.blocks, found.inside, references, findings)
    if question and not question.is_asked:
        findings.error(
            found.head_position,
            say("a text without a question can only appear in a quiz"),
            say("write it as text of the module"),
        )
    if question and question.is_marked_by_people:
        findings.error(
            found.head_position,
            say("nobody marks questions to check oneself, and an essay is marked by people"),
            say("ask it in a quiz, or make it an assignment"),
        )
    return head, question


def fence_question(block: Block, body: Passage) -> QuestionBlock:
    """A question of a module, unread."""
    opening = body.line(block.first)
    found = _OPENING.match(opening)
    assert found
    rest = opening[found.end() :]
    column = found.end() + len(rest) - len(rest.lstrip()) + 1 if rest.strip() else found.end() + 1
    inner = body.between(block.first + 1, block.last - 1).cut(len(found[1]))
    return QuestionBlock(block, rest.strip(), (block.first, column), inner.blocks(), inner)


def is_closed(block: Block, body: Passage) -> bool:
    return block.last > block.first and _closes(body.line(block.last), block.markup)


def _closes(line: str, mark: str) -> bool:
    stripped = line.strip()
    return len(stripped) >= len(mark) and not stripped.strip(mark[0])


def _warn_of_long_reading(body: Passage, findings: Findings) -> None:
    minutes = sum(len(line.split()) for line in body.lines) / WORDS_PER_MINUTE
    if minutes > MAX_READING_MINUTES:
        findings.warn(
            (body.first, 1),
            say("this takes about %(minutes)d minutes to read", minutes=round(minutes)),
            say("split it: at most %(limit)d minutes for one module", limit=MAX_READING_MINUTES),
        )
