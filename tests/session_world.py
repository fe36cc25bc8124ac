"""A course with a live session, a cohort and people in it."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import Any

from factories import NOON, item_of, make_cohort, make_course, make_enrolment, make_person
from world import World

from lms.attendance.services.marking import SessionMeeting
from lms.content.items.live_session import LiveSession
from lms.courses import queries as courses
from lms.courses.models import Course
from lms.enrolment.models import Cohort, Enrolment

MORNING = {"base": "start", "moment": None, "days": 0, "at": "09:00"}
NEXT_DAY = MORNING | {"days": 1}


def session_content(**values: Any) -> dict[str, Any]:
    """A workshop's JSON: two meetings of three hours, on the first two days of the cohort."""
    meetings = [
        {"starts": MORNING, "duration": 10800, "place": "Aula BKPSDM"},
        {"starts": NEXT_DAY, "duration": 10800, "place": ""},
    ]
    return {"mode": "workshop", "meetings": meetings, "attendance": 100, "link": None} | values


class SessionWorld(World):
    """A course with a module and the workshop ``lokakarya``; ``ani`` and ``budi`` are in a cohort that begins on the
    day of NOON."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    module = {"slug": "bacaan"}

    def session_item(self, **values: Any) -> dict[str, Any]:
        item = {"slug": "lokakarya", "title": "Lokakarya loket", "type": "session"}
        return item | {"content": session_content(**(self._values | values))}

    @cached_property
    def course(self) -> Course:
        return make_course(items=(self.module, self.session_item()))

    @cached_property
    def cohort(self) -> Cohort:
        day = NOON.date()
        return make_cohort(self.course, starts_on=day, ends_on=day + timedelta(days=30))

    @cached_property
    def ani(self) -> Enrolment:
        return make_enrolment(make_person(name="Ani"), self.course, cohort=self.cohort)

    @cached_property
    def budi(self) -> Enrolment:
        return make_enrolment(make_person(name="Budi"), self.course, cohort=self.cohort)

    @property
    def item_id(self) -> int:
        return item_of(self.course, "lokakarya").item_id

    def meeting(self, number: int = 1) -> SessionMeeting:
        revision_id = item_of(self.course, "lokakarya").revision_id
        item = next(one for one in courses.contents(revision_id).items if one.slug == "lokakarya")
        session = courses.item_content(item.item_revision_id)
        assert isinstance(session, LiveSession)
        return SessionMeeting(item, session, number)

    @property
    def path(self) -> str:
        return f"/courses/{self.course.slug}/lokakarya"

    @property
    def teach(self) -> str:
        return f"/teach/courses/{self.course.slug}/attendance/lokakarya"

    def teach_meeting(self, number: int = 1) -> str:
        return f"{self.teach}/cohorts/{self.cohort.id}/{number}"


def make_session_world(**values: Any) -> SessionWorld:
    """``values`` change the session's content."""
    made = SessionWorld(values)
    assert made.cohort and made.ani and made.budi and made.instructor
    return made
