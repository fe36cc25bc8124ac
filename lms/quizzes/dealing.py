"""Which questions a person gets, and in which order: decided once, when the attempt starts."""

from __future__ import annotations

from random import Random
from typing import Any

from lms.content.items.quiz import Quiz
from lms.content.questions.base import Question


def deal(quiz: Quiz, seed: int) -> list[dict[str, Any]]:
    """``[{"id": question, ...}, ...]`` with what each kind decided; the same seed deals the same.

    ``options`` is always there: releases before version 2 of stored content read it.
    """
    chance = Random(seed)  # noqa: S311 - which question comes first is no secret worth guarding
    questions = _drawn(quiz, chance)
    if "questions" in quiz.shuffle:
        chance.shuffle(questions)
    return [
        {"id": question.id, "options": [], **question.select(chance, is_shuffled="answers" in quiz.shuffle)}
        for question in questions
    ]


def count(quiz: Quiz) -> int:
    """How many questions an attempt has."""
    return len(_drawn(quiz, Random(0)))  # noqa: S311


def _drawn(quiz: Quiz, chance: Random) -> list[Question]:
    """The questions of one attempt in the order of the file. Too few of a group: all of them.

    Where groups are drawn, a question of no group or of another one is not asked.
    """
    if quiz.draw is None:
        return list(quiz.questions)
    chosen: set[str] = set()
    for group, number in sorted(quiz.draw.items()):
        pool = [question.id for question in quiz.questions if not group or question.group == group]
        chosen.update(chance.sample(pool, min(number, len(pool))))
    return [question for question in quiz.questions if question.id in chosen]
