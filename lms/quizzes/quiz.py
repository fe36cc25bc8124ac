"""A quiz as its revision's ``content`` says it, as values. A revision never changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any

GRACE_SECONDS = 60
"""For answers still on their way when time runs out, where the quiz names no grace of its own."""


@dataclass(frozen=True)
class Option:
    id: str
    html: str
    is_correct: bool
    feedback_html: str | None
    keeps_last: bool


@dataclass(frozen=True)
class Question:
    """``kind`` is ``single``, ``multiple`` or ``short``; ``accepted`` pairs a text with its share of the points."""

    id: str
    kind: str
    title: str
    stem_html: str
    points: Fraction
    scoring: str
    group: str | None
    options: tuple[Option, ...]
    accepted: tuple[tuple[str, Fraction], ...]
    explanation_html: str | None
    hints_html: tuple[str, ...]

    @property
    def option_ids(self) -> frozenset[str]:
        return frozenset(option.id for option in self.options)

    @property
    def correct_ids(self) -> frozenset[str]:
        return frozenset(option.id for option in self.options if option.is_correct)


@dataclass(frozen=True)
class Quiz:
    """The questions and the rules of the game. None: no own pass mark, no limit of attempts or time, no draw."""

    questions: tuple[Question, ...]
    pass_mark: float | None
    attempts: int | None
    grade: str
    time_limit: int | None
    on_expiry: str
    grace: int | None
    wait: int
    navigation: str
    feedback: str
    review: str
    shuffle: frozenset[str]
    draw: Mapping[str, int] | None

    @property
    def grace_time(self) -> timedelta:
        return timedelta(seconds=GRACE_SECONDS if self.grace is None else self.grace)

    @property
    def is_sequential(self) -> bool:
        return self.navigation == "sequential"

    @property
    def gives_feedback(self) -> bool:
        """Whether a question can be checked, and is then locked, while the attempt runs.

        ``tries`` is treated like ``immediate``: the format names it, but does not
        say what a further try costs. An exam tells nobody more than the score.
        """
        return self.feedback in {"immediate", "tries"} and self.review != "ujian"

    @property
    def shows_hints(self) -> bool:
        return self.gives_feedback or self.review == "latihan"

    def question(self, question_id: str) -> Question:
        return next(question for question in self.questions if question.id == question_id)


def read(content: Mapping[str, Any]) -> Quiz:
    """The quiz that a revision's ``content`` holds."""
    return Quiz(
        questions=tuple(_question(question) for question in content["questions"]),
        pass_mark=content["pass_mark"],
        attempts=content["attempts"],
        grade=content["grade"],
        time_limit=content["time_limit"],
        on_expiry=content["on_expiry"],
        grace=content["grace"],
        wait=content["wait"],
        navigation=content["navigation"],
        feedback=content["feedback"],
        review=content["review"],
        shuffle=frozenset(content["shuffle"]),
        draw=content["draw"],
    )


def _question(said: Mapping[str, Any]) -> Question:
    return Question(
        id=said["id"],
        kind=said["kind"],
        title=said["title"],
        stem_html=said["stem_html"],
        points=exact(said["points"]),
        scoring=said["scoring"],
        group=said["group"],
        options=tuple(Option(**option) for option in said["options"]),
        accepted=tuple((text, exact(share)) for text, share in said["accepted"]),
        explanation_html=said["explanation_html"],
        hints_html=tuple(said["hints_html"]),
    )


def exact(number: float) -> Fraction:
    """``0.1`` as one tenth: the number that was written, not the nearest binary one."""
    return Fraction(str(number))
