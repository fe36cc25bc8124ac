"""A quiz with a choice and two essays, one of them with a rubric, and people who answered it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from course_sample import item, quiz
from factories import (
    NOON,
    grant,
    item_of,
    make_course,
    make_enrolment,
    make_item_context,
    make_person,
    make_revision,
    publish,
)

from lms.content import stored
from lms.content.rendering.course import FileRenderer
from lms.core.db import db
from lms.courses import queries as courses
from lms.courses.models import Course
from lms.enrolment.models import Enrolment
from lms.learning.queries import ItemContext
from lms.people.models import Person
from lms.quizzes import queries, services
from lms.quizzes.models import Attempt
from lms.quizzes.responses import Response
from lms.quizzes.services import marking
from lms.quizzes.services.marking import EssayDecision

ESSAYS = """\
## Asas mana yang termasuk? {#asas points=2}

- [x] Kepastian hukum
- [ ] Keuntungan unit

## Bagaimana Anda memperbaiki loket yang antre? {#rencana type=essay points=6}

### Pembahasan

Jawaban yang baik menyebut data.

### Rubrik

| Kriteria | Baik (2) | Cukup (1) |
| --- | --- | --- |
| Masalah | Ada data | Umum |
| Langkah | Dapat dimulai besok | Belum jelas |

## Apa yang Anda pelajari? {#pelajaran type=essay points=2 files=1}
"""
"""10 points in all."""


def essay_content(text: str = ESSAYS, keys: str = "") -> dict[str, Any]:
    """What a revision stores of the quiz."""
    found = item(quiz(text, keys))
    return stored.dump(found.rendered(FileRenderer(lambda _link: None, "id")))


@dataclass
class EssayWorld:
    course: Course
    teacher: Person

    @property
    def item_id(self) -> int:
        return item_of(self.course, "kuis").item_id

    def enrolment(self, **person: Any) -> Enrolment:
        return make_enrolment(make_person(**person), self.course)

    def context(self, enrolment: Enrolment) -> ItemContext:
        return make_item_context(enrolment, item_of(self.course, "kuis"))

    def attempt(
        self,
        enrolment: Enrolment | None = None,
        *,
        picked: str = "a",
        plan: str | None = "Data antrean dicatat dulu.",
        lesson: str | None = None,
        now: datetime = NOON,
    ) -> Attempt:
        """Handed in."""
        attempt = services.start_attempt(self.context(enrolment or self.enrolment()), seed=1, now=now)
        found = services.quiz_of(attempt)
        given = {"asas": frozenset(picked), "rencana": plan, "pelajaran": lesson}
        for id, answer in given.items():
            services.save_answer(attempt, found.question(id), Response(answer or None), now=now)
        services.submit_attempt(attempt, now=now)
        db.session.flush()
        return attempt

    def mark(self, attempt: Attempt, question: str = "rencana", now: datetime = NOON, **values: Any) -> Any:
        """By the levels (0, 1) of the rubric, unless other values are given: 4.50 of 6 points."""
        seen, actor = values.pop("seen", 0), values.pop("actor", self.teacher)
        values = values or ({"picked": {0: 0, 1: 1}} if question == "rencana" else {"points": Decimal(2)})
        essay = queries.questions_as_marked(attempt)[question]
        decision = EssayDecision(**values)
        return marking.mark_essay(attempt, essay, decision, seen=seen, actor_id=actor.id, now=now)  # type: ignore[arg-type]

    def publish(self, text: str, keys: str = "") -> int:
        """The new item revision."""
        part = {"slug": "kuis", "type": "quiz", "title": "Kuis esai", "content": essay_content(text, keys)}
        publish(make_revision(self.course, (part,)))
        found = courses.published_item_id(self.item_id)
        assert found is not None
        return found


def make_essay_world(text: str = ESSAYS, keys: str = "") -> EssayWorld:
    part = {"slug": "kuis", "type": "quiz", "title": "Kuis esai", "content": essay_content(text, keys)}
    course = make_course(items=(part,), completion={"items": "all", "score": 30, "attendance": None})
    teacher = make_person(name="Guru Penilai")
    grant(teacher, "instructor", course=course)
    return EssayWorld(course, teacher)
