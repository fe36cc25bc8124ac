"""A running or finished attempt as its pages show it: questions in their dealt order with what is known of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lms.content.items.quiz import Quiz
from lms.content.questions.base import Question
from lms.quizzes import walking
from lms.quizzes.responses import NOTHING, Response
from lms.quizzes.scoring import rounded, share


@dataclass(frozen=True)
class Line:
    """One question of the attempt at its position (from 1)."""

    position: int
    question: Question
    """Arranged as it was dealt."""
    response: Response
    is_flagged: bool

    @property
    def is_answered(self) -> bool:
        return not self.response.is_empty

    @property
    def share(self) -> Fraction:
        return share(self.question, self.response)

    @property
    def earned(self) -> Decimal:
        return rounded(self.question.points * self.share)

    @property
    def most(self) -> Decimal:
        return rounded(self.question.points)

    @property
    def verdict(self) -> str:
        """``empty``, ``right``, ``partly`` or ``wrong``."""
        if not self.is_answered:
            return "empty"
        return "right" if self.share == 1 else "partly" if self.share else "wrong"


@dataclass(frozen=True)
class Sheet:
    """All of an attempt's questions."""

    quiz: Quiz
    lines: tuple[Line, ...]

    @property
    def unanswered(self) -> list[int]:
        """Positions."""
        return [line.position for line in self.lines if not line.is_answered]

    @property
    def flagged(self) -> list[int]:
        return [line.position for line in self.lines if line.is_flagged]

    @property
    def front(self) -> int | None:
        """Where to go on: the first unanswered question, in a sequential quiz the first not passed by."""
        settled = [
            line.question.id
            for line in self.lines
            if line.response.is_final or (line.is_answered and not self.quiz.is_sequential)
        ]
        return walking.first_open([line.question.id for line in self.lines], settled)

    def may_open(self, position: int) -> bool:
        return walking.may_open(
            position, self.front, is_sequential=self.quiz.is_sequential, gives_feedback=self.quiz.gives_feedback
        )


def sheet(
    quiz: Quiz, deal: Sequence[Mapping[str, Any]], responses: Mapping[str, Response], flagged: frozenset[str]
) -> Sheet:
    lines = []
    for position, dealt in enumerate(deal, start=1):
        question = quiz.question(dealt["id"])
        lines.append(
            Line(
                position=position,
                question=question.arranged(dealt),
                response=responses.get(question.id, NOTHING),
                is_flagged=question.id in flagged,
            )
        )
    return Sheet(quiz, tuple(lines))
