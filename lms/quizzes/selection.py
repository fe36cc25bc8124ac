"""Select the questions of an attempt and their order. This happens once, when the attempt starts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from random import Random
from typing import Any

from lms.content.items.drawing import drawn
from lms.content.items.quiz import Quiz
from lms.content.questions.base import Question


def select_questions(quiz: Quiz, seed: int, seen: Mapping[str, int] | None = None) -> list[dict[str, Any]]:
    """``[{"id": question id, ...}, ...]`` with what each kind selected. The same seed selects the same.

    ``seen``: how many earlier attempts of the learner had a question. Those that fewer had are drawn first; among
    equals each has the same chance. ``options`` is always there: releases before version 2 of stored content read it.
    """
    random = Random(seed)  # noqa: S311 - the order of questions is no secret
    questions = _drawn(quiz, random, seen or {})
    if "questions" in quiz.shuffle:
        random.shuffle(questions)
    return [
        {"id": question.id, "options": [], **question.select(random, is_shuffled="answers" in quiz.shuffle)}
        for question in questions
    ]


def times_seen(selections: Iterable[Iterable[Mapping[str, Any]]]) -> Mapping[str, int]:
    """By question id, from the selections of earlier attempts."""
    return Counter(selected["id"] for selection in selections for selected in selection)


def question_count(quiz: Quiz) -> int:
    """Questions in one attempt."""
    return len(_drawn(quiz, Random(0), {}))  # noqa: S311


def _drawn(quiz: Quiz, random: Random, seen: Mapping[str, int]) -> list[Question]:
    """The questions of one attempt, in file order: all, or those that are drawn."""
    return list(quiz.asked) if quiz.draw is None else drawn(quiz.draw, quiz.asked, random, seen)
