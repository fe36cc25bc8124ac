"""Answers into points: exact fractions within, rounded once for what is kept and shown.

What was left unanswered earns nothing, also where a rule counts options rightly
left alone: somebody who did not answer did not leave them on purpose.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from lms.quizzes.quiz import Question

CENT = Decimal("0.01")
MOST_CHARACTERS = 500
"""A short answer is short."""

_PLAIN = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "ʼ": "'", "´": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
    | dict.fromkeys("‐‑‒–—−", "-")
)


@dataclass(frozen=True)
class Response:
    """What a person answered: options picked, or a text. Neither: cleared, or never answered.

    ``is_final``: the question was checked or passed by, and cannot be answered again.
    """

    picked: frozenset[str] = frozenset()
    text: str = ""
    is_final: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.picked and not self.text.strip()

    def says_the_same_as(self, other: Response) -> bool:
        return self.picked == other.picked and self.text == other.text


@dataclass(frozen=True)
class Result:
    """``points`` per question; the sum is rounded once, so that three thirds are one."""

    points: Mapping[str, Decimal]
    total: Decimal
    most: Decimal
    score: Decimal
    """Percent. Where nothing earns points, having handed in is all there is to do: 100."""


def score_attempt(questions: Iterable[Question], responses: Mapping[str, Response]) -> Result:
    """Mark the dealt questions; a question without a response earns nothing."""
    questions = tuple(questions)
    earned = {
        question.id: question.points * share(question, responses.get(question.id, Response())) for question in questions
    }
    total, most = sum(earned.values(), Fraction()), most_points(questions)
    return Result(
        points={question_id: rounded(points) for question_id, points in earned.items()},
        total=rounded(total),
        most=rounded(most),
        score=rounded(total / most * 100) if most else Decimal(100),
    )


def most_points(questions: Iterable[Question]) -> Fraction:
    return sum((question.points for question in questions), Fraction())


def share(question: Question, response: Response) -> Fraction:
    """Which part of the question's points this response earns, from 0 to 1."""
    if response.is_empty:
        return Fraction(0)
    if question.kind == "short":
        given = folded(response.text)
        return max((part for text, part in question.accepted if folded(text) == given), default=Fraction(0))
    rule = "exact" if question.kind == "single" else question.scoring
    return _RULES[rule](question.option_ids, question.correct_ids, response.picked)


def _exact(options: frozenset[str], correct: frozenset[str], picked: frozenset[str]) -> Fraction:
    return Fraction(int(picked == correct))


def _each_answer(options: frozenset[str], correct: frozenset[str], picked: frozenset[str]) -> Fraction:
    """A part for every option that is rightly ticked or rightly left."""
    return Fraction(len(options) - len(picked ^ correct), len(options))


def _net_correct(options: frozenset[str], correct: frozenset[str], picked: frozenset[str]) -> Fraction:
    """A part for each right one, the same off for each wrong one, never below nothing."""
    if not correct:
        return Fraction(0)
    return max(Fraction(0), Fraction(len(picked & correct) - len(picked - correct), len(correct)))


def _correct_only(options: frozenset[str], correct: frozenset[str], picked: frozenset[str]) -> Fraction:
    """A part for each right one; a wrong one spoils all."""
    if not correct or picked - correct:
        return Fraction(0)
    return Fraction(len(picked & correct), len(correct))


_RULES = {
    "exact": _exact,
    "each-answer": _each_answer,
    "net-correct": _net_correct,
    "correct-only": _correct_only,
}


def folded(text: str) -> str:
    """A short answer as it is compared: without case, accents, runs of spaces, and curly or long punctuation."""
    plain = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(letters.casefold().split())


def rounded(number: Fraction) -> Decimal:
    """To the cent, halves up, as people round."""
    return (Decimal(number.numerator) / Decimal(number.denominator)).quantize(CENT, ROUND_HALF_UP)
