"""A cohort that runs, two agencies with people in it, and somebody in each role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from factories import grant, make_admin, make_cohort, make_course, make_person, make_unit

from lms.accounts.models import Person, Unit
from lms.core import clock
from lms.courses.models import Course
from lms.enrolment import services
from lms.enrolment.models import Cohort, Enrolment


def today() -> date:
    return clock.now().astimezone(ZoneInfo("Asia/Jayapura")).date()


def days(count: int) -> date:
    return today() + timedelta(days=count)


@dataclass
class Scene:
    course: Course
    cohort: Cohort
    admin: Person
    committee: Person
    agency: Person
    """Admin of the agency of ``mine``."""
    teacher: Person
    head: Person
    mine: Person
    """In the cohort, of the head's office and the agency."""
    foreign: Person
    """In the cohort, of another agency."""
    office: Unit
    places: dict[str, Enrolment]

    @property
    def page(self) -> str:
        return f"/admin/cohorts/{self.cohort.id}"

    def member(self, name: str) -> str:
        return f"{self.page}/people/{self.places[name].id}"


def make_scene(**values: Any) -> Scene:
    course = make_course("pelatihan", title="Pelatihan contoh")
    defaults = {"name": "Angkatan I Tahun 2026", "number": 1, "is_open": True, "needs_approval": True}
    cohort = make_cohort(course, **(defaults | {"starts_on": today(), "ends_on": days(30)} | values))
    agency, other = make_unit("Kota Contoh", kind="instansi"), make_unit("Kabupaten Contoh", kind="instansi")
    office = make_unit("Dinas Satu", parent=agency)
    mine = make_person(name="Orang Sendiri", unit_id=office.id)
    foreign = make_person(name="Orang Lain", unit_id=make_unit("Dinas Dua", parent=other).id)
    grant(committee := make_person(name="Panitia"), "committee", cohort_id=cohort.id)
    grant(agent := make_person(name="Admin Instansi", unit_id=agency.id), "agency-admin", unit=agency)
    grant(teacher := make_person(name="Pengajar"), "instructor", course=course)
    grant(head := make_person(name="Kepala", unit_id=office.id), "head", unit=office)
    by = {"actor_id": None, "now": clock.now()}
    places = {name: services.enrol(one, cohort, **by) for name, one in (("mine", mine), ("foreign", foreign))}
    admin = make_admin(name="Admin")
    return Scene(course, cohort, admin, committee, agent, teacher, head, mine, foreign, office, places)
