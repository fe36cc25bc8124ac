"""A quiz that twelve people answered, the best first; a course with a pretest and a posttest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from factories import NOON, grant, item_of, make_course, make_enrolment, make_item_context, make_person
from quiz_factories import a_quiz, content, question_json

from lms.content import stored
from lms.core.db import db
from lms.courses.models import Course
from lms.enrolment.models import Enrolment
from lms.people.models import Person
from lms.quizzes import services
from lms.quizzes.models import Attempt
from lms.quizzes.responses import Response

ASKED = [
    question_json("keliru"),
    question_json("mudah"),
    question_json("sedang"),
    question_json("sulit"),
    question_json("skm", "short"),
]
"""The key of each choice is a, in ``keliru`` by mistake: c is right."""
ANSWERS: Sequence[Mapping[str, str]] = [
    *[{"keliru": "c", "mudah": "a", "sedang": "a", "sulit": "a", "skm": "satu"}] * 4,
    *[{"keliru": "c", "mudah": "a", "sedang": "a", "sulit": "b", "skm": "satu"}] * 2,
    *[{"keliru": "a", "mudah": "a", "sedang": "a", "sulit": "b", "skm": "dua"}] * 2,
    *[{"keliru": "a", "mudah": "a", "sedang": "b", "sulit": "b", "skm": "=1+1"}],
    *[{"keliru": "b", "mudah": "a", "sedang": "b", "sulit": "c", "skm": "kira-kira satu"}] * 2,
    {"mudah": "d"},
]


class AnalysedCourse:
    def __init__(self, *quizzes: dict[str, Any]) -> None:
        self.course: Course = make_course("pelatihan", items=quizzes)
        self.teacher: Person = make_person(name="Pengajar")
        grant(self.teacher, "instructor", course=self.course)

    def enrolment(self, name: str = "Peserta", **values: Any) -> Enrolment:
        return make_enrolment(make_person(name=name), self.course, **values)

    def attempt(
        self, answers: Mapping[str, str], enrolment: Enrolment | None = None, *, slug: str = "kuis", minutes: int = 0
    ) -> Attempt:
        """Handed in after 5 minutes, with the options picked or the text typed, by question."""
        now = NOON + timedelta(minutes=minutes)
        context = make_item_context(enrolment or self.enrolment(), item_of(self.course, slug))
        attempt = services.start_attempt(context, seed=context.enrolment_id, now=now)
        quiz = services.quiz_of(attempt)
        for id, text in answers.items():
            question = quiz.question(id)
            if id in {one["id"] for one in attempt.selection}:
                given = Response(frozenset(text) if question.offered else text)
                services.save_answer(attempt, question, given, now=now)
        services.submit_attempt(attempt, now=now + timedelta(minutes=5))
        db.session.flush()
        return attempt


def quiz_item(slug: str = "kuis", questions: list[dict[str, Any]] | None = None, **values: Any) -> dict[str, Any]:
    asked = ASKED if questions is None else questions
    return {"slug": slug, "type": "quiz", "title": f"Kuis {slug}", "content": content(asked, **values)}


def make_analysed_course(answers: Sequence[Mapping[str, str]] = ANSWERS, **values: Any) -> AnalysedCourse:
    made = AnalysedCourse(quiz_item(**values))
    for number, given in enumerate(answers, 1):
        made.attempt(given, made.enrolment(f"Peserta {number:02}"))
    return made


def make_gain_course() -> AnalysedCourse:
    """Each question of the pretest stands in the posttest too, under another id; nobody has answered yet."""
    return AnalysedCourse(
        _in_new_form("pretes", {"satu": "antre", "dua": "syarat"}, "pretest"),
        _in_new_form("pascates", {"tiga": "antre", "empat": "syarat"}, "posttest"),
    )


def _in_new_form(slug: str, pairs: dict[str, str], purpose: str) -> dict[str, Any]:
    """A quiz as this release stores it, with the questions' pairs by id."""
    quiz = a_quiz([question_json(id) for id in pairs], purpose=purpose)
    paired = tuple(replace(one, pair=pairs[one.id]) for one in quiz.questions)
    return quiz_item(slug) | {"content": stored.dump(replace(quiz, questions=paired))}
