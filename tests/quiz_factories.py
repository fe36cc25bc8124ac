"""Quizzes for tests: content as the first releases stored it, and rows that have it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from factories import NOON, item_of, make_course, make_enrolment, make_item_context, make_person

from lms.content import stored
from lms.content.items.quiz import Quiz
from lms.content.questions.base import Question
from lms.core.db import db
from lms.learning.queries import ItemContext
from lms.quizzes import services
from lms.quizzes.models import Attempt

MINUTE = timedelta(minutes=1)


def option(id: str, is_correct: bool = False, **values: Any) -> dict[str, Any]:
    return {
        "id": id,
        "html": f"Pilihan {id}",
        "is_correct": is_correct,
        "feedback_html": None,
        "keeps_last": False,
    } | values


def question_json(id: str = "asas", kind: str = "single", correct: str = "a", **values: Any) -> dict[str, Any]:
    """Choices a to d of which ``correct`` are right; a short answer accepts "satu" and half of "kira-kira satu"."""
    return {
        "id": id,
        "kind": kind,
        "title": f"Soal {id}",
        "stem_html": f"<p>Bunyi soal {id}?</p>",
        "points": 1.0,
        "scoring": "exact",
        "group": None,
        "options": [] if kind == "short" else [option(letter, letter in correct) for letter in "abcd"],
        "accepted": [["satu", 1.0], ["kira-kira satu", 0.5]] if kind == "short" else [],
        "explanation_html": f"Pembahasan {id}.",
        "hints_html": [],
    } | values


THREE = [question_json("asas"), question_json("prinsip", "multiple", "ab"), question_json("skm", "short")]


def content(questions: list[dict[str, Any]] | None = None, **values: Any) -> dict[str, Any]:
    return {
        "questions": THREE if questions is None else questions,
        "pass_mark": None,
        "attempts": None,
        "grade": "highest",
        "time_limit": None,
        "on_expiry": "submit",
        "grace": None,
        "wait": 0,
        "navigation": "free",
        "feedback": "deferred",
        "review": "kuis",
        "shuffle": [],
        "draw": None,
        "purpose": None,
        "late_policy": "trust",
    } | values


def a_question(*args: Any, **values: Any) -> Question:
    return a_quiz([question_json(*args, **values)]).questions[0]


def a_quiz(questions: list[dict[str, Any]] | None = None, **values: Any) -> Quiz:
    found = stored.load("quiz", content(questions, **values), slug="kuis")
    assert isinstance(found, Quiz)
    return found


def quiz_context(questions: list[dict[str, Any]] | None = None, **values: Any) -> ItemContext:
    """The context of somebody enrolled in a course with one quiz; ``closes`` is the item's."""
    closes, person = values.pop("closes", None), values.pop("person", None)
    items = (
        {
            "slug": "kuis",
            "type": "quiz",
            "title": "Kuis dasar",
            "content": content(questions, **values),
            "closes": closes,
        },
        {"slug": "penutup"},
    )
    course = make_course(items=items)
    enrolment = make_enrolment(person or make_person(), course)
    return make_item_context(enrolment, item_of(course, "kuis"))


def running(context: ItemContext | None = None, **values: Any) -> Attempt:
    attempt = services.start_attempt(context or quiz_context(**values), seed=1, now=NOON)
    db.session.flush()
    return attempt
