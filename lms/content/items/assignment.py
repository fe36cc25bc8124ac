"""An assignment: what to submit and by when (front matter), its text, its rubric and a model answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal, get_args

from lms.content.file_limits import FileLimits
from lms.content.items.base import WORDS_PER_MINUTE, Item, ItemSource, MarksTold, Renderer, attempts_limit, item_types
from lms.content.markdown.attributes import Head
from lms.content.markdown.blocks import Block, Passage
from lms.content.markdown.fields import Fields
from lms.content.markdown.headings import QUESTION, is_large
from lms.content.markdown.links import Targets, check_links
from lms.content.markdown.problems import Findings, say, term
from lms.content.markdown.references import DEFINITIONS, References
from lms.content.markdown.schedule import refuse_disorder
from lms.content.markdown.values import (
    boolean,
    decimal,
    decimal_percent,
    one_of,
    percent,
    when,
)
from lms.content.rendering.text_parts import parts_of
from lms.content.rubric import Criterion, best_possible, read_rubric
from lms.content.settings import read_settings, setting, setting_of_keys
from lms.content.text import Text
from lms.content.when import When

Submitted = Literal["text", "files", "link"]
LatePolicy = Literal["strict", "decide"]

MODEL_ANSWER = "contoh jawaban"
MODEL_PREFIX = "contoh-"
"""Before each id in the model answer, which may stand on a page with the task."""
MAX_POINTS = 1000


@dataclass(frozen=True)
class Late:
    """The rules for late submissions: until when they are accepted, and the penalty in percent for each day begun."""

    until: When | None = setting(when, None)
    penalty: Decimal = setting(decimal_percent, Decimal(0))


def _late(fields: Fields, key: str) -> Late | None:
    inner = fields.inner(key)
    if not inner:
        return None
    late = Late(**read_settings(Late, inner))
    inner.finish()
    return late


def _files(fields: Fields, key: str) -> FileLimits:
    inner = fields.inner(key)
    if not inner:
        return FileLimits()
    limits = FileLimits(**read_settings(FileLimits, inner))
    inner.finish()
    return limits if limits.types else replace(limits, types=FileLimits().types)


@item_types.register
@dataclass(frozen=True, kw_only=True)
class Assignment(Item):
    """Work to submit. ``attempts`` is None for unlimited; ``pass_mark`` is a percentage, None: the site's."""

    type = "assignment"
    label = term("Assignment")
    own_time = term("reading the task about %(own)s min")
    icon = "M4 20l1-5L16 4l4 4L9 19zM13 7l4 4"
    is_graded = True
    is_marked_by_people = True

    body: Text = field(default=Text(""), metadata={"stored": False})
    points: Decimal = setting(decimal(0, MAX_POINTS, above=True), Decimal(100))
    due: When | None = setting(when, None)
    late: Late | None = setting_of_keys(_late, None)
    late_policy: LatePolicy = setting(one_of(get_args(LatePolicy)), "strict")
    """``decide``: late work is accepted, and its grader decides what lateness costs."""
    submit: frozenset[Submitted] = setting(one_of(get_args(Submitted)), frozenset({"text", "files"}), each=frozenset)
    files: FileLimits = setting_of_keys(_files, FileLimits())
    attempts: int | None = setting(attempts_limit, None)
    marks: MarksTold = setting(one_of(get_args(MarksTold)), "at-once")
    group: bool = setting(boolean, False)
    """One member of a group hands in for all of it."""
    anonymous: bool = setting(boolean, False)
    """Graders see a number instead of the name until the learner is told the mark."""
    rubric: tuple[Criterion, ...] = ()
    model_answer: Text = field(default=Text(""))
    """The text under ``## Contoh jawaban``: no part of the task. ``assignments.policy`` says who may read it."""
    pass_mark: float | None = setting(percent, None, key="pass")

    @property
    def prose(self) -> str:
        return self.body.source

    @property
    def body_html(self) -> str:
        return self.body.html or ""

    @property
    def pages_html(self) -> tuple[str, ...]:
        return (self.body_html, self.model_answer.html) if self.model_answer.html else (self.body_html,)

    @property
    def own_minutes(self) -> float:
        return sum(parts_of(self.body_html).words) / WORDS_PER_MINUTE

    def total_minutes(self, jp_minutes: int) -> float:
        """The learning time. Without ``minutes`` in the file it is the item's JP, or one JP."""
        return super().total_minutes(jp_minutes) if self.practice_minutes else max(self.jp, 1) * jp_minutes

    @property
    def is_for_groups(self) -> bool:
        return self.group

    @property
    def best(self) -> Decimal:
        """The most points that can be earned, by the rubric if there is one."""
        return best_possible(self.rubric) if self.rubric else self.points

    @property
    def takes_late(self) -> bool:
        """Work is accepted after ``due``."""
        return self.late is not None or self.is_lateness_decided

    @property
    def is_lateness_decided(self) -> bool:
        """A grader decides the deduction of each late paper; ``penalty`` is only what is proposed."""
        return self.late_policy == "decide"

    @property
    def penalty(self) -> Decimal:
        """Percent of the mark deducted for each day begun after ``due``."""
        return self.late.penalty if self.late else Decimal(0)

    @classmethod
    def read_body(cls, source: ItemSource, settings: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Head, ...]]:
        _check_settings(source.fields, settings)
        return _read_task(source.body, source.fields.findings, source.targets), ()

    def rendered(self, renderer: Renderer) -> Assignment:
        model_answer = renderer.passage(self.model_answer, MODEL_PREFIX) if self.model_answer else self.model_answer
        return replace(self, body=renderer.passage(self.body), model_answer=model_answer)


def _check_settings(fields: Fields, settings: Mapping[str, Any]) -> None:
    if not settings["submit"] and fields.is_sound("submit"):
        fields.fault(
            "submit",
            say("nothing can be handed in"),
            say("write one of: %(choices)s", choices=", ".join(get_args(Submitted))),
        )
    if settings["group"] and settings["anonymous"] and fields.is_sound("anonymous"):
        fields.fault(
            "anonymous",
            say("the work of a group names its members"),
            say("take “anonymous” out, or “group”"),
        )
    due, late = settings["due"], settings["late"]
    if late and not due and fields.is_sound("due"):
        fields.fault(
            "late",
            say("nothing can be late where nothing is due"),
            say("write “due: …” as well, or take “late” out"),
        )
    if settings["late_policy"] == "decide" and not due and fields.is_sound("due"):
        fields.fault(
            "late_policy",
            say("nothing can be late where nothing is due"),
            say("write “due: …” as well, or take “late_policy” out"),
        )
    if late and (inner := fields.inner("late")):
        refuse_disorder(due, late.until, inner, "until")


def _read_task(body: Passage, findings: Findings, targets: Targets) -> dict[str, Any]:
    """The text without its sections ``## Rubrik`` and ``## Contoh jawaban``, and what stands in these."""
    check_links(body, findings, targets)
    blocks = body.blocks()
    references = References(body, blocks, findings)
    model_answer, end_of_task = _read_model_answer(blocks, body, findings)
    task = [block for block in blocks if block.first <= end_of_task]
    text, rubric = _without_rubric(task, body, end_of_task, findings)
    return {
        "body": references.completed(text),
        "rubric": rubric,
        "model_answer": references.completed(model_answer) if model_answer else model_answer,
    }


def _read_model_answer(blocks: Sequence[Block], body: Passage, findings: Findings) -> tuple[Text, int]:
    """The text from ``## Contoh jawaban`` to the end of the file, and the last line above it."""
    for block in blocks:
        if _title(block) == MODEL_ANSWER and block.tag != QUESTION:
            findings.error(
                (block.first, 1),
                say("this heading would show the model answer to everybody, together with the task"),
                say("write it with two #: ## Contoh jawaban"),
            )
    heading = _model_heading(blocks)
    if heading is None:
        return Text(""), body.last
    for block in blocks:
        if block.first > heading.first and is_large(block):
            findings.error(
                (block.first, 1),
                say("the model answer goes on to the end of the file, and this heading is within it"),
                say("move this part above ## Contoh jawaban, or write ### for a heading within the model answer"),
            )
    if all(block.kind in DEFINITIONS for block in blocks if block.first > heading.last):
        findings.error(
            (heading.first, 1),
            say("there is nothing under ## Contoh jawaban"),
            say("write the model answer there, or take the heading out"),
        )
    return body.between(heading.last + 1, body.last).text(), heading.first - 1


def _model_heading(blocks: Sequence[Block]) -> Block | None:
    return next((one for one in blocks if _title(one) == MODEL_ANSWER and one.tag == QUESTION), None)


def end_of_task(blocks: Sequence[Block], last: int) -> int:
    """The last line above the model answer."""
    heading = _model_heading(blocks)
    return heading.first - 1 if heading else last


@dataclass(frozen=True)
class RubricSection:
    """``end``: its last line."""

    heading: Block
    others: tuple[Block, ...]
    """Headings of further rubrics, which are faults."""
    inside: tuple[Block, ...]
    end: int


def rubric_section(blocks: Sequence[Block], last: int) -> RubricSection | None:
    """:param blocks: those of the task, which ends with the line ``last``."""
    large = [block for block in blocks if is_large(block)]
    rubrics = [block for block in large if block.tag == QUESTION and _title(block) == "rubrik"]
    if not rubrics:
        return None
    heading, *others = rubrics
    end = next((block.first - 1 for block in large if block.first > heading.first), last)
    inside = [b for b in blocks if heading.last < b.first <= end and b.kind not in DEFINITIONS]
    return RubricSection(heading, tuple(others), tuple(inside), end)


def _title(block: Block) -> str:
    return block.text.strip().rstrip(":").casefold() if block.kind == "heading" else ""


def _without_rubric(
    blocks: Sequence[Block], body: Passage, last: int, findings: Findings
) -> tuple[Text, tuple[Criterion, ...]]:
    section = rubric_section(blocks, last)
    if section is None:
        return body.between(body.first, last).text(), ()
    heading = section.heading
    for other in section.others:
        findings.error(
            (other.first, 1),
            say("there are two rubrics"),
            say("put all criteria into one table under ## Rubrik"),
        )
    rubric = read_rubric("## Rubrik", heading.first, section.inside, body, findings)
    before = body.between(body.first, heading.first - 1).text()
    after = body.between(section.end + 1, last).text()
    source = "\n\n".join(part.source for part in (before, after) if part.source)
    return Text(source, before.line if before.source else after.line), rubric
