"""The analysis of a quiz: all statistics of its attempts, and what they say of each question."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

from lms.analysis import categories, item_statistics, score_statistics, verdicts
from lms.analysis.categories import AnswerStatistics
from lms.analysis.item_statistics import ItemStatistics
from lms.analysis.marks import AnalysedAttempt, GivenAnswer, QuizMarks, gather_marks, slots
from lms.analysis.score_statistics import ScoreStatistics
from lms.analysis.verdicts import Verdict
from lms.content.items.drawing import belongs_to
from lms.content.items.quiz import Quiz
from lms.content.questions.base import AnswerCategory, Question


@dataclass(frozen=True)
class QuestionAnalysis:
    """``number`` is that in the quiz as it is published; None if it no longer has the question."""

    number: int | None
    question: Question
    item: ItemStatistics
    answers: AnswerStatistics
    verdict: Verdict


@dataclass(frozen=True)
class DrawnGroup:
    """The questions of a group from which a quiz draws, from the hardest to the easiest. ``name`` is empty for all."""

    name: str
    drawn: int
    questions: Sequence[QuestionAnalysis]

    @property
    def is_uneven(self) -> bool:
        """Whether it is luck which questions one gets: of those that enough people had."""
        known = [one.item.facility for one in self.questions if one.item.count >= verdicts.MIN_ATTEMPTS]
        return len(known) > 1 and max(known) - min(known) > verdicts.UNEVEN_DRAW


@dataclass(frozen=True)
class QuizAnalysis:
    scores: ScoreStatistics | None
    histogram: Sequence[int]
    questions: Sequence[QuestionAnalysis]
    """In the order of the quiz; those that it no longer has come last."""
    groups: Sequence[DrawnGroup]
    is_one_test: bool

    @property
    def count(self) -> int:
        return self.scores.count if self.scores else 0

    @property
    def is_enough(self) -> bool:
        return self.count >= verdicts.MIN_ATTEMPTS

    @cached_property
    def by_need(self) -> list[QuestionAnalysis]:
        """The questions, those first that most need somebody to look at them."""
        return sorted(self.questions, key=lambda one: one.verdict.severity)

    def number_of(self, codes: Iterable[str]) -> int:
        return sum(one.verdict.code in codes for one in self.questions)


def marked_attempt(id: int, revision: int, quiz: Quiz, selected: Iterable[Mapping[str, Any]] | None) -> AnalysedAttempt:
    """:param selected: the attempt's selection; not needed for a quiz that asks all of its questions."""
    points = {one.id: cents(one) for one in quiz.asked if cents(one)}
    if quiz.draw is None or selected is None:
        asked, pools = list(points), None
    else:
        drawn = {one["id"] for one in selected}
        asked = [id for id in points if id in drawn]
        keys = sorted(quiz.draw)
        pools = {one.id: next((key for key in keys if belongs_to(one, key)), "") for one in quiz.asked}
    return AnalysedAttempt(id, revision, sum(points[id] for id in asked), slots(asked, pools))


def cents(question: Question) -> int:
    """The points in hundredths, rounded as those of answers are."""
    exact = Decimal(question.points.numerator) * 100 / Decimal(question.points.denominator)
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def analysed(
    current: Quiz, versions: Mapping[int, Quiz], attempts: Sequence[AnalysedAttempt], answers: Iterable[GivenAnswer]
) -> QuizAnalysis:
    """:param current: the quiz as it is published.
    :param versions: the quiz as the attempts had it, by revision, the newest last.
    """
    points = {(id, one.id): cents(one) for id, quiz in versions.items() for one in quiz.asked}
    marks = gather_marks(attempts, answers, points)
    known = {one.id: one for quiz in (*versions.values(), current) for one in quiz.asked}
    items = item_statistics.statistics_of(marks, {id: known[id].guess_score for id in marks.questions})
    numbers = {one.id: number for number, one in enumerate(current.asked, 1)}
    found = [_question(numbers.get(id), known[id], marks, item, versions) for id, item in items.items()]
    found.sort(key=lambda one: (one.number is None, one.number or 0))
    return QuizAnalysis(
        scores=score_statistics.statistics_of(marks),
        histogram=score_statistics.histogram([100 * total / marks.whole for total in marks.totals]),
        questions=found,
        groups=_groups(current, found),
        is_one_test=marks.is_one_test,
    )


def _question(
    number: int | None, question: Question, marks: QuizMarks, item: ItemStatistics, versions: Mapping[int, Quiz]
) -> QuestionAnalysis:
    def categorize(revision: int, response: str) -> Sequence[AnswerCategory] | None:
        asked = versions[revision].question(question.id)
        answer = asked.load_answer(json.loads(response))
        return None if answer is None else asked.categories_of(answer)

    answers = categories.statistics_of(
        marks.questions[question.id],
        question.categories,
        categorize,
        may_suspect=item.count >= verdicts.MIN_ATTEMPTS,
        goes_against=item.goes_against,
    )
    return QuestionAnalysis(number, question, item, answers, verdicts.of_question(item, answers))


def _groups(quiz: Quiz, questions: Sequence[QuestionAnalysis]) -> list[DrawnGroup]:
    found = []
    for name, drawn in (quiz.draw or {}).items():
        own = [one for one in questions if one.number and (not name or one.question.group == name)]
        found.append(DrawnGroup(name, drawn, sorted(own, key=lambda one: one.item.facility)))
    return found
