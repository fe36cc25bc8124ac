"""A quiz on paper: variants whose questions and answers stand in different orders. The same seed gives the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import Any

from lms.content.items.drawing import drawn
from lms.content.items.quiz import Quiz
from lms.content.questions.base import Question

LETTERS = "ABCD"
"""Names of variants, and as many are made at most."""
ORDERS_TRIED = 20
"""How often another order of a question's answers is looked for."""


@dataclass(frozen=True)
class PaperQuestion:
    """``text_above`` is None where the question before stands under the same text."""

    number: int
    question: Question
    text_above: Question | None


@dataclass(frozen=True)
class Variant:
    letter: str
    questions: tuple[PaperQuestion, ...]


def variants(quiz: Quiz, seed: int, count: int) -> list[Variant]:
    """``count`` variants, from 1 to four.

    Of several, no question has the same number in two, as far as there are as many questions as variants and none
    stand together under a text; the answers of a question stand in another order, as far as it has one. A single
    variant keeps the orders that the quiz keeps. A quiz that draws does so for each, what others have last.
    """
    order, found, seen, selected = Random(seed), [], Counter[str](), dict[str, list[Any]]()  # noqa: S311 - no secret
    is_mixed = count > 1 or "questions" in quiz.shuffle
    base = _blocks(quiz, list(quiz.asked))
    if is_mixed:
        order.shuffle(base)
    for number, letter in enumerate(LETTERS[:count]):
        rng = Random(seed * len(LETTERS) + number)  # noqa: S311
        if quiz.draw is None:
            blocks = _rotated(base, number * max(1, len(base) // count))
        else:
            blocks = _blocks(quiz, drawn(quiz.draw, quiz.asked, rng, seen))
            if is_mixed:
                rng.shuffle(blocks)
        questions = [one for block in blocks for one in _rotated(block, number)]
        seen.update(one.id for one in questions)
        arranged = [_arranged(one, rng, selected, count > 1 or "answers" in quiz.shuffle) for one in questions]
        found.append(Variant(letter, _numbered(quiz, arranged)))
    return found


def _blocks(quiz: Quiz, questions: list[Question]) -> list[list[Question]]:
    """Neighbours under the same text stay together; any other question stands by itself."""
    found: list[list[Question]] = []
    for one in questions:
        text = quiz.text_above(one.id)
        if text is not None and found and quiz.text_above(found[-1][0].id) is text:
            found[-1].append(one)
        else:
            found.append([one])
    return found


def _rotated(values: list[Any], by: int) -> list[Any]:
    by %= len(values) or 1
    return values[by:] + values[:by]


def _arranged(question: Question, rng: Random, selected: dict[str, list[Any]], is_shuffled: bool) -> Question:
    """With its answers in an order that no variant before has, if one is found."""
    before = selected.setdefault(question.id, [])
    order = question.select(rng, is_shuffled=is_shuffled)
    for _try in range(ORDERS_TRIED if is_shuffled else 0):
        if order not in before:
            break
        order = question.select(rng, is_shuffled=is_shuffled)
    before.append(order)
    return question.arranged(order)


def _numbered(quiz: Quiz, questions: list[Question]) -> tuple[PaperQuestion, ...]:
    with_texts = quiz.with_texts_above(questions)
    return tuple(PaperQuestion(number, question, text) for number, (question, text) in enumerate(with_texts, start=1))
