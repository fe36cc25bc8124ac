"""An attempt as its pages show it: the selected questions with their responses, and where the learner may go."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from lms.content.items.quiz import Quiz
from lms.content.markdown.problems import Message
from lms.content.questions.base import Question
from lms.content.text import Text
from lms.quizzes.disclosure import Disclosure
from lms.quizzes.responses import NO_RESPONSE, Response
from lms.quizzes.scoring import FULL, LEFT_OUT, NOTHING, rounded, share, waits_for_mark


@dataclass(frozen=True)
class AttemptQuestion:
    """One question of an attempt; ``position`` counts from 1."""

    position: int
    asked: Question
    """As in the quiz."""
    selected: Mapping[str, Any]
    response: Response
    is_flagged: bool
    text_above: Question | None = None
    """The text without a question that the quiz has above this question."""
    is_first_below: bool = True
    """False if the question before has the same text above it."""
    points: Decimal | None = None
    """Earned when the attempt was submitted; None before, and where the question was not answered."""
    void: str = ""
    """The rule of a void question: ``full`` or ``left-out``."""
    is_marked_by_hand: bool = False
    """True if an instructor's mark for this answer counts."""

    @property
    def waits_for_mark(self) -> bool:
        """True for an answer that people mark, and nobody has marked yet."""
        return waits_for_mark(self.asked, self.response) and not self.is_marked_by_hand and not self.void

    @cached_property
    def question(self) -> Question:
        """With its options in the selected order."""
        return self.asked.arranged(self.selected)

    @property
    def is_answered(self) -> bool:
        return not self.response.is_empty

    @property
    def parts_left(self) -> int:
        """How many parts of an answered question have no answer yet."""
        return self.asked.parts_left(self.response.answer) if self.is_answered else 0

    @property
    def misread(self) -> Message | None:
        """Why the answer cannot be marked as it is."""
        found = None if self.response.answer is None else self.asked.reading(self.response.answer)
        return found.words if found and not found.is_understood else None

    @cached_property
    def share(self) -> Fraction:
        """By the stored points once there are some: answers may be compared otherwise since."""
        if self.void:
            return Fraction(int(self.void == FULL))
        now = share(self.asked, self.response)
        if self.points is None or rounded(self.asked.points * now) == self.points:
            return now
        return Fraction(self.points) / self.asked.points

    @property
    def earned(self) -> Decimal:
        return rounded(self.asked.points * self.share)

    @property
    def most(self) -> Decimal:
        return rounded(self.asked.points)

    @cached_property
    def verdict(self) -> str:
        """``empty``, ``right``, ``partly``, ``wrong`` or ``unmarked``; a void question is ``right`` or ``left-out``."""
        if self.void:
            return "right" if self.void == FULL else self.void
        if not self.is_answered:
            return "empty"
        if self.waits_for_mark:
            return "unmarked"
        got = self.asked.score(self.response.answer) if self.response.failed else self.share
        return "right" if got == 1 else "partly" if got else "wrong"

    @property
    def slip(self) -> Message | None:
        """What alone keeps a typed answer from being right."""
        return None if self.response.answer is None else self.asked.slip(self.response.answer)

    @property
    def tries_left(self) -> int:
        """One more than hints, less the failed ones."""
        return len(self.asked.hints) + 1 - self.response.failed

    @property
    def most_left(self) -> Decimal:
        """Points that the next try can still earn."""
        return rounded(self.asked.points * max(Fraction(0), 1 - self.response.deduction))

    @property
    def earned_hints(self) -> Sequence[Text]:
        """One for each failed try."""
        return self.question.hints[: self.response.failed]


@dataclass(frozen=True)
class AttemptState:
    quiz: Quiz
    questions: tuple[AttemptQuestion, ...]

    @cached_property
    def unanswered(self) -> list[int]:
        """The positions of questions without an answer."""
        return [one.position for one in self.questions if not one.is_answered]

    @cached_property
    def incomplete(self) -> list[int]:
        """The positions of answers with empty parts, or that cannot be marked as they are, and can still be changed."""
        return [
            one.position
            for one in self.questions
            if one.is_answered and not one.response.is_final and (one.parts_left or one.misread)
        ]

    @property
    def positions(self) -> dict[str, int]:
        """By question id."""
        return {one.asked.id: one.position for one in self.questions}

    @cached_property
    def first_open(self) -> int | None:
        """The position to continue at: the first unanswered question, in a sequential quiz the first not left behind.

        None if there is none.
        """
        settled = [
            one.asked.id
            for one in self.questions
            if one.response.is_final or (one.is_answered and not self.quiz.is_sequential)
        ]
        return first_unsettled([one.asked.id for one in self.questions], settled)

    @property
    def counted(self) -> int:
        """How many questions are in the total."""
        return sum(one.void != LEFT_OUT for one in self.questions)

    @property
    def right(self) -> int:
        """How many questions earned all points."""
        return sum(one.verdict == "right" for one in self.questions)

    @property
    def unmarked(self) -> tuple[AttemptQuestion, ...]:
        """The questions whose answers wait for a mark."""
        return tuple(one for one in self.questions if one.waits_for_mark)

    def failed_explanations(self, shown: Disclosure) -> dict[int, str]:
        """The explanations, as HTML by position, of questions that did not earn all points.

        Empty where learners are not told which questions those are.
        """
        if not shown.correct:
            return {}
        fine = {"right", "unmarked", LEFT_OUT}
        failed = (one for one in self.questions if one.verdict not in fine and one.asked.explanation)
        return {one.position: one.asked.explanation.html or "" for one in failed if one.asked.explanation}

    def with_decisions(self, voided: Mapping[str, str], by_hand: Collection[str]) -> AttemptState:
        """``voided`` has rules by question id, ``by_hand`` the questions whose answers an instructor marked."""
        if not voided and not by_hand:
            return self
        decided = (
            replace(one, void=voided.get(one.asked.id, ""), is_marked_by_hand=one.asked.id in by_hand)
            for one in self.questions
        )
        return replace(self, questions=tuple(decided))

    def with_points(self, points: Mapping[str, Decimal | None]) -> AttemptState:
        """``points`` by question id, as stored."""
        return replace(self, questions=tuple(replace(one, points=points.get(one.asked.id)) for one in self.questions))

    def may_open(self, position: int) -> bool:
        return may_open(
            position, self.first_open, is_sequential=self.quiz.is_sequential, gives_feedback=self.quiz.gives_feedback
        )


def attempt_state(
    quiz: Quiz,
    selection: Sequence[Mapping[str, Any]],
    responses: Mapping[str, Response],
    flagged: frozenset[str],
    keyed: Mapping[str, Question] = NOTHING,
) -> AttemptState:
    """``keyed`` are questions with the key that the attempt was marked by, where it is not that of ``quiz``."""
    questions: list[AttemptQuestion] = []
    for position, selected in enumerate(selection, start=1):
        question = keyed.get(selected["id"]) or quiz.question(selected["id"])
        text = quiz.text_above(question.id)
        questions.append(
            AttemptQuestion(
                position=position,
                asked=question,
                selected=selected,
                response=responses.get(question.id, NO_RESPONSE),
                is_flagged=question.id in flagged,
                text_above=text,
                is_first_below=not questions or questions[-1].text_above is not text,
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
