"""Questions whose answers have parts, in Markdown, GIFT and Moodle XML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from xml.sax.saxutils import escape, quoteattr

from lms.content.file_limits import written_files
from lms.content.questions.description import Description
from lms.content.questions.essay import Essay
from lms.content.questions.gap_text import gaps_in
from lms.content.questions.gaps import Gaps
from lms.content.questions.match import Match
from lms.content.questions.order import Order
from lms.content.text import Text

GRADING = {
    "exact": "ALL_OR_NOTHING",
    "each-answer": "ABSOLUTE_POSITION",
    "neighbours": "RELATIVE_NEXT_EXCLUDE_LAST",
    "pairs": "RELATIVE_ALL_PREVIOUS_AND_NEXT",
    "longest-run": "LONGEST_ORDERED_SUBSET",
}
"""Moodle's names for the ways of giving points for an order."""
ARROW = "->"
STAR = "\\*"
"""An asterisk alone stands for any text."""
_IN_CLOZE = re.compile(r"[}#~]")

Escape = Callable[[str], str]


# Markdown


def order_in_markdown(question: Order, _mark: str) -> str:
    return "\n".join(_listed(number, step.text.source) for number, step in enumerate(question.in_order, start=1))


def _listed(number: int, text: str) -> str:
    mark = f"{number}. "
    first, *others = text.split("\n")
    return "\n".join([mark + first, *(" " * len(mark) + line if line.strip() else "" for line in others)])


def order_attributes(question: Order) -> dict[str, str]:
    return {"type": "order", "scoring": "" if question.scoring == "exact" else question.scoring}


def match_in_markdown(question: Match, _mark: str) -> str:
    head = [one.source if one else "" for one in (question.left_head, question.right_head)]
    rows = [_row(*row) for row in _pairs_of(question)]
    return "\n".join([_row(*head), "| --- | --- |", *rows])


def _row(*cells: str) -> str:
    escaped = (one.replace("|", "\\|") for one in cells)
    return f"| {' | '.join(escaped)} |"


def match_attributes(question: Match) -> dict[str, str]:
    return {"type": "match", "scoring": "" if question.scoring == "each-answer" else question.scoring}


def _pairs_of(question: Match) -> list[tuple[str, str]]:
    """Rows, then distractors with an empty left side."""
    texts = {one.id: one.text.source for one in question.partners}
    rows = [(row.text.source, texts[row.partner]) for row in question.rows]
    return [*rows, *(("", one.text.source) for one in question.distractors)]


def nothing_in_markdown(_question: Gaps | Essay | Description, _mark: str) -> str:
    """The answers stand in the stem, or there are none."""
    return ""


def gaps_attributes(question: Gaps) -> dict[str, str]:
    return {"scoring": "" if question.scoring == "each-answer" else question.scoring}


def essay_attributes(question: Essay) -> dict[str, str]:
    return {"type": "essay"} | ({"files": written_files(question.files)} if question.files else {})


def rubric_table(question: Essay) -> str:
    """The rubric in Markdown; empty without one."""
    if not question.rubric:
        return ""
    levels = [f"{one.title} ({one.points.normalize():f})" for one in question.rubric[0].levels]
    rows = [[one.title, *(level.description for level in one.levels)] for one in question.rubric]
    return "\n".join([_row("Kriteria", *levels), _row(*["---"] * (len(levels) + 1)), *(_row(*row) for row in rows)])


def description_attributes(_question: Description) -> dict[str, str]:
    return {"type": "description", "points": ""}


# GIFT


def order_in_gift(question: Order, text: Escape) -> list[str]:
    steps = question.in_order
    first = f">{len(steps)} ALL VERTICAL {GRADING[question.scoring]} HIDE"
    lines = [text(step.text.source) for step in steps]
    return [first, *(f"[markdown]{line}" if line.startswith("//") else line for line in lines)]  # no comment


def match_in_gift(question: Match, text: Escape, plain: Escape) -> list[str] | None:
    """Nothing escapes an arrow in a text."""
    pairs = _pairs_of(question)
    if any(ARROW in left or ARROW in right for left, right in pairs):
        return None
    return [f"={text(left) if left else ''} {ARROW} {plain(right)}" for left, right in pairs]


def match_facts(question: Match) -> Iterator[tuple[str, str]]:
    """What Moodle has no place for. It takes partners for plain text."""
    yield "match", "markdown"
    yield "left", question.left_head.source if question.left_head else ""
    yield "right", question.right_head.source if question.right_head else ""
    yield "scoring", "" if question.scoring == "each-answer" else question.scoring


# Moodle XML


def order_in_xml(question: Order) -> Iterator[str]:
    steps = question.in_order
    yield "<layouttype>VERTICAL</layouttype><selecttype>ALL</selecttype>"
    yield f"<selectcount>{len(steps)}</selectcount><gradingtype>{GRADING[question.scoring]}</gradingtype>"
    yield "<showgrading>HIDE</showgrading><numberingstyle>none</numberingstyle>"
    for step in steps:
        yield f'<answer fraction="{step.place}" format="markdown"><text>{_escaped(step.text.source)}</text></answer>'


def match_in_xml(question: Match) -> Iterator[str]:
    facts = "".join(f" {key}={quoteattr(value)}" for key, value in match_facts(question) if value)
    yield f"<lms{facts}/>"
    yield "<shuffleanswers>true</shuffleanswers>"
    for left, right in _pairs_of(question):
        answer = f"<answer><text>{_escaped(right)}</text></answer>"
        yield f'<subquestion format="markdown"><text>{_escaped(left)}</text>{answer}</subquestion>'


def gaps_in_xml(question: Gaps) -> Iterator[str]:
    yield f"<lms scoring={quoteattr(question.scoring)}/>"


def cloze(question: Gaps) -> Text:
    """The stem with each gap as Moodle writes embedded answers."""
    source, parts, at = question.stem.source, [], 0
    gaps = iter(question.gaps)
    for found in gaps_in(source):
        if found.place != "text":
            continue
        gap = next(gaps)
        parts.append(source[at : found.start])
        at = found.end
        if gap.options:
            options = [f"{'=' if one in gap.accepted else ''}{_in_cloze(one)}" for one in gap.options]
            parts.append(f"{{1:MULTICHOICE:{'~'.join(options)}}}")
        else:
            texts = [f"={_in_cloze(one.replace('*', STAR))}" for one in gap.accepted]
            parts.append(f"{{1:SHORTANSWER:{'~'.join(texts)}}}")
    return Text("".join([*parts, source[at:]]))


def essay_in_xml(question: Essay) -> Iterator[str]:
    """Moodle shows the rubric to graders as a text."""
    most = question.files.most if question.files else 0
    yield "<responseformat>plain</responseformat><responserequired>1</responserequired>"
    yield f"<attachments>{most}</attachments>"
    if question.rubric:
        yield f'<graderinfo format="markdown"><text>{escape(rubric_table(question))}</text></graderinfo>'


def description_in_xml(_question: Description) -> Iterator[str]:
    return iter(())


def _in_cloze(text: str) -> str:
    return _IN_CLOZE.sub(r"\\\g<0>", text)


def _escaped(text: str) -> str:
    return escape(text.strip(), {"\r": "&#13;"})
