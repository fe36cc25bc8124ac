"""Surveys for tests: their content, a world with one, and people who answer it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any

from factories import NOON, item_of, make_cohort, make_course, make_enrolment, make_item_context, make_person
from world import World

from lms.content import stored
from lms.content.folder.reading import read_course
from lms.content.rendering.course import render_course
from lms.courses.models import Course
from lms.courses.queries import item_version
from lms.enrolment.models import Cohort, Enrolment
from lms.learning.queries import ItemContext
from lms.people.models import Person
from lms.surveys import queries
from lms.surveys.services import answer_survey

ASKED = """\
Pendapat Anda memperbaiki pelatihan ini.

## Materi berguna bagi pekerjaan saya. {#guna scale=5 low="Sangat tidak setuju" high="Sangat setuju" required=true}

## Bagian mana yang paling membantu? {#bagian type=multiple}

- [ ] Modul
- [ ] Kuis **latihan**

## Perangkat apa yang Anda pakai? {#alat}

- [ ] Ponsel
- [ ] Komputer

## Apa saran Anda? {#saran}
"""


def survey_file(asked: str = ASKED, keys: str = "") -> str:
    return f"---\ntitle: Evaluasi pelatihan\ntype: survey\n{keys}---\n{asked}"


def content(asked: str = ASKED, keys: str = "") -> dict[str, Any]:
    """What a revision stores of a survey."""
    files = {"course.md": b"---\ntitle: K\nsummary: R.\n---\n", "01-evaluasi.md": survey_file(asked, keys).encode()}
    course, problems = read_course("kursus", files)
    assert course and not problems, problems
    return stored.dump(render_course(course, {}).sections[0].items[0])


def scale(value: int, of: int = 5) -> dict[str, int]:
    return {"value": value, "of": of}


class SurveyWorld(World):
    """A world whose course has a survey ``evaluasi`` and an item after it; its learner is enrolled since NOON."""

    def __init__(self, keys: str, item: dict[str, Any]) -> None:
        self._keys, self._item = keys, item

    @cached_property
    def course(self) -> Course:
        survey = {
            "slug": "evaluasi",
            "title": "Evaluasi pelatihan",
            "type": "survey",
            "content": content(keys=self._keys),
        }
        return make_course(items=(survey | self._item, {"slug": "sesudah"}))

    @cached_property
    def learner(self) -> Person:
        return make_person()

    @cached_property
    def enrolment(self) -> Enrolment:
        return make_enrolment(self.learner, self.course)

    @cached_property
    def context(self) -> ItemContext:
        return self._context(self.enrolment)

    @property
    def path(self) -> str:
        return f"/courses/{self.course.slug}/evaluasi"

    @property
    def results(self) -> str:
        return f"/teach/courses/{self.course.slug}/surveys/evaluasi"

    def another(self, cohort: Cohort | None = None) -> ItemContext:
        values = {"cohort": cohort} if cohort else {}
        enrolment = make_enrolment(make_person(), self.course, **values)
        return self._context(enrolment)

    def _context(self, enrolment: Enrolment) -> ItemContext:
        """Of rows, as on pages, so that it can be used in other threads."""
        item = item_of(self.course, "evaluasi")
        return replace(make_item_context(enrolment, item), item_revision=item_version(item.id))

    def another_cohort(self) -> Cohort:
        return make_cohort(self.course, name="Angkatan II")

    def answer(
        self, context: ItemContext | None = None, *, seen: int = 0, now: datetime = NOON, **answers: Any
    ) -> None:
        context = context or self.context
        survey = queries.survey_of(context.item_revision.id)
        given = answers or {"guna": scale(4)}
        answer_survey(context, survey, given, as_anonymous=survey.anonymous, seen=seen, now=now)

    def answer_many(self, count: int, cohort: Cohort | None = None, **answers: Any) -> None:
        for _number in range(count):
            self.answer(self.another(cohort), **answers)


def make_survey_world(keys: str = "", **item: Any) -> SurveyWorld:
    """:param keys: lines of the front matter, such as ``anonymous: true``."""
    made = SurveyWorld(keys, item)
    assert made.context and made.instructor
    return made
