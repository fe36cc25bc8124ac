"""An attempt as its pages show it: the selected questions with their responses, and where the learner may go."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lms.content.items.quiz import Quiz
from lms.content.questions.base import Question
from lms.quizzes.responses import NO_RESPONSE, Response
from lms.quizzes.scoring import rounded, share


@dataclass(frozen=True)
class AttemptQuestion:
    """One question of an attempt; ``position`` counts from 1."""

    position: int
    question: Question
    """With its options in the selected order."""
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
class AttemptState:
    quiz: Quiz
    questions: tuple[AttemptQuestion, ...]

    @property
    def unanswered(self) -> list[int]:
        """Positions."""
        return [one.position for one in self.questions if not one.is_answered]

    @property
    def first_open(self) -> int | None:
        """The position to continue at: the first unanswered question, in a sequential quiz the first not left behind.

        None if there is none.
        """
        settled = [
            one.question.id
            for one in self.questions
            if one.response.is_final or (one.is_answered and not self.quiz.is_sequential)
        ]
        return first_unsettled([one.question.id for one in self.questions], settled)

    def may_open(self, position: int) -> bool:
        return may_open(
            position, self.first_open, is_sequential=self.quiz.is_sequential, gives_feedback=self.quiz.gives_feedback
        )


def attempt_state(
    quiz: Quiz, selection: Sequence[Mapping[str, Any]], responses: Mapping[str, Response], flagged: frozenset[str]
) -> AttemptState:
    questions = []
    for position, selected in enumerate(selection, start=1):
        question = quiz.question(selected["id"])
        questions.append(
            AttemptQuestion(
                position=position,
                question=question.arranged(selected),
                response=responses.get(question.id, NO_RESPONSE),
                is_flagged=question.id in flagged,
            )
        )
    return AttemptState(quiz, tuple(questions))


def first_unsettled(question_ids: Sequence[str], settled: Collection[str]) -> int | None:
    """The position of the first question that is not in ``settled``, or None."""
    return next((position for position, id in enumerate(question_ids, 1) if id not in settled), None)


def may_open(position: int, first_open: int | None, *, is_sequential: bool, gives_feedback: bool) -> bool:
    """In a sequential quiz only the first open question, unless answers are checked at once: then the checked
    questions before it may be read again. They are locked."""
    if not is_sequential or position == first_open:
        return True
    return gives_feedback and (first_open is None or position < first_open)
