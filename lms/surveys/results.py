"""What was answered to each question of a survey, over many replies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from lms.content.items.survey_questions import SurveyQuestion, Tally

Answers = Mapping[str, Any]
"""Of one person, by the id of the question."""


class QuestionResult(NamedTuple):
    """``left_out``: answers from when the question was of another kind or on another scale."""

    question: SurveyQuestion
    tally: Tally
    left_out: int


def results_of(asks: Sequence[SurveyQuestion], replies: Sequence[Answers]) -> list[QuestionResult]:
    """:param asks: those of the published revision; answers to questions that it lacks are not counted."""
    found = []
    for question in asks:
        given = [one[question.id] for one in replies if question.id in one]
        fitting = [one for one in given if question.fits(one)]
        found.append(QuestionResult(question, question.tally(fitting), len(given) - len(fitting)))
    return found


def words_of_reply(asks: Sequence[SurveyQuestion], answers: Answers) -> list[str]:
    """A reply as a row of a table, a cell for each question."""
    given = [(question, answers.get(question.id)) for question in asks]
    return [question.words(one) if one and question.fits(one) else "" for question, one in given]
