"""A survey: what learners think of the course (front matter) and questions, each opened by ``## ``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from lms.content.items.base import CompletesBy, Item, ItemSource, Renderer, item_types
from lms.content.items.quiz import question_blocks
from lms.content.items.survey_questions import (
    SurveyQuestion,
    attribute_keys,
    read_survey_question,
    rendered_question,
)
from lms.content.markdown.attributes import Head, read_head
from lms.content.markdown.fields import Fields
from lms.content.markdown.frontmatter import YamlText
from lms.content.markdown.headings import refuse_large_headings
from lms.content.markdown.links import check_links
from lms.content.markdown.problems import say, term
from lms.content.markdown.references import References
from lms.content.markdown.values import boolean, one_of
from lms.content.settings import setting
from lms.content.text import Text

Complete = Literal["sent", "none"]

MAX_QUESTIONS = 20
MINUTES_PER_QUESTION = 0.5
_UNSUPPORTED = (("level", "reaction", ("behaviour",)), ("respondent", "learner", ("superior", "peer")))
"""A key, what it may say, and what it cannot say yet."""


@item_types.register
@dataclass(frozen=True, kw_only=True)
class Survey(Item):
    """Questions without marks. ``anonymous``: an answer is stored without its author."""

    type = "survey"
    label = term("Survey")
    own_time = term("answering about %(own)s min")
    icon = "M4 4h16v12H9l-5 4zM8 8h8M8 12h5"

    complete: Complete = setting(one_of(get_args(Complete)), "sent")
    anonymous: bool = setting(boolean, False)
    intro: Text = field(default=Text(""), metadata={"stored": False})
    asks: tuple[SurveyQuestion, ...] = ()

    @property
    def with_ids(self) -> tuple[SurveyQuestion, ...]:
        return self.asks

    @property
    def prose(self) -> str:
        return self.intro.source

    @property
    def body_html(self) -> str:
        return self.intro.html or ""

    @property
    def own_minutes(self) -> float:
        return MINUTES_PER_QUESTION * len(self.asks)

    @property
    def completes_by(self) -> CompletesBy:
        return "none" if self.complete == "none" else "result"

    @classmethod
    def read_body(cls, source: ItemSource, settings: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Head, ...]]:
        _refuse_unsupported_values(source.fields)
        body, findings = source.body, source.fields.findings
        blocks = body.blocks()
        references = References(body, blocks, findings)
        refuse_large_headings(blocks, body, findings, questions_too=False)
        found = question_blocks(body, blocks)
        if not found:
            findings.error(
                (body.first, 1),
                say("the survey has no question"),
                say("open each question with a line ## and what is asked"),
            )
        if len(found) > MAX_QUESTIONS:
            findings.error(
                found[MAX_QUESTIONS].head_position,
                say("a survey has at most %(limit)d questions", limit=MAX_QUESTIONS),
                say("take some out: short surveys are answered with more care"),
            )
        heads = [read_head(one.head_text, one.head_position, attribute_keys(), findings) for one in found]
        asks = [read_survey_question(head, one, references, findings) for head, one in zip(heads, found, strict=True)]
        check_links(body, findings, source.targets)
        intro_end = found[0].opening.first - 1 if found else body.last
        intro = references.completed(body.between(body.first, intro_end).text())
        return {"intro": intro, "asks": tuple(filter(None, asks))}, tuple(heads)

    def rendered(self, renderer: Renderer) -> Survey:
        asks = (rendered_question(number, one, renderer.phrase) for number, one in enumerate(self.asks, start=1))
        return replace(self, intro=renderer.passage(self.intro), asks=tuple(asks))


def _refuse_unsupported_values(fields: Fields) -> None:
    """What is part of the format and nobody answers yet."""
    for key, supported, others in _UNSUPPORTED:
        written = fields.value(key)
        word = written.text if isinstance(written, YamlText) else ""
        if word not in others:
            fields.get(key, one_of((supported,)), supported)
            continue
        fields.ask(key)
        fields.fault(
            key,
            say("“%(word)s” is not supported yet: those who take a course answer, while they take it", word=word),
            say("write “%(key)s: %(supported)s”, or take the line out", key=key, supported=supported),
        )
