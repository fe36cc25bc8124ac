"""A quiz whose key was wrong, and people who answered it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from factories import NOON, item_of, make_course, make_enrolment, make_item_context, make_person, make_revision, publish
from quiz_factories import content, question_json

from lms.core.db import db
from lms.courses import queries as courses
from lms.courses.models import Course
from lms.enrolment.models import Enrolment
from lms.learning.queries import ItemContext
from lms.quizzes import services
from lms.quizzes.models import Attempt
from lms.quizzes.queries import regrades
from lms.quizzes.responses import Response
from lms.quizzes.services import regrading

ASKED = [question_json("asas"), question_json("prinsip"), question_json("skm", "short")]
"""The key of each choice is a."""


def corrected(**correct: str) -> list[dict[str, Any]]:
    """The same questions, with these keys."""
    return [
        question_json("asas", correct=correct.get("asas", "a")),
        question_json("prinsip", correct=correct.get("prinsip", "a")),
        ASKED[2],
    ]


@dataclass
class RegradeWorld:
    course: Course

    @property
    def item_id(self) -> int:
        return item_of(self.course, "kuis").item_id

    @property
    def item_revision_id(self) -> int:
        found = courses.published_item_id(self.item_id)
        assert found is not None
        return found

    def enrolment(self, **person: Any) -> Enrolment:
        return make_enrolment(make_person(**person), self.course)

    def context(self, enrolment: Enrolment) -> ItemContext:
        return make_item_context(enrolment, item_of(self.course, "kuis"))

    def attempt(self, answers: dict[str, str], enrolment: Enrolment | None = None, now=NOON) -> Attempt:
        """Handed in, with the letters picked, or the text typed, by question."""
        context = self.context(enrolment or self.enrolment())
        attempt = services.start_attempt(context, seed=1, now=now)
        quiz = services.quiz_of(attempt)
        for id, text in answers.items():
            given = Response(text) if id == "skm" else Response(frozenset(text) or None)
            services.save_answer(attempt, quiz.question(id), given, now=now)
        services.submit_attempt(attempt, now=now)
        db.session.flush()
        return attempt

    def publish(self, questions: list[dict[str, Any]], **values: Any) -> None:
        item = {"slug": "kuis", "type": "quiz", "title": "Kuis dasar", "content": content(questions, **values)}
        publish(make_revision(self.course, (item,)))

    def dry_run(self, voiding=None):
        return regrading.dry_run(self.item_id, self.item_revision_id, voiding)

    def start(self, mode="all", reason="Kunci soal keliru.", actor=None, **values: Any):
        seen = values.pop("seen", None) or (self.item_revision_id, regrades.newest_number(self.item_id))
        actor_id = (actor or make_person()).id
        return regrading.start_regrade(self.item_id, mode, reason, seen=seen, actor_id=actor_id, now=NOON, **values)

    def regrade(self, mode="all", **values: Any):
        made = self.start(mode, **values)
        while regrading.regrade_next(made.id, now=NOON):
            pass
        return made


def make_regrade_world(questions: list[dict[str, Any]] | None = None, **values: Any) -> RegradeWorld:
    questions = ASKED if questions is None else questions
    item = {"slug": "kuis", "type": "quiz", "title": "Kuis dasar", "content": content(questions, **values)}
    completion = {"items": "all", "score": 30, "attendance": None}
    return RegradeWorld(make_course(items=(item,), completion=completion))
