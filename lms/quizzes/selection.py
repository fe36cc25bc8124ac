"""Select the questions of an attempt and their order. This happens once, when the attempt starts."""

from __future__ import annotations

from random import Random
from typing import Any

from lms.content.items.quiz import Quiz
from lms.content.questions.base import Question


def select_questions(quiz: Quiz, seed: int) -> list[dict[str, Any]]:
    """``[{"id": question id, ...}, ...]`` with what each kind selected. The same seed selects the same.

    ``options`` is always there: releases before version 2 of stored content read it.
    """
    random = Random(seed)  # noqa: S311 - the order of questions is no secret
    questions = _drawn(quiz, random)
    if "questions" in quiz.shuffle:
        random.shuffle(questions)
    return [
        {"id": question.id, "options": [], **question.select(random, is_shuffled="answers" in quiz.shuffle)}
        for question in questions
    ]


def question_count(quiz: Quiz) -> int:
    """Questions in one attempt."""
    return len(_drawn(quiz, Random(0)))  # noqa: S311


def _drawn(quiz: Quiz, random: Random) -> list[Question]:
    """The questions of one attempt, in file order. A group with too few questions is taken whole.

    If the quiz draws from groups, questions of other groups or of no group are left out.
    """
    if quiz.draw is None:
        return list(quiz.questions)
    chosen: set[str] = set()
    for group, number in sorted(quiz.draw.items()):
        pool = [question.id for question in quiz.questions if not group or question.group == group]
        chosen.update(random.sample(pool, min(number, len(pool))))
    return [question for question in quiz.questions if question.id in chosen]
