"""One world to start from: two agencies, someone in each role, a course with a running cohort."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from factories import grant, make_admin, make_cohort, make_course, make_person, make_unit

from lms.core import clock
from lms.courses.models import Course
from lms.enrolment import services
from lms.enrolment.models import Cohort, Enrolment
from lms.people.models import Person, Unit


def today() -> date:
    return clock.now().astimezone(ZoneInfo("Asia/Jayapura")).date()


def days(count: int) -> date:
    """The day ``count`` days from today; pages go by the real clock."""
    return today() + timedelta(days=count)


class World:
    """Each part is created when a test first mentions it, so a count meets nothing that its test does not use.

    Two agencies: the ``city`` with ``health`` (and its ``clinic``) and ``schools``; the ``regency`` with ``farms``.
    """

    @cached_property
    def city(self) -> Unit:
        return make_unit("Kota Contoh", kind="instansi")

    @cached_property
    def health(self) -> Unit:
        return make_unit("Dinas Kesehatan", self.city)

    @cached_property
    def clinic(self) -> Unit:
        return make_unit("Puskesmas Contoh", self.health)

    @cached_property
    def schools(self) -> Unit:
        return make_unit("Dinas Pendidikan", self.city)

    @cached_property
    def regency(self) -> Unit:
        return make_unit("Kabupaten Contoh", kind="instansi")

    @cached_property
    def farms(self) -> Unit:
        return make_unit("Dinas Pertanian", self.regency)

    @cached_property
    def course(self) -> Course:
        return make_course("pelatihan", title="Pelatihan contoh")

    @cached_property
    def cohort(self) -> Cohort:
        """Runs from today for 30 days; people apply, and the committee decides."""
        return make_cohort(
            self.course,
            name="Angkatan I Tahun 2026",
            number=1,
            is_open=True,
            needs_approval=True,
            starts_on=today(),
            ends_on=days(30),
        )

    @cached_property
    def admin(self) -> Person:
        return make_admin(name="Admin Situs")

    @cached_property
    def agency_admin(self) -> Person:
        """Of the city."""
        person = make_person(name="Admin Kota")
        grant(person, "agency-admin", unit=self.city)
        return person

    @cached_property
    def head(self) -> Person:
        """Of health, and so of the clinic."""
        person = make_person(name="Kepala Kesehatan")
        grant(person, "head", unit=self.health)
        return person

    @cached_property
    def instructor(self) -> Person:
        person = make_person(name="Pengajar Satu")
        grant(person, "instructor", course=self.course)
        return person

    @cached_property
    def committee(self) -> Person:
        """Of the cohort."""
        person = make_person(name="Panitia")
        grant(person, "committee", cohort_id=self.cohort.id)
        return person

    @cached_property
    def learner(self) -> Person:
        """In health."""
        return make_person(name="Peserta Sendiri", unit_id=self.health.id)

    @cached_property
    def outsider(self) -> Person:
        """In the regency, out of sight of the city and of the head."""
        return make_person(name="Peserta Lain", unit_id=self.farms.id)

    @cached_property
    def enrolment(self) -> Enrolment:
        """The learner's, in the cohort."""
        return services.enrol(self.learner, self.cohort, actor_id=None, now=clock.now())

    @cached_property
    def outsider_enrolment(self) -> Enrolment:
        return services.enrol(self.outsider, self.cohort, actor_id=None, now=clock.now())

    @property
    def cohort_page(self) -> str:
        return f"/admin/cohorts/{self.cohort.id}"

    def member_page(self, who: str) -> str:
        """``who`` is learner or outsider."""
        enrolment = {"learner": self.enrolment, "outsider": self.outsider_enrolment}[who]
        return f"{self.cohort_page}/people/{enrolment.id}"


def make_cohort_world() -> World:
    """A world whose cohort has two members, the learner and the outsider."""
    made = World()
    assert made.enrolment and made.outsider_enrolment
    return made
