"""People who have completed a course, and records issued to them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from factories import NOON, item_of, make_course, make_enrolment, make_person

from lms.accounts.models import Person
from lms.courses.models import Course
from lms.enrolment.models import Enrolment
from lms.learning import services as learning
from lms.records import services
from lms.records.models import Record

ITEMS = (
    {"slug": "modul-satu", "jp": 3},
    {"slug": "kuis-akhir", "type": "quiz", "jp": 1, "content": {}},
)


def make_graded_course(slug: str | None = None, **values: Any) -> Course:
    """A module of 3 JP and a quiz of 1; to complete it takes both, and 70."""
    completion = {"items": "all", "score": 70, "attendance": None}
    return make_course(slug, **({"items": ITEMS, "jp": 4, "completion": completion} | values))


def complete(person: Person | None = None, course: Course | None = None, **values: Any) -> Enrolment:
    """Go through a graded course with a mark (85 where no ``score`` is given)."""
    score, now = values.pop("score", 85), values.pop("now", NOON)
    course = course or make_graded_course()
    enrolment = make_enrolment(person or make_person(), course, **values)
    learning.record_read(enrolment.id, item_of(course, "modul-satu"), now=now)
    mark(enrolment, course, score, now=now)
    return enrolment


def mark(enrolment: Enrolment, course: Course, score: int, now=NOON) -> None:
    """Mark the quiz, or correct its mark."""
    learning.record_result(
        enrolment.id,
        item_of(course, "kuis-akhir"),
        source=f"attempt:{enrolment.id}",
        score=Decimal(score),
        effective=Decimal(score),
        is_passed=True,
        now=now,
    )


def make_record(person: Person | None = None, course: Course | None = None, **values: Any) -> Record:
    """Complete a course and have the record issued by the system."""
    now = values.get("now", NOON)
    return services.issue_record(complete(person, course, **values), actor_id=None, now=now)
