"""A quiz: how it runs (front matter) and its questions, each opened by ``## ``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

from lms.content.markdown.attributes import Head, read_head
from lms.content.markdown.blocks import Block, Passage
from lms.content.markdown.fields import Fields
from lms.content.markdown.frontmatter import YamlMap
from lms.content.markdown.headings import QUESTION, is_underlined, refuse_large_headings
from lms.content.markdown.links import Targets, check_links
from lms.content.markdown.model import (
    FeedbackMode,
    Grade,
    LatePolicy,
    Navigation,
    OnExpiry,
    Purpose,
    Question,
    Review,
    Shuffled,
    Text,
)
from lms.content.markdown.names import nearest, shorten
from lms.content.markdown.problems import Findings, say
from lms.content.markdown.question import read_question
from lms.content.markdown.references import References
from lms.content.markdown.values import duration, one_of, or_word, percent, whole

MOST_ATTEMPTS = 1000
MOST_DRAWN = 10_000


@dataclass(frozen=True)
class QuizBody:
    """``questions`` lacks those that could not be read; ``heads`` has all."""

    intro: Text
    questions: tuple[Question, ...]
    heads: tuple[Head, ...]


def read_quiz_settings(fields: Fields) -> dict[str, Any]:
    """A quiz's own keys, as values for ``Quiz``."""
    return {
        "pass_mark": fields.get("pass", percent, None),
        "attempts": fields.get("attempts", or_word("unlimited", None, whole(1, MOST_ATTEMPTS)), None),
        "grade": fields.get("grade", one_of(get_args(Grade)), "highest"),
        "time_limit": fields.get("time_limit", duration(lowest=60), None),
        "on_expiry": fields.get("on_expiry", one_of(get_args(OnExpiry)), "submit"),
        "grace": fields.get("grace", duration(), None),
        "wait": fields.get("wait", duration(), 0),
        "navigation": fields.get("navigation", one_of(get_args(Navigation)), "free"),
        "feedback": fields.get("feedback", one_of(get_args(FeedbackMode)), "deferred"),
        "review": fields.get("review", one_of(get_args(Review)), "kuis"),
        "shuffle": frozenset(fields.several("shuffle", one_of(get_args(Shuffled)))),
        "draw": _draw(fields),
        "purpose": fields.get("purpose", one_of(get_args(Purpose)), None),
        "late_policy": fields.get("late_policy", one_of(get_args(LatePolicy)), "trust"),
    }


def _draw(fields: Fields) -> dict[str, int] | None:
    if not isinstance(fields.value("draw"), YamlMap):
        count = fields.get("draw", whole(1, MOST_DRAWN), None)
        return None if count is None else {"": count}
    groups = fields.inner("draw")
    return (groups.each(whole(1, MOST_DRAWN)) or None) if groups else None


def read_quiz_body(body: Passage, findings: Findings, targets: Targets) -> QuizBody:
    blocks = body.blocks()
    references = References(body, blocks, findings)
    refuse_large_headings(blocks, body, findings, questions_too=False)
    openings = [index for index, block in enumerate(blocks) if block.tag == QUESTION and not is_underlined(block)]
    if not openings:
        findings.error(
            (body.first, 1),
            say("the quiz has no question"),
            say("open each question with a line ## and what is asked"),
        )
    intro_end = blocks[openings[0]].first - 1 if openings else body.last
    heads = []
    questions = []
    for start, end in zip(openings, [*openings[1:], len(blocks)], strict=False):
        last = blocks[end].first - 1 if end < len(blocks) else body.last
        head, question = _read_question(blocks[start], blocks[start + 1 : end], last, body, references, findings)
        heads.append(head)
        if question:
            questions.append(question)
    check_links(body, findings, targets)
    intro = references.completed(body.between(body.first, intro_end).text())
    return QuizBody(intro, tuple(questions), tuple(heads))


def _read_question(
    heading: Block,
    blocks: Sequence[Block],
    last: int,
    body: Passage,
    references: References,
    findings: Findings,
) -> tuple[Head, Question | None]:
    line = body.line(heading.first)
    marks = line.index(heading.markup) + len(heading.markup)
    column = line.index(heading.text, marks) + 1
    head = read_head(heading.text, (heading.first, column), findings)
    inside = body.between(heading.last + 1, last)
    return head, read_question(head, blocks, inside, references, findings)


def check_draw(draw: dict[str, int], questions: Sequence[Question], fields: Fields) -> None:
    """Whether there are as many questions as are drawn, in all or in each group."""
    if "" in draw:
        if draw[""] > len(questions):
            fields.fault(
                "draw",
                say(
                    "more questions are drawn (%(wanted)d) than there are (%(count)d)",
                    wanted=draw[""],
                    count=len(questions),
                ),
                say("draw fewer or write more questions"),
            )
        return
    groups = fields.inner("draw")
    sizes = Counter(question.group for question in questions if question.group)
    for group, wanted in draw.items():
        if groups and wanted > sizes[group]:
            near = nearest(group, sizes)
            groups.fault(
                group,
                say(
                    "more questions are drawn from the group “%(group)s” (%(wanted)d) than it has (%(count)d)",
                    wanted=wanted,
                    group=shorten(group),
                    count=sizes[group],
                ),
                say("did you mean “%(near)s”?", near=near)
                if near and near != group
                else say("draw fewer or write more questions"),
            )
    for question in questions:
        if question.group not in draw:
            fields.findings.warn(
                (question.line, 1),
                say("this question is never drawn"),
                say("give it as group= one of the groups under “draw”"),
            )
