"""One question: its stem, its answers, and what is told afterwards.

From the top: the stem, the answers (the last block of an answering shape), a
quote with the explanation; then ``### Pembahasan`` and ``### Petunjuk``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, get_args

from lms.content.markdown.answers import (
    hides_short_answers,
    is_choices,
    is_short_answers,
    read_choices,
    read_short_answers,
)
from lms.content.markdown.attributes import ID, Head
from lms.content.markdown.blocks import LISTS, Block, Passage, plain
from lms.content.markdown.fields import Fields
from lms.content.markdown.headings import is_large
from lms.content.markdown.model import Question, Scoring, Text
from lms.content.markdown.problems import Findings, say
from lms.content.markdown.references import DEFINITIONS, References
from lms.content.markdown.values import line, name, number, one_of

UNSUPPORTED_TYPES = ("truefalse", "number", "order", "match", "essay", "description")
MOST_POINTS = 1000
FEWEST_CHOICES = 2

_EXPLANATION, _HINTS, _RUBRIC = "pembahasan", "petunjuk", "rubrik"
_GAP = re.compile(r"(?<!\\)\[\[[^\[\]\n]{1,200}\]\](?![(\[])")
_NUMBERED = re.compile(r"([0-9]{1,9})([.)])")


@dataclass(frozen=True)
class _Part:
    """The opening of a question, or what stands under one of its named headings."""

    passage: Passage
    blocks: Sequence[Block]


def read_question(
    head: Head, blocks: Sequence[Block], passage: Passage, references: References, findings: Findings
) -> Question | None:
    """The question that ``head`` opens; ``passage`` and ``blocks`` are what stands below its heading.

    None where it cannot be told what the answers are; the reason is in ``findings``.
    """
    attributes = Fields(head.attributes, findings)
    said = _attributes(attributes)
    if said.pop("type") in UNSUPPORTED_TYPES:
        return None
    parts = _parts(blocks, passage, findings)
    opening = parts[""]
    index = _answers_at(opening, findings)
    if index is None:
        _explain_missing_answers(head, opening, findings)
        return None
    stem = _stem(head, opening, index)
    if not stem.source:
        findings.error(
            passage.place(head.line),
            say("the question has no text"),
            say("write what is asked above the answers"),
        )
    return Question(
        title=plain((head.text or stem.source.partition("\n")[0])[:300]),
        stem=references.completed(stem),
        line=head.line,
        explanation=_explanation(parts, index, references, findings),
        hints=_hints(parts.get(_HINTS), references, findings),
        **said,
        **_answers(opening.blocks[index], passage, attributes, references, findings),
    )


def _attributes(attributes: Fields) -> dict[str, Any]:
    """The attributes as values for a question; faults are reported, and so is a type of a later release."""
    said = {
        "id": attributes.get(ID, name, None),
        "type": attributes.get("type", one_of(("multiple", *UNSUPPORTED_TYPES)), None),
        "points": attributes.get("points", number(0, MOST_POINTS, above=True), 1),
        "group": attributes.get("group", line(60), None),
        "tags": _words(attributes.get("tags", line(), "")),
        "objective": attributes.get("objective", line(300), None),
        "difficulty": attributes.get("difficulty", line(60), None),
        "pair": attributes.get("pair", line(60), None),
        "scoring": attributes.get("scoring", one_of(get_args(Scoring)), "exact"),
        "lint_off": _words(attributes.get("lint-off", line(), "")),
    }
    attributes.finish()
    if said["type"] in UNSUPPORTED_TYPES:
        attributes.fault(
            "type",
            say("questions of the type “%(kind)s” are not supported yet", kind=said["type"]),
            say("ask with a task list of choices or with short answers (= text)"),
        )
    return said


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _parts(blocks: Sequence[Block], passage: Passage, findings: Findings) -> dict[str, _Part]:
    """The question cut at its named headings; the opening is the part named ``""``."""
    cuts = [index for index, block in enumerate(blocks) if _part_name(block)]
    opening_end = blocks[cuts[0]].first - 1 if cuts else passage.last
    opening = _Part(passage.between(passage.first, opening_end), blocks[: cuts[0] if cuts else len(blocks)])
    parts = {"": opening}
    for cut, end in zip(cuts, [*cuts[1:], len(blocks)], strict=False):
        heading = blocks[cut]
        part = _part_name(heading)
        if part == _RUBRIC:
            findings.error(
                passage.place(heading.first),
                say("essay questions with a rubric are not supported yet"),
                say("make it an assignment, or ask with choices or short answers"),
            )
        elif part in parts:
            findings.error(
                passage.place(heading.first),
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


def _answers_at(opening: _Part, findings: Findings) -> int | None:
    """The index of the last block of an answering shape."""
    shaped = [index for index, block in enumerate(opening.blocks) if is_choices(block) or is_short_answers(block)]
    if not shaped:
        return None
    if len(shaped) > 1:
        between = opening.blocks[shaped[-2] + 1 : shaped[-1]]
        if all(block.kind == "blockquote" or _is_silent(block) for block in between):
            findings.error(
                opening.passage.place(opening.blocks[shaped[-1]].first),
                say("the answers fall apart into two blocks"),
                say("use one mark (-) for all choices, indent quotes under their choice, leave no gap between = lines"),
            )
    return shaped[-1]


def _is_silent(block: Block) -> bool:
    """A block that shows nothing where it stands: a comment, a link target, a footnote."""
    return block.kind in DEFINITIONS or (block.kind == "html_block" and block.text.lstrip().startswith("<!--"))


def _explain_missing_answers(head: Head, opening: _Part, findings: Findings) -> None:
    for block in opening.blocks:
        if hides_short_answers(block):
            before = block.text.partition("\n= ")[0]
            findings.error(
                opening.passage.place(block.first + before.count("\n") + 1),
                say("these answers hang on to the text above"),
                say("leave a blank line before the first line with “= ”"),
            )
            return
    if _GAP.search("\n".join((head.text, *opening.passage.lines))):
        findings.error(
            opening.passage.place(head.line),
            say("questions with gaps ([[…]]) are not supported yet"),
            say("ask with a task list of choices or with short answers (= text)"),
        )
        return
    findings.error(
        opening.passage.place(head.line),
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
    """A heading's words so that they stay words: ``1. Apa …`` must not become a list."""
    blocks = Passage((words,), 1).blocks()
    if len(blocks) == 1 and blocks[0].kind == "paragraph":
        return words
    if found := _NUMBERED.match(words):
        return f"{found[1]}\\{words[found.end(1) :]}"
    return f"\\{words}"


def _answers(
    block: Block, passage: Passage, attributes: Fields, references: References, findings: Findings
) -> dict[str, Any]:
    """Kind, options and accepted answers, and whether they fit each other and the attributes."""
    if is_short_answers(block):
        kind = "short"
        found: dict[str, Any] = {"accepted": read_short_answers(block, passage, findings)}
    else:
        options = read_choices(block, passage, references, findings)
        right = sum(option.is_correct for option in options)
        kind = "multiple" if "type" in attributes or right > 1 else "single"
        found = {"options": options}
        if len(options) == len(block.children):
            _check_choices(len(options), right, block, passage, findings)
    if kind == "short" and "type" in attributes:
        attributes.fault(
            "type",
            say("“type” does not go with short answers"),
            say("take it out: lines with “= ” make a short answer"),
        )
    if kind != "multiple" and "scoring" in attributes:
        attributes.fault(
            "scoring",
            say("“scoring” goes with several right choices only"),
            say("take it out, or write type=multiple"),
        )
    return {"kind": kind, **found}


def _check_choices(count: int, right: int, block: Block, passage: Passage, findings: Findings) -> None:
    place = passage.place(block.first)
    if count < FEWEST_CHOICES:
        findings.error(place, say("there is only one choice"), say("give at least two choices"))
    elif right == 0:
        findings.error(place, say("no choice is marked as right"), say("write [x] before the right choice"))


def _explanation(parts: dict[str, _Part], answers_at: int, references: References, findings: Findings) -> Text | None:
    """The quote right below the answers, or what stands under its heading."""
    opening, section = parts[""], parts.get(_EXPLANATION)
    below = [block for block in opening.blocks[answers_at + 1 :] if not _is_silent(block)]
    quotes = list(takewhile(lambda block: block.kind == "blockquote", below))
    strange = next((block for block in below[len(quotes) :] if not is_large(block)), None)
    if strange:
        findings.error(
            opening.passage.place(strange.first),
            say("here stands text below the answers"),
            say("move it above the answers, or under ### Pembahasan"),
        )
    if quotes and section:
        findings.error(
            section.passage.place(section.passage.first - 1),
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
            section.passage.place(section.passage.first - 1),
            say("under ### Petunjuk stands something else than a list"),
            say("write one list there, each hint an item: - …"),
        )
        return ()
    return tuple(references.completed(section.passage.inside_item(item).text()) for item in shown[0].children)
