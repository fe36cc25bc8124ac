"""Twenty attempts at twelve questions of all kinds, whose marks were worked out by hand (``working.md``)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from course_sample import COVER

from lms.content.folder.reading import read_course
from lms.content.questions.base import Posted, Question
from lms.quizzes.responses import Response
from lms.quizzes.scoring import score_attempt

HERE = Path(__file__).parent
WORKING = (HERE / "working.md").read_text()
NO_ANSWER = "–"


def asked() -> dict[str, Question]:
    course, problems = read_course(
        "bentuk", {"course.md": COVER.encode(), "01-kuis.md": (HERE / "quiz.md").read_bytes()}
    )
    assert course is not None, problems
    return {question.id: question for question in course.items[0].questions}


QUESTIONS = asked()


def table_rows(text: str, columns: int) -> list[list[str]]:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:2] == "| "]
    return [row for row in rows[2:] if len(row) == columns]


def answers_by_hand() -> dict[tuple[str, str], tuple[str, Decimal]]:
    """By question and letter: what was answered, and its points."""
    found = {}
    for section in WORKING.split("\n## q")[1:]:
        for letter, answer, points, _working in table_rows(section.split("\n## ")[0], 4):
            found["q" + section.split(":")[0], letter] = answer, Decimal(points)
    return found


BY_HAND = answers_by_hand()
ATTEMPTS = table_rows(WORKING.split("\n## The attempts")[1], 4)


def picked(question: Any, answer: str) -> Posted:
    return {"picked": [question.options["abcde".index(letter)].id for letter in answer.split()]}


def sided(question: Any, answer: str) -> Posted:
    return {"picked": [{"benar": "true", "salah": "false"}[answer]]}


def typed(question: Any, answer: str) -> Posted:
    return {"text": [answer]}


def numbered(question: Any, answer: str) -> Posted:
    steps = [question.in_order["abcd".index(letter)] for letter in answer.split()]
    return {f"place-{step.id}": [str(place)] for place, step in enumerate(steps, start=1)}


def matched(question: Any, answer: str) -> Posted:
    partners = [row.partner for row in question.rows] + [one.id for one in question.distractors]
    return {
        f"match-{question.rows['abcd'.index(row)].id}": [partners["abcde".index(partner)]]
        for row, partner in answer.split()
    }


def filled(question: Any, answer: str) -> Posted:
    return {f"gap-{number}": [text.strip()] for number, text in enumerate(answer.split(";"), start=1)}


FORMS = {
    "choice": picked,
    "true_false": sided,
    "number": typed,
    "short_answer": typed,
    "order": numbered,
    "match": matched,
    "gaps": filled,
}


def response(question: Question, answer: str) -> Response:
    return Response(None if answer == NO_ANSWER else question.answer_from(FORMS[question.kind](question, answer)))


def test_the_quiz_has_twelve_questions_of_all_kinds_that_are_marked():
    assert len(QUESTIONS) == 12
    assert {question.kind for question in QUESTIONS.values()} == set(FORMS)
    assert len(BY_HAND) == 60
    assert len(ATTEMPTS) == 20


@pytest.mark.parametrize(("id", "letter"), BY_HAND)
def test_an_answer_earns_what_it_earns_by_hand(id: str, letter: str):
    answer, points = BY_HAND[id, letter]
    question = QUESTIONS[id]
    assert score_attempt([question], {id: response(question, answer)}).total == points


@pytest.mark.parametrize(("letters", "sum_", "total", "score"), ATTEMPTS, ids=[row[0] for row in ATTEMPTS])
def test_an_attempt_has_the_marks_worked_out_by_hand(letters: str, sum_: str, total: str, score: str):
    given = {id: response(QUESTIONS[id], BY_HAND[id, letter][0]) for id, letter in pairs(letters)}
    found = score_attempt(QUESTIONS.values(), given)
    assert [found.points[id] for id in QUESTIONS] == [Decimal(one) for one in re.split(r" \+ ", sum_)]
    assert (found.total, found.most, found.score) == (Decimal(total), 27, Decimal(score))


def pairs(letters: str) -> Sequence[tuple[str, str]]:
    return list(zip(QUESTIONS, letters, strict=True))
