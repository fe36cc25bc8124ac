"""What shows only over all questions of a quiz: where the keys stand, what passing takes, how many are drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING

from lms.content.checks.chance import RARE, at_least, most_frequent, points_by_guessing
from lms.content.checks.questions import MIN_LETTERS, Suggestion, keys_of, length
from lms.content.items.drawing import belongs_to
from lms.content.markdown.problems import say
from lms.content.questions.base import Question

if TYPE_CHECKING:
    from lms.content.items.quiz import Quiz

MIN_QUESTIONS = 5
LIKELY = Fraction(1, 5)
"""A quiz that one person in five passes by guessing says little."""
MAX_RECKONED = 60
"""Questions; what larger quizzes take by guessing is next to nothing."""
DRAWN_AGAIN = 2
"""As often is a draw looked at where attempts are unlimited."""


def of_quiz(quiz: Quiz) -> Iterator[Suggestion]:
    for lint in (_key_length, _key_position, _pass_mark, _few_questions):
        yield from lint(quiz)


def _single(quiz: Quiz, rule: str) -> list[Question]:
    return [one for one in quiz.asked if len(one.offered) > 1 and len(keys_of(one)) == 1 and rule not in one.lint_off]


def _key_length(quiz: Quiz) -> Iterator[Suggestion]:
    asked = [one for one in _single(quiz, "key-length") if max(map(length, one.offered)) >= MIN_LETTERS]
    longest = sum(_is_longest(one) for one in asked)
    chances = [Fraction(1, len(one.offered)) for one in asked]
    if len(asked) >= MIN_QUESTIONS and at_least(longest, chances) < RARE:
        yield Suggestion(
            "key-length",
            0,
            say(
                "in %(count)d of %(all)d questions the right answer is the longest; by chance it would be %(chance)d",
                count=longest,
                all=len(asked),
                chance=round(sum(chances)),
            ),
            say("shorten right answers and make wrong ones as detailed: whoever guesses picks the longest"),
        )


def _is_longest(question: Question) -> bool:
    (key,) = keys_of(question)
    return length(key) > max(length(one) for one in question.offered if not one.is_correct)


def _key_position(quiz: Quiz) -> Iterator[Suggestion]:
    asked = [] if "answers" in quiz.shuffle else _single(quiz, "key-position")
    if len(asked) < MIN_QUESTIONS:
        return
    at = [next(place for place, one in enumerate(each.offered) if one.is_correct) for each in asked]
    places = range(max(len(one.offered) for one in asked))
    seen = [at.count(place) for place in places]
    chances = [[Fraction(place < len(one.offered), len(one.offered)) for one in asked] for place in places]
    if most_frequent(seen, chances) < RARE:
        place, count = max(enumerate(seen, start=1), key=lambda pair: pair[1])
        yield Suggestion(
            "key-position",
            0,
            say(
                "in %(count)d of %(all)d questions the right answer is choice %(place)d",
                count=count,
                all=len(asked),
                place=place,
            ),
            say("write shuffle: [answers] into the front matter, or change the order of the choices"),
        )


def _pass_mark(quiz: Quiz) -> Iterator[Suggestion]:
    asked = sorted(quiz.asked, key=lambda one: one.points)
    if quiz.pass_mark is None or not asked or quiz.draw:
        return
    total = sum((one.points for one in asked), Fraction(0))
    wanted = total * Fraction(str(quiz.pass_mark)) / 100
    rng = Random(0)  # noqa: S311 - an example
    best = sum((one.points * one.score(one.example(is_right=True, rng=rng)) for one in asked), Fraction(0))
    if wanted > best:
        yield Suggestion(
            "pass-mark",
            0,
            say("nobody can pass: at best %(best)d %% can be earned", best=math.floor(100 * best / total)),
            say("lower “pass”, or give each question an answer that earns all its points"),
        )
    elif len(asked) >= MIN_QUESTIONS and wanted > total - asked[0].points and quiz.pass_mark < 100:
        yield Suggestion(
            "pass-mark",
            0,
            say("“pass: %(mark)s” allows no mistake: one wrong answer is too many", mark=f"{quiz.pass_mark:g}"),
            say("lower it, ask more questions, or write 100 if that is meant"),
        )
    elif wanted > 0 and len(asked) <= MAX_RECKONED:
        likely = points_by_guessing(((one.points, one.chance) for one in asked), wanted)
        if len(asked) >= MIN_QUESTIONS and likely > LIKELY:
            yield Suggestion(
                "pass-mark",
                0,
                say("whoever guesses passes with a probability of %(likely)d %%", likely=round(100 * likely)),
                say("raise “pass”, or ask more questions with more choices"),
            )


def _few_questions(quiz: Quiz) -> Iterator[Suggestion]:
    attempts = quiz.attempts or DRAWN_AGAIN
    for key, drawn in (quiz.draw or {}).items():
        there = sum(belongs_to(one, key) for one in quiz.asked)
        if drawn <= there < drawn * attempts:
            yield Suggestion(
                "few-questions",
                0,
                say(
                    "%(attempts)d attempts draw %(wanted)d questions, and there are %(count)d: they come back",
                    attempts=attempts,
                    wanted=drawn * attempts,
                    count=there,
                ),
                say("write more questions, draw fewer, or allow fewer attempts"),
            )
