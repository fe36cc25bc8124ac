"""An assignment: what is handed in and until when (front matter), its text and its rubric."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

from lms.content.markdown.blocks import Passage
from lms.content.markdown.fields import Fields
from lms.content.markdown.headings import QUESTION, is_large
from lms.content.markdown.links import Targets, check_links
from lms.content.markdown.model import Criterion, FileRules, Late, Submitted, Text, When
from lms.content.markdown.problems import Findings, say
from lms.content.markdown.references import DEFINITIONS, References
from lms.content.markdown.rubric import read_rubric
from lms.content.markdown.schedule import refuse_disorder
from lms.content.markdown.values import boolean, file_type, number, one_of, or_word, percent, size, when, whole

MOST_POINTS = 1000
MOST_FILES = 20
MOST_ATTEMPTS = 1000
DEFAULT_SUBMIT: tuple[Submitted, ...] = ("text", "files")


@dataclass(frozen=True)
class AssignmentBody:
    text: Text
    rubric: tuple[Criterion, ...]


def read_assignment_settings(fields: Fields) -> dict[str, Any]:
    """An assignment's own keys, as values for ``Assignment``."""
    submit = fields.several("submit", one_of(get_args(Submitted)), DEFAULT_SUBMIT)
    if not submit and fields.is_sound("submit"):
        fields.fault(
            "submit",
            say("nothing can be handed in"),
            say("write one of: %(choices)s", choices=", ".join(get_args(Submitted))),
        )
    if fields.get("group", boolean, False):
        fields.fault("group", say("work handed in by groups is not supported yet"), say("take the line out"))
    due = fields.get("due", when, None)
    late = _late(fields, due)
    if late and not due and fields.is_sound("due"):
        fields.fault(
            "late",
            say("nothing can be late where nothing is due"),
            say("write “due: …” as well, or take “late” out"),
        )
    return {
        "points": fields.get("points", number(0, MOST_POINTS, above=True), 100),
        "due": due,
        "late": late,
        "submit": frozenset(submit),
        "files": _file_rules(fields),
        "attempts": fields.get("attempts", or_word("unlimited", None, whole(1, MOST_ATTEMPTS)), None),
        "pass_mark": fields.get("pass", percent, None),
    }


def _late(fields: Fields, due: When | None) -> Late | None:
    inner = fields.inner("late")
    if not inner:
        return None
    late = Late(inner.get("until", when, None), inner.get("penalty", percent, 0))
    inner.finish()
    refuse_disorder(due, late.until, inner, "until")
    return late


def _file_rules(fields: Fields) -> FileRules:
    inner = fields.inner("files")
    if not inner:
        return FileRules()
    rules = FileRules(
        most=inner.get("max", whole(1, MOST_FILES), FileRules.most),
        size=inner.get("size", size, FileRules.size),
        types=inner.several("types", file_type) or FileRules.types,
    )
    inner.finish()
    return rules


def read_assignment_body(body: Passage, findings: Findings, targets: Targets) -> AssignmentBody:
    """The text without the part under ``## Rubrik``, and that part's table."""
    check_links(body, findings, targets)
    blocks = body.blocks()
    large = [block for block in blocks if is_large(block)]
    rubrics = [block for block in large if block.tag == QUESTION and block.text.strip().casefold() == "rubrik"]
    if not rubrics:
        return AssignmentBody(body.text(), ())
    heading, *others = rubrics
    for other in others:
        findings.error(
            (other.first, 1),
            say("there are two rubrics"),
            say("put all criteria into one table under ## Rubrik"),
        )
    end = next((block.first - 1 for block in large if block.first > heading.first), body.last)
    inside = [b for b in blocks if heading.last < b.first <= end and b.kind not in DEFINITIONS]
    rubric = read_rubric(heading, inside, body, findings)
    before = body.between(body.first, heading.first - 1).text()
    after = body.between(end + 1, body.last).text()
    source = "\n\n".join(part.source for part in (before, after) if part.source)
    line = before.line if before.source else after.line
    return AssignmentBody(References(body, blocks, findings).completed(Text(source, line)), rubric)
