"""A quiz: settings (front matter) and questions, each opened by ``## ``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal, get_args

from lms.content.checks.questions import Suggestion
from lms.content.checks.quizzes import of_quiz
from lms.content.items.base import Item, ItemSource, MarksTold, Renderer, attempts_limit, item_types
from lms.content.items.drawing import check_draw
from lms.content.items.review import DEFAULT, PRESETS, ReviewTable, read_review
from lms.content.markdown.attributes import Head, read_head
from lms.content.markdown.blocks import Block, Passage
from lms.content.markdown.fields import Fields
from lms.content.markdown.headings import QUESTION, is_underlined, refuse_large_headings
from lms.content.markdown.links import Targets, check_links
from lms.content.markdown.problems import Findings, say, term
from lms.content.markdown.references import References
from lms.content.markdown.values import duration, one_of, percent, share_of_percent
from lms.content.questions.base import Question
from lms.content.questions.reading import QuestionBlock, known_attributes, read_question
from lms.content.settings import counts_by_group, setting, setting_of_keys
from lms.content.text import Text

GradeRule = Literal["highest", "average", "first", "last"]
OnExpiry = Literal["submit", "grace", "discard"]
Navigation = Literal["free", "sequential"]
Feedback = Literal["deferred", "immediate", "tries"]
Shuffled = Literal["questions", "answers"]
Purpose = Literal["pretest", "posttest"]

MAX_DRAWN = 10_000
MINUTES_PER_QUESTION = 1.5
PENALTY = Fraction(1, 3)
"""The default penalty for a wrong try, that of Moodle."""
GRACE_SECONDS = 60
"""Default grace period, for answers that are still on their way when time runs out."""


@item_types.register
@dataclass(frozen=True, kw_only=True)
class Quiz(Item):
    """Questions with marks.

    ``attempts`` is None for unlimited; times are in seconds. ``draw`` is None (all),
    ``{"": n}`` (n of all) or a number per group and per ``#tag``. ``pass_mark`` is a percentage, None
    where the site's default holds. ``penalty`` is the share of a question's points that each wrong try costs where
    ``feedback`` is "tries"; None: ``PENALTY``.
    """

    type = "quiz"
    label = term("Quiz")
    own_time = term("answering about %(own)s min")
    icon = "M3 7l2 2 4-4M3 17l2 2 4-4M13 7h8M13 17h8"
    is_graded = True

    intro: Text = field(default=Text(""), metadata={"stored": False})
    questions: tuple[Question, ...] = ()
    """With the texts between them."""
    pass_mark: float | None = setting(percent, None, key="pass")
    attempts: int | None = setting(attempts_limit, None)
    grade: GradeRule = setting(one_of(get_args(GradeRule)), "highest")
    time_limit: int | None = setting(duration(lowest=60), None)
    on_expiry: OnExpiry = setting(one_of(get_args(OnExpiry)), "submit")
    grace: int | None = setting(duration(), None)
    wait: int = setting(duration(), 0)
    navigation: Navigation = setting(one_of(get_args(Navigation)), "free")
    feedback: Feedback = setting(one_of(get_args(Feedback)), "deferred")
    penalty: Fraction | None = setting(share_of_percent, None)
    review: ReviewTable = setting_of_keys(read_review, PRESETS[DEFAULT])
    shuffle: frozenset[Shuffled] = setting(one_of(get_args(Shuffled)), frozenset(), each=frozenset)
    draw: dict[str, int] | None = setting_of_keys(counts_by_group(MAX_DRAWN), None)
    purpose: Purpose | None = setting(one_of(get_args(Purpose)), None)
    """A pretest and its posttest show what was gained in between."""
    marks: MarksTold = setting(one_of(get_args(MarksTold)), "at-once")
    """When marks of essays are told; the score of an attempt with an essay is held with them."""

    @property
    def body_html(self) -> str:
        return self.intro.html or ""

    @property
    def shuffles_answers(self) -> bool:
        return "answers" in self.shuffle

    def suggestions(self) -> Iterable[Suggestion]:
        return of_quiz(self)

    @property
    def own_minutes(self) -> float:
        count = sum(self.draw.values()) if self.draw else len(self.asked)
        return self.time_limit / 60 if self.time_limit else MINUTES_PER_QUESTION * count

    @property
    def grace_seconds(self) -> int:
        return GRACE_SECONDS if self.grace is None else self.grace

    @property
    def is_sequential(self) -> bool:
        return self.navigation == "sequential"

    @property
    def gives_feedback(self) -> bool:
        """True if questions can be checked during the attempt, which locks them: at once or, with tries, when they are
        right or no try is left. Not where nothing is shown then, as in exams."""
        return self.feedback != "deferred" and bool(self.review.during - {"answers"})

    @property
    def has_tries(self) -> bool:
        """A question has one try more than hints; each wrong one shows the next hint and costs the penalty."""
        return self.feedback == "tries"

    @property
    def try_penalty(self) -> Fraction:
        return PENALTY if self.penalty is None else self.penalty

    @property
    def shows_hints(self) -> bool:
        """All hints of a question, to be opened at any time."""
        return not self.has_tries and (self.gives_feedback or "explanation" in self.review.during)

    def question(self, question_id: str) -> Question:
        """:raises KeyError: the quiz has no such question."""
        return self._by_id[question_id]

    @cached_property
    def _by_id(self) -> Mapping[str, Question]:
        return {question.id: question for question in self.questions}

    @cached_property
    def asked(self) -> tuple[Question, ...]:
        """The questions alone, without the texts between them."""
        return tuple(one for one in self.questions if one.is_asked)

    def text_above(self, question_id: str) -> Question | None:
        """The nearest text without a question before this question."""
        return self._texts_above.get(question_id)

    def with_texts_above(self, questions: Iterable[Question]) -> Iterator[tuple[Question, Question | None]]:
        """Each question with the text above it, or None if the question before it has the same."""
        shown: Question | None = None
        for question in questions:
            text = self.text_above(question.id)
            yield question, None if text is shown else text
            shown = text

    @cached_property
    def _texts_above(self) -> Mapping[str, Question]:
        found: dict[str, Question] = {}
        text: Question | None = None
        for one in self.questions:
            if not one.is_asked:
                text = one
            elif text:
                found[one.id] = text
        return found

    @classmethod
    def read_body(cls, source: ItemSource, settings: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Head, ...]]:
        intro, questions, heads = _read_questions(source.body, source.fields.findings, source.targets)
        if settings["draw"] and len(questions) == len(heads):
            check_draw(settings["draw"], [one for one in questions if one.is_asked], source.fields)
        _check_tries(settings, source.fields)
        _check_late_policy(source.fields)
        if len(questions) == len(heads):
            _check_marks(settings, questions, source.fields)
        nothing_to_pass = settings["purpose"] == "pretest" and settings["pass_mark"] is None
        return {"intro": intro, "questions": questions} | ({"pass_mark": 0.0} if nothing_to_pass else {}), heads

    def rendered(self, renderer: Renderer) -> Quiz:
        questions = (_rendered_question(number, one, renderer) for number, one in enumerate(self.questions, start=1))
        return replace(self, intro=renderer.passage(self.intro), questions=tuple(questions))


def _rendered_question(number: int, question: Question, renderer: Renderer) -> Question:
    key = question.id or f"q{number}"
    return replace(question, id=key).rendered(lambda text: renderer.phrase(text, prefix=f"{key}-"))


def _read_questions(
    body: Passage, findings: Findings, targets: Targets
) -> tuple[Text, tuple[Question, ...], tuple[Head, ...]]:
    """The introduction, the questions that could be read, and the heads of all questions."""
    blocks = body.blocks()
    references = References(body, blocks, findings)
    refuse_large_headings(blocks, body, findings, questions_too=False)
    found = question_blocks(body, blocks)
    if not found:
        findings.error(
            (body.first, 1),
            say("the quiz has no question"),
            say("open each question with a line ## and what is asked"),
        )
    intro_end = found[0].opening.first - 1 if found else body.last
    heads = []
    questions = []
    for one in found:
        head = read_head(one.head_text, one.head_position, known_attributes(), findings)
        heads.append(head)
        if question := read_question(head, one.blocks, one.inside, references, findings):
            questions.append(question)
    if questions and len(questions) == len(found):
        _check_texts(questions, findings)
    check_links(body, findings, targets)
    intro = references.completed(body.between(body.first, intro_end).text())
    return intro, tuple(questions), tuple(heads)


def _check_texts(questions: Sequence[Question], findings: Findings) -> None:
    """Report texts between the questions that nobody would see."""
    if not any(one.is_asked for one in questions):
        findings.error(
            (questions[0].line, 1),
            say("the quiz has texts, but no question"),
            say("open each question with a line ## and what is asked"),
        )
        return
    for text, after in zip(questions, [*questions[1:], None], strict=True):
        if not text.is_asked and (after is None or not after.is_asked):
            findings.warn(
                (text.line, 1),
                say("this text is shown with no question, because none follows it"),
                say("put it above the questions that it is for, or take it out"),
            )


def question_blocks(body: Passage, blocks: Sequence[Block]) -> list[QuestionBlock]:
    """The questions of a quiz, unread."""
    openings = [index for index, block in enumerate(blocks) if block.tag == QUESTION and not is_underlined(block)]
    found = []
    for start, end in zip(openings, [*openings[1:], len(blocks)], strict=False):
        heading = blocks[start]
        last = blocks[end].first - 1 if end < len(blocks) else body.last
        line = body.line(heading.first)
        marks = line.index(heading.markup) + len(heading.markup)
        position = heading.first, line.index(heading.text, marks) + 1
        inside = body.between(heading.last + 1, last)
        found.append(QuestionBlock(heading, heading.text, position, blocks[start + 1 : end], inside))
    return found


def _check_tries(settings: Mapping[str, Any], fields: Fields) -> None:
    if settings["penalty"] is not None and settings["feedback"] != "tries":
        fields.fault(
            "penalty", say("a penalty is for wrong tries, which this quiz does not have"), say("add “feedback: tries”")
        )
    if settings["feedback"] == "tries" and "correct" not in settings["review"].during:
        fields.fault(
            "feedback",
            say("“review” tells nobody during the attempt what is wrong, as in an exam"),
            say("choose another “review”"),
        )


def _check_marks(settings: Mapping[str, Any], questions: Sequence[Question], fields: Fields) -> None:
    if settings["marks"] == "together" and not any(one.is_marked_by_people for one in questions):
        fields.fault(
            "marks",
            say("“marks: together” holds marks that people give, and this quiz has no essay"),
            say("take “marks” out; what learners see of the answers, and when, is said by “review”"),
        )


def _check_late_policy(fields: Fields) -> None:
    """What arrives after the end and its grace does not count (``strict``). To believe a device's clock, or to have
    somebody decide, would need proof of when an answer was given."""
    policy = fields.get("late_policy", one_of(("strict", "trust", "decide")), "strict")
    if policy != "strict":
        fields.fault(
            "late_policy",
            say("“%(policy)s” is not supported yet: no device can prove when an answer was given", policy=policy),
            say("write strict; more time after the end is “grace”, and an instructor can mark an answer by hand"),
        )
