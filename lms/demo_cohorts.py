"""Runs of a course as the training office has them: two that are over, one full and running, one planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from lms.accounts.models import Person
from lms.accounts.scopes import EVERYBODY
from lms.accounts.services import roles
from lms.core.i18n import to_site_time
from lms.courses.models import Course
from lms.demo_cast import Cast
from lms.demo_office import Office
from lms.demo_progress import Story
from lms.enrolment import queries, services
from lms.enrolment.models import Application, Cohort, Enrolment
from lms.enrolment.runs import run_name
from lms.enrolment.settings import RunSettings, Way
from lms.records.services import issue_records

STRANGER = "198001012010011009"
"""On a list, and without an account."""


@dataclass(frozen=True)
class Runs:
    """The runs of ``course``, told one after the other; ``now`` is today."""

    cast: Cast
    office: Office
    course: Course
    zone: str
    now: datetime

    def tell_those_that_are_over(self, last_year: datetime) -> None:
        """``last_year``: the first day of the run of then."""
        self._of_last_year(last_year)
        self._latest(self._ago(75))

    def tell_those_that_are_not(self) -> None:
        self._running(self._ago(12))
        self._planned(self.now + timedelta(days=20))

    def _of_last_year(self, begins: datetime) -> None:
        """Two took part, and both finished."""
        cast = self.cast
        cohort = self._cohort(begins, 28, "list", created=begins - timedelta(days=14))
        both = [cast.pppk, self.office.committee]
        services.enrol_people(both, cohort, actor_id=cast.admin.id, now=begins - timedelta(days=9))
        for person in both:
            self._finish(person, begins + timedelta(days=2), wrong=0, level=0)
        self._certify(both, begins + timedelta(days=30))

    def _latest(self, begins: datetime) -> None:
        """Three finished, one of them in the place of somebody who could not come. One failed, one left, two
        were not done when it ended."""
        cast = self.cast
        cohort = self._cohort(begins, 35, "list", created=begins - timedelta(days=20), quota=8)
        first = [cast.learner(number) for number in (7, 9, 11, 15, 16, 17, 18)]
        services.enrol_people(first, cohort, actor_id=cast.admin.id, now=begins - timedelta(days=7))
        services.substitute(
            self._place(16),
            cast.learner(12),
            "Contoh: tugas luar daerah selama angkatan berlangsung.",
            actor_id=cast.admin.id,
            now=begins + timedelta(days=2),
        )
        self._finish(cast.learner(9), begins + timedelta(days=3), wrong=0, level=0)
        self._finish(cast.learner(11), begins + timedelta(days=4), wrong=1, level=1)
        self._finish(cast.learner(12), begins + timedelta(days=5), wrong=1, level=0)
        failing = self._story(cast.learner(7), begins + timedelta(days=6)).read(1)
        for _try in range(3):
            failing.take(1, wrong=4)
        self._story(cast.learner(18), begins + timedelta(days=8)).read(2).take(1)
        reason = "Contoh: cuti sakit; ikut angkatan berikutnya."
        services.withdraw(self._place(17), actor_id=cast.learner(17).id, now=begins + timedelta(days=9), reason=reason)
        finished = [cast.learner(number) for number in (9, 11, 12)]
        self._certify(finished, begins + timedelta(days=36))

    def _running(self, begins: datetime) -> None:
        """Four places are taken, three people wait for one, and the head's last proposals wait for a decision.
        It takes no requests any more."""
        first_day = to_site_time(begins).date()
        enrols_until = first_day + timedelta(days=8)
        cohort = self._cohort(begins, 30, "approval", created=self._ago(30), quota=4, enrols_until=enrols_until)
        self._ask_and_decide(cohort)
        self._learn_in_it()
        services.extend(
            [self._enrolment(self.office.teacher)],
            first_day + timedelta(days=44),
            "Contoh: tugas luar daerah selama dua minggu.",
            actor_id=self.office.committee.id,
            now=self._ago(3),
        )

    def _ask_and_decide(self, cohort: Cohort) -> None:
        """By the head for the own people, by oneself, by the office's list; the committee decides."""
        cast, office = self.cast, self.office
        head, committee = cast.head.id, office.committee.id
        roles.grant_role(office.committee, "committee", cohort_id=cohort.id, actor_id=cast.admin.id, now=self._ago(29))
        first, last = [cast.learner(17)], [cast.pppk, office.midwife, office.nurse]
        services.propose(first, cohort, "Contoh: surat usulan nomor 1", actor_id=head, now=self._ago(25))
        for person in (cast.head, *map(cast.learner, (16, 7, 15, 18))):
            services.join(person, cohort, now=self._ago(24))
        services.enrol_people([office.teacher], cohort, actor_id=cast.admin.id, now=self._ago(23))
        services.approve(self._asking(cohort), actor_id=committee, now=self._ago(20))
        services.propose(last, cohort, "Contoh: surat usulan nomor 2", actor_id=head, now=self._ago(5))
        again = [one for one in self._asking(cohort) if one.person_id == cast.pppk.id]
        reason = "Contoh: sudah menyelesaikan kursus ini tahun lalu."
        services.refuse(again, reason, actor_id=committee, now=self._ago(4))

    def _learn_in_it(self) -> None:
        """One's work lies with the grader, another's has come back, the head has only begun."""
        cast = self.cast
        self._story(cast.head, self._ago(7)).read(1)
        self._story(cast.learner(17), self._ago(4)).read(5).take(2).hand_in()
        graded = self._story(cast.learner(16), self._ago(4)).read(5).take(3, wrong=1).hand_in()
        graded.is_graded_by(cast.instructor, level=1)

    def _planned(self, begins: datetime) -> None:
        """The next one, by list; a person on it is not registered yet."""
        admin, office = self.cast.admin.id, self.office
        cohort = self._cohort(begins, 30, "list", created=self._ago(2), quota=25)
        services.enrol_people([office.operator, office.clerk], cohort, actor_id=admin, now=self._ago(1))
        services.put_on_list([STRANGER], cohort, actor_id=admin, now=self._ago(1))

    def _ago(self, days: int) -> datetime:
        return self.now - timedelta(days=days)

    def _cohort(self, begins: datetime, days: int, way: Way, *, created: datetime, **values: Any) -> Cohort:
        """A run of so many days that begins on the day of ``begins``, named by the next number of its year."""
        starts_on: date = to_site_time(begins).date()
        number = max(queries.numbers_used(self.course.id, starts_on.year), default=0) + 1
        settings = RunSettings(
            run_name(number, starts_on.year), starts_on, starts_on + timedelta(days=days), way, **values
        )
        return services.create_cohort(self.course, settings, actor_id=self.cast.admin.id, now=created)

    def _story(self, person: Person, begins: datetime) -> Story:
        return Story(person, self.course, self.zone, begins)

    def _finish(self, person: Person, begins: datetime, *, wrong: int, level: int) -> None:
        story = self._story(person, begins).read(5).take(5, wrong=wrong).hand_in()
        story.is_graded_by(self.cast.instructor, level=level)

    def _certify(self, people: Sequence[Person], now: datetime) -> None:
        issue_records(map(self._enrolment, people), actor_id=self.cast.instructor.id, now=now)

    def _place(self, number: int) -> Enrolment:
        return self._enrolment(self.cast.learner(number))

    def _enrolment(self, person: Person) -> Enrolment:
        found = queries.enrolment_of(person.id, self.course.id)
        assert found is not None
        return found

    def _asking(self, cohort: Cohort) -> list[Application]:
        """Who waits for a decision, in the order of asking."""
        return [one for one, _person in queries.open_applications(cohort.id, EVERYBODY, "proposed")]
