"""Reading one question: stem, answers, explanation and hints.

From the top: the stem, the answers (the last block that has the shape of any kind's
answers), a quote with the explanation; then ``### Pembahasan`` and ``### Petunjuk``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from lms.content.markdown.attributes import ID, Head
from lms.content.markdown.blocks import LISTS, Block, Passage
from lms.content.markdown.document import hard_space
from lms.content.markdown.fields import Fields
from lms.content.markdown.headings import is_large
from lms.content.markdown.problems import Findings, SourcePosition, say
from lms.content.markdown.references import DEFINITIONS, References
from lms.content.markdown.values import name, one_of
from lms.content.questions import base
from lms.content.questions.base import AnswerBlock, Question, StemSource
from lms.content.questions.gap_text import gaps_in
from lms.content.rubric import read_rubric
from lms.content.settings import read_settings, settings_of
from lms.content.text import Text

EXPLANATION, HINTS, RUBRIC = "pembahasan", "petunjuk", "rubrik"
_HARD_SPACE = re.compile(r"[ \t]*(?:[-*+]|=|[0-9]{1,9}[.)])\u00a0")
_NUMBERED = re.compile(r"([0-9]{1,9})([.)])")


@dataclass(frozen=True)
class QuestionBlock:
    """A question in its file: the heading or fence that opens it, and what stands below that."""

    opening: Block
    head_text: str
    head_position: SourcePosition
    """Where the text of the head begins."""
    blocks: Sequence[Block]
    inside: Passage


@dataclass(frozen=True)
class QuestionPart:
    """The opening of a question, or the section under one of its named headings."""

    passage: Passage
    blocks: Sequence[Block]


def known_attributes() -> tuple[str, ...]:
    """The attribute keys that question headings may have, of all kinds."""
    return ("type", *base.attribute_keys())


def read_question(
    head: Head, blocks: Sequence[Block], passage: Passage, references: References, findings: Findings
) -> Question | None:
    """The question that ``head`` opens; ``passage`` and ``blocks`` are what stands below its heading.

    None where its kind is unknown; the reason is in ``findings``.
    """
    attributes = Fields(head.attributes, findings)
    id_ = attributes.get(ID, name, "")
    type_word = attributes.get("type", one_of(base.types()), None)
    shared = read_settings(Question, attributes)
    parts = parts_of(blocks, passage, findings)
    opening = parts[""]
    found = answers_in(head, opening, type_word, attributes)
    if found is None:
        _read_attributes_of_all_kinds(attributes)
        _explain_missing_answers(head, opening, type_word, findings)
        return None
    kind, index = found
    own = read_settings(kind, attributes, skip=settings_of(Question))
    stem = _stem(head, opening, index)
    if index < len(opening.blocks):
        answers = kind.read(AnswerBlock(opening.blocks[index], passage, attributes, references, findings))
        _warn_of_gaps(stem, head, opening, findings)
    else:
        position = _stem_positions(stem, head, opening)
        answers = kind.read_stem(StemSource(stem, position, attributes, findings, EXPLANATION in parts, HINTS in parts))
    if RUBRIC in parts:
        answers = {**answers, **_rubric(parts[RUBRIC], kind, findings)}
    _refuse_attributes_of_other_kinds(attributes, kind)
    attributes.finish()
    if not stem.source:
        findings.error(
            passage.position(head.line),
            say("the question has no text"),
            say("write what is asked above the answers"),
        )
    return kind(
        id=id_,
        title=kind.title_of(head.text or stem.source.partition("\n")[0]),
        stem=references.completed(stem),
        line=head.line,
        explanation=_explanation(parts, index, references, findings),
        hints=_hints(parts.get(HINTS), references, findings),
        **{**shared, **own, **answers},
    )


def _read_attributes_of_all_kinds(attributes: Fields) -> None:
    """Report faults in attributes even if the kind is unknown."""
    done = set(settings_of(Question))
    for kind in base.kinds:
        read_settings(kind, attributes, skip=done)
        done |= set(settings_of(kind))
    attributes.finish()


def _refuse_attributes_of_other_kinds(attributes: Fields, kind: type[Question]) -> None:
    for key in base.attribute_keys():
        if key not in settings_of(kind) and attributes.ask(key) is not None:
            attributes.fault(
                key,
                say("“%(key)s” does not go with this kind of question", key=key),
                say("take it out"),
            )


def parts_of(blocks: Sequence[Block], passage: Passage, findings: Findings) -> dict[str, QuestionPart]:
    """The question split at its named headings. The opening has the name ``""``."""
    cuts = [index for index, block in enumerate(blocks) if _part_name(block)]
    opening_end = blocks[cuts[0]].first - 1 if cuts else passage.last
    opening = QuestionPart(passage.between(passage.first, opening_end), blocks[: cuts[0] if cuts else len(blocks)])
    parts = {"": opening}
    for cut, end in zip(cuts, [*cuts[1:], len(blocks)], strict=False):
        heading = blocks[cut]
        part = _part_name(heading)
        if part in parts:
            findings.error(
                passage.position(heading.first),
                say("the heading “%(heading)s” appears twice in this question", heading=part.capitalize()),
                say("put the text under one of the two"),
            )
        last = blocks[end].first - 1 if end < len(blocks) else passage.last
        parts.setdefault(part, QuestionPart(passage.between(heading.last + 1, last), blocks[cut + 1 : end]))
    return parts


def _part_name(block: Block) -> str:
    folded = block.text.strip().casefold()
    is_named = block.tag == "h3" and folded in (EXPLANATION, HINTS, RUBRIC)
    return folded if is_named else ""


def answers_in(
    head: Head, opening: QuestionPart, type_word: str | None, attributes: Fields
) -> tuple[type[Question], int] | None:
    """The kind, and the index of the last block that has the shape of its answers.

    Where the stem alone makes the question, the index is the number of blocks.
    """
    findings = attributes.findings
    shaped = _shaped(opening, type_word)
    if not shaped and (not type_word or not _shaped(opening, None)):
        kind = base.kind_for_stem(_stem(head, opening, len(opening.blocks)).source, type_word)
        return (kind, len(opening.blocks)) if kind else None
    if not shaped and type_word and (shaped := _shaped(opening, None)):
        attributes.fault(
            "type",
            say("“type=%(type)s” does not go with these answers", type=type_word),
            say("take it out, or write the answers that belong to it"),
        )
    if len(shaped) > 1:
        between = opening.blocks[shaped[-2][1] + 1 : shaped[-1][1]]
        if all(block.kind == "blockquote" or _is_silent(block) for block in between):
            findings.error(
                opening.passage.position(opening.blocks[shaped[-1][1]].first),
                say("the answers fall apart into two blocks"),
                say("use one mark (-) for all choices, indent quotes under their choice, leave no gap between = lines"),
            )
    return shaped[-1]


def _is_silent(block: Block) -> bool:
    """True for blocks that are not visible: comments, link targets, footnotes."""
    return block.kind in DEFINITIONS or (block.kind == "html_block" and block.text.lstrip().startswith("<!--"))


def _shaped(opening: QuestionPart, type_word: str | None) -> list[tuple[type[Question], int]]:
    """The indexes of blocks that have the shape of answers, each with its kind."""
    return [(kind, index) for index, block in enumerate(opening.blocks) if (kind := base.kind_for(block, type_word))]


def _explain_missing_answers(head: Head, opening: QuestionPart, type_word: str | None, findings: Findings) -> None:
    hard = next((number for number, line in _lines_of(opening.passage) if _HARD_SPACE.match(line)), None)
    if hard is not None:
        what, fix = hard_space()
        findings.error(opening.passage.position(hard), what, fix)
        return
    wanted = next((kind.missing_answers for kind in base.kinds if type_word in kind.types), None)
    if wanted:
        findings.error(opening.passage.position(head.line), say("the question has no answers"), wanted)
        return
    misses = (kind.near_miss(block, opening.passage) for block in opening.blocks for kind in base.kinds)
    if miss := next((one for one in misses if one), None):
        findings.error(miss.position, miss.what, miss.fix)
    else:
        findings.error(
            opening.passage.position(head.line),
            say("the question has no answers"),
            say("write a task list (- [x] right, - [ ] wrong) or lines with “= ” below it"),
        )


def _lines_of(passage: Passage) -> Iterator[tuple[int, str]]:
    return enumerate(passage.lines, passage.first)


def _stem_positions(stem: Text, head: Head, opening: QuestionPart) -> Callable[[int], SourcePosition]:
    """Where the characters of a stem stand in the file: its first line in the heading, if that has words."""
    body = opening.passage.text().line

    def position(at: int) -> SourcePosition:
        line, column = stem.source.count("\n", 0, at), at - stem.source.rfind("\n", 0, at)
        if head.text and line == 0:
            return head.line, head.column + column - 1
        return opening.passage.position(body + (line - 2 if head.text else line), column)

    return position


def _warn_of_gaps(stem: Text, head: Head, opening: QuestionPart, findings: Findings) -> None:
    for gap in gaps_in(stem.source):
        if gap.place == "text":
            findings.warn(
                _stem_positions(stem, head, opening)(gap.start),
                say("this is no gap, because there are answers below: learners see the brackets"),
                say("take the answers below out, or write \\[[ if the brackets are text"),
            )


def _stem(head: Head, opening: QuestionPart, answers_at: int) -> Text:
    is_all = answers_at >= len(opening.blocks)
    end = opening.passage.last if is_all else opening.blocks[answers_at].first - 1
    body = opening.passage.between(opening.passage.first, end).text()
    if not head.text:
        return body
    words = _as_paragraph(head.text)
    return Text(f"{words}\n\n{body.source}" if body.source else words, head.line)


def _as_paragraph(words: str) -> str:
    """The text of a heading, escaped so that ``1. Apa …`` does not become a list."""
    blocks = Passage((words,), 1).blocks()
    if len(blocks) == 1 and blocks[0].kind == "paragraph":
        return words
    if found := _NUMBERED.match(words):
        return f"{found[1]}\\{words[found.end(1) :]}"
    return f"\\{words}"


def _explanation(
    parts: dict[str, QuestionPart], answers_at: int, references: References, findings: Findings
) -> Text | None:
    """The quote below the answers, or the section under the heading."""
    opening, section = parts[""], parts.get(EXPLANATION)
    below = _shown_below(opening, answers_at)
    quotes = quotes_below(opening, answers_at)
    strange = next((block for block in below[len(quotes) :] if not is_large(block)), None)
    if strange:
        findings.error(
            opening.passage.position(strange.first),
            say("there is text below the answers"),
            say("move it above the answers, or under ### Pembahasan"),
        )
    if quotes and section:
        findings.error(
            section.passage.position(section.passage.first - 1),
            say("the question is explained twice"),
            say("put the quote below the answers under ### Pembahasan"),
        )
    if quotes:
        quoted = opening.passage.between(quotes[0].first, quotes[-1].last)
        return references.completed(quoted.unquoted().text())
    text = section.passage.text() if section else None
    return references.completed(text) if text and text.source else None


def quotes_below(opening: QuestionPart, answers_at: int) -> list[Block]:
    return list(takewhile(lambda block: block.kind == "blockquote", _shown_below(opening, answers_at)))


def _shown_below(opening: QuestionPart, answers_at: int) -> list[Block]:
    return [block for block in opening.blocks[answers_at + 1 :] if not _is_silent(block)]


def _rubric(section: QuestionPart, kind: type[Question], findings: Findings) -> dict[str, Any]:
    heading = section.passage.first - 1
    if not kind.is_marked_by_people:
        findings.error(
            section.passage.position(heading),
            say("only an essay has a rubric: this question is marked by its answers"),
            say("write {type=essay} in its heading and leave the answers out, or take the rubric out"),
        )
        return {}
    blocks = [block for block in section.blocks if not _is_silent(block)]
    return {"rubric": read_rubric("### Rubrik", heading, blocks, section.passage, findings)}


def _hints(section: QuestionPart | None, references: References, findings: Findings) -> tuple[Text, ...]:
    if section is None:
        return ()
    shown = [block for block in section.blocks if not _is_silent(block)]
    if len(shown) != 1 or shown[0].kind not in LISTS:
        findings.error(
            section.passage.position(section.passage.first - 1),
            say("there is something other than a list under ### Petunjuk"),
            say("write one list there, each hint an item: - …"),
        )
        return ()
    return tuple(references.completed(section.passage.inside_item(item).text()) for item in shown[0].children)
