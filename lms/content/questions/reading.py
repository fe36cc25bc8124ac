"""Reading one question: stem, answers, explanation and hints.

From the top: the stem, the answers (the last block that has the shape of any kind's
answers), a quote with the explanation; then ``### Pembahasan`` and ``### Petunjuk``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from lms.content.markdown.attributes import ID, Head
from lms.content.markdown.blocks import LISTS, Block, Passage, plain
from lms.content.markdown.fields import Fields
from lms.content.markdown.headings import is_large
from lms.content.markdown.problems import Findings, say
from lms.content.markdown.references import DEFINITIONS, References
from lms.content.markdown.values import name, one_of
from lms.content.questions import base
from lms.content.questions.base import AnswerBlock, Question
from lms.content.settings import read_settings, refuse_unsupported, settings_of
from lms.content.text import Text

UNSUPPORTED_TYPES = ("truefalse", "number", "order", "match", "essay", "description")
UNSUPPORTED_ATTRIBUTES = ("tags", "objective", "difficulty", "pair", "lint-off")

_EXPLANATION, _HINTS, _RUBRIC = "pembahasan", "petunjuk", "rubrik"
_GAP = re.compile(r"(?<!\\)\[\[[^\[\]\n]{1,200}\]\](?![(\[])")
_NUMBERED = re.compile(r"([0-9]{1,9})([.)])")


@dataclass(frozen=True)
class _Part:
    """The opening of a question, or the section under one of its named headings."""

    passage: Passage
    blocks: Sequence[Block]


def known_attributes() -> tuple[str, ...]:
    """All attribute keys of the format, supported or not."""
    return ("type", *base.attribute_keys(), *UNSUPPORTED_ATTRIBUTES)


def read_question(
    head: Head, blocks: Sequence[Block], passage: Passage, references: References, findings: Findings
) -> Question | None:
    """The question that ``head`` opens; ``passage`` and ``blocks`` are what stands below its heading.

    None where its kind is unknown; the reason is in ``findings``.
    """
    attributes = Fields(head.attributes, findings)
    id_ = attributes.get(ID, name, "")
    type_word = _type_word(attributes)
    refuse_unsupported(UNSUPPORTED_ATTRIBUTES, attributes)
    shared = read_settings(Question, attributes)
    if type_word in _not_yet():
        _read_attributes_of_all_kinds(attributes)
        return None
    parts = _parts(blocks, passage, findings)
    opening = parts[""]
    found = _answers_in(opening, type_word, attributes)
    if found is None:
        _read_attributes_of_all_kinds(attributes)
        _explain_missing_answers(head, opening, findings)
        return None
    kind, index = found
    own = read_settings(kind, attributes, but=settings_of(Question))
    answers = kind.read(AnswerBlock(opening.blocks[index], passage, attributes, references, findings))
    _refuse_attributes_of_other_kinds(attributes, kind)
    attributes.finish()
    stem = _stem(head, opening, index)
    if not stem.source:
        findings.error(
            passage.position(head.line),
            say("the question has no text"),
            say("write what is asked above the answers"),
        )
    return kind(
        id=id_,
        title=plain((head.text or stem.source.partition("\n")[0])[:300]),
        stem=references.completed(stem),
        line=head.line,
        explanation=_explanation(parts, index, references, findings),
        hints=_hints(parts.get(_HINTS), references, findings),
        **shared,
        **own,
        **answers,
    )


def _type_word(attributes: Fields) -> str | None:
    word: str | None = attributes.get("type", one_of((*base.types(), *_not_yet())), None)
    if word in _not_yet():
        attributes.fault(
            "type",
            say("questions of the type “%(kind)s” are not supported yet", kind=word),
            say("ask with a task list of choices or with short answers (= text)"),
        )
    return word


def _not_yet() -> tuple[str, ...]:
    return tuple(word for word in UNSUPPORTED_TYPES if word not in base.types())


def _read_attributes_of_all_kinds(attributes: Fields) -> None:
    """Report faults in attributes even if the kind is unknown."""
    done = set(settings_of(Question))
    for kind in base.kinds:
        read_settings(kind, attributes, but=done)
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


def _parts(blocks: Sequence[Block], passage: Passage, findings: Findings) -> dict[str, _Part]:
    """The question split at its named headings. The opening has the name ``""``."""
    cuts = [index for index, block in enumerate(blocks) if _part_name(block)]
    opening_end = blocks[cuts[0]].first - 1 if cuts else passage.last
    opening = _Part(passage.between(passage.first, opening_end), blocks[: cuts[0] if cuts else len(blocks)])
    parts = {"": opening}
    for cut, end in zip(cuts, [*cuts[1:], len(blocks)], strict=False):
        heading = blocks[cut]
        part = _part_name(heading)
        if part == _RUBRIC:
            findings.error(
                passage.position(heading.first),
                say("essay questions with a rubric are not supported yet"),
                say("make it an assignment, or ask with choices or short answers"),
            )
        elif part in parts:
            findings.error(
                passage.position(heading.first),
                say("the heading “%(heading)s” stands twice in this question", heading=part.capitalize()),
                say("put the text under one of the two"),
            )
        last = blocks[end].first - 1 if end < len(blocks) else passage.last
        parts.setdefault(part, _Part(passage.between(heading.last + 1, last), blocks[cut + 1 : end]))
    return parts


def _part_name(block: Block) -> str:
    folded = block.text.strip().casefold()
    is_named = block.tag == "h3" and folded in (_EXPLANATION, _HINTS, _RUBRIC)
    return folded if is_named else ""


def _answers_in(opening: _Part, type_word: str | None, attributes: Fields) -> tuple[type[Question], int] | None:
    """The kind, and the index of the last block that has the shape of its answers."""
    findings = attributes.findings
    shaped = _shaped(opening, type_word)
    if not shaped and type_word and (shaped := _shaped(opening, None)):
        attributes.fault(
            "type",
            say("“type=%(type)s” does not go with these answers", type=type_word),
            say("take it out, or write the answers that belong to it"),
        )
    if not shaped:
        return None
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


def _shaped(opening: _Part, type_word: str | None) -> list[tuple[type[Question], int]]:
    """The indexes of blocks that have the shape of answers, each with its kind."""
    return [(kind, index) for index, block in enumerate(opening.blocks) if (kind := base.kind_for(block, type_word))]


def _explain_missing_answers(head: Head, opening: _Part, findings: Findings) -> None:
    misses = (kind.near_miss(block, opening.passage) for block in opening.blocks for kind in base.kinds)
    if miss := next((one for one in misses if one), None):
        findings.error(miss.position, miss.what, miss.mend)
    elif _GAP.search("\n".join((head.text, *opening.passage.lines))):
        findings.error(
            opening.passage.position(head.line),
            say("questions with gaps ([[…]]) are not supported yet"),
            say("ask with a task list of choices or with short answers (= text)"),
        )
    else:
        findings.error(
            opening.passage.position(head.line),
            say("the question has no answers"),
            say("write a task list (- [x] right, - [ ] wrong) or lines with “= ” below it"),
        )


def _stem(head: Head, opening: _Part, answers_at: int) -> Text:
    end = opening.blocks[answers_at].first - 1
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


def _explanation(parts: dict[str, _Part], answers_at: int, references: References, findings: Findings) -> Text | None:
    """The quote below the answers, or the section under the heading."""
    opening, section = parts[""], parts.get(_EXPLANATION)
    below = [block for block in opening.blocks[answers_at + 1 :] if not _is_silent(block)]
    quotes = list(takewhile(lambda block: block.kind == "blockquote", below))
    strange = next((block for block in below[len(quotes) :] if not is_large(block)), None)
    if strange:
        findings.error(
            opening.passage.position(strange.first),
            say("here stands text below the answers"),
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


def _hints(section: _Part | None, references: References, findings: Findings) -> tuple[Text, ...]:
    if section is None:
        return ()
    shown = [block for block in section.blocks if not _is_silent(block)]
    if len(shown) != 1 or shown[0].kind not in LISTS:
        findings.error(
            section.passage.position(section.passage.first - 1),
            say("under ### Petunjuk stands something else than a list"),
            say("write one list there, each hint an item: - …"),
        )
        return ()
    return tuple(references.completed(section.passage.inside_item(item).text()) for item in shown[0].children)
