"""Which questions a person gets, and in which order: decided once, when the attempt starts."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from lms.quizzes.quiz import Question, Quiz


def deal(quiz: Quiz, seed: int) -> list[dict[str, Any]]:
    """``[{"id": question, "options": [option ids]}, ...]``; the same seed deals the same."""
    chance = Random(seed)  # noqa: S311 - which question comes first is no secret worth guarding
    questions = _drawn(quiz, chance)
    if "questions" in quiz.shuffle:
        chance.shuffle(questions)
    return [
        {"id": question.id, "options": _order(question, chance, is_shuffled="answers" in quiz.shuffle)}
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


def _order(question: Question, chance: Random, *, is_shuffled: bool) -> list[str]:
    ids: Sequence[str] = [option.id for option in question.options if not option.keeps_last]
    last = [option.id for option in question.options if option.keeps_last]
    if not is_shuffled:
        return [option.id for option in question.options]
    return [*chance.sample(ids, len(ids)), *last]
