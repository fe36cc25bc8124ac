"""A quiz: settings (front matter) and questions, each opened by ``## ``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from lms.content.items.base import Item, ItemSource, Renderer, item_types
from lms.content.markdown.attributes import Head, read_head
from lms.content.markdown.blocks import Block, Passage
from lms.content.markdown.fields import Fields
from lms.content.markdown.frontmatter import YamlMap
from lms.content.markdown.headings import QUESTION, is_underlined, refuse_large_headings
from lms.content.markdown.links import Targets, check_links
from lms.content.markdown.names import nearest, shorten
from lms.content.markdown.problems import Findings, say, term
from lms.content.markdown.references import References
from lms.content.markdown.values import duration, one_of, or_word, percent, whole
from lms.content.questions.base import Question
from lms.content.questions.reading import known_attributes, read_question
from lms.content.settings import setting, setting_of_keys
from lms.content.text import Text, with_html

GradeRule = Literal["highest", "average", "first", "last"]
OnExpiry = Literal["submit", "grace", "discard"]
Navigation = Literal["free", "sequential"]
Feedback = Literal["deferred", "immediate"]
Review = Literal["latihan", "kuis", "ujian"]
Shuffled = Literal["questions", "answers"]

MOST_ATTEMPTS = 1000
MOST_DRAWN = 10_000
MINUTES_PER_QUESTION = 1.5
GRACE_SECONDS = 60
"""Default grace period, for answers that are still on their way when time runs out."""


def _draw(fields: Fields, key: str) -> dict[str, int] | None:
    if not isinstance(fields.value(key), YamlMap):
        count = fields.get(key, whole(1, MOST_DRAWN), None)
        return None if count is None else {"": count}
    groups = fields.inner(key)
    return (groups.each(whole(1, MOST_DRAWN)) or None) if groups else None


@item_types.register
@dataclass(frozen=True, kw_only=True)
class Quiz(Item):
    """Questions with marks.

    ``attempts`` is None for unlimited; times are in seconds. ``draw`` is None (all),
    ``{"": n}`` (n of all) or a number per group. ``pass_mark`` is a percentage, None
    where the site's default holds.
    """

    type = "quiz"
    label = term("Quiz")
    icon = "M3 7l2 2 4-4M3 17l2 2 4-4M13 7h8M13 17h8"
    is_graded = True
    unsupported = ("purpose", "late_policy")

    intro: Text = field(default=Text(""), metadata={"stored": False})
    questions: tuple[Question, ...] = ()
    pass_mark: float | None = setting(percent, None, key="pass")
    attempts: int | None = setting(or_word("unlimited", None, whole(1, MOST_ATTEMPTS)), None)
    grade: GradeRule = setting(one_of(get_args(GradeRule)), "highest")
    time_limit: int | None = setting(duration(lowest=60), None)
    on_expiry: OnExpiry = setting(one_of(get_args(OnExpiry)), "submit")
    grace: int | None = setting(duration(), None)
    wait: int = setting(duration(), 0)
    navigation: Navigation = setting(one_of(get_args(Navigation)), "free")
    feedback: Feedback = setting(one_of(get_args(Feedback), unsupported=("tries",)), "deferred")
    review: Review = setting(one_of(get_args(Review)), "kuis")
    shuffle: frozenset[Shuffled] = setting(one_of(get_args(Shuffled)), frozenset(), each=frozenset)
    draw: dict[str, int] | None = setting_of_keys(_draw, None)

    @property
    def body_html(self) -> str:
        return self.intro.html or ""

    @property
    def minutes(self) -> float:
        asked = sum(self.draw.values()) if self.draw else len(self.questions)
        return self.time_limit / 60 if self.time_limit else MINUTES_PER_QUESTION * asked

    @property
    def grace_seconds(self) -> int:
        return GRACE_SECONDS if self.grace is None else self.grace

    @property
    def is_sequential(self) -> bool:
        return self.navigation == "sequential"

    @property
    def gives_feedback(self) -> bool:
        """True if questions can be checked during the attempt, which locks them. Exams only show the score."""
        return self.feedback == "immediate" and self.review != "ujian"

    @property
    def shows_hints(self) -> bool:
        return self.gives_feedback or self.review == "latihan"

    def question(self, question_id: str) -> Question:
        """:raises StopIteration: the quiz has no such question."""
        return next(question for question in self.questions if question.id == question_id)

    @classmethod
    def read_body(cls, source: ItemSource, settings: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Head, ...]]:
        intro, questions, heads = _read_questions(source.body, source.fields.findings, source.targets)
        if settings["draw"] and len(questions) == len(heads):
            _check_draw(settings["draw"], questions, source.fields)
        return {"intro": intro, "questions": questions}, heads

    def rendered(self, renderer: Renderer) -> Quiz:
        questions = (_rendered_question(number, one, renderer) for number, one in enumerate(self.questions, start=1))
        return replace(self, intro=renderer.passage(self.intro), questions=tuple(questions))


def _rendered_question(number: int, question: Question, renderer: Renderer) -> Question:
    key = question.id or f"q{number}"
    return with_html(replace(question, id=key), lambda text: renderer.phrase(text, prefix=f"{key}-"))


def _read_questions(
    body: Passage, findings: Findings, targets: Targets
) -> tuple[Text, tuple[Question, ...], tuple[Head, ...]]:
    """The introduction, the questions that could be read, and the heads of all questions."""
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
    return intro, tuple(questions), tuple(heads)


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
    head = read_head(heading.text, (heading.first, column), known_attributes(), findings)
    inside = body.between(heading.last + 1, last)
    return head, read_question(head, blocks, inside, references, findings)


def _check_draw(draw: dict[str, int], questions: Sequence[Question], fields: Fields) -> None:
    """Report a draw of more questions than there are, in the quiz or in a group."""
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
