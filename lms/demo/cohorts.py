"""Four cohorts of a course: two that are over, one that is full and running, one that is planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from lms.core.i18n import to_site_time
from lms.courses.models import Course
from lms.demo import cast
from lms.demo.learning import DemoLearner
from lms.enrolment import queries, services
from lms.enrolment.cohort_dates import cohort_name
from lms.enrolment.models import Application, Cohort, Enrolment
from lms.enrolment.settings import CohortSettings, Way
from lms.people.models import Person
from lms.people.scopes import EVERYBODY
from lms.people.services import roles
from lms.records.services import issue_records


@dataclass(frozen=True)
class CohortHistory:
    """The cohorts of ``course``, to be created one after the other; ``now`` is today."""

    course: Course
    now: datetime

    def last_year(self, begins: datetime) -> None:
        """Two people took part, and both finished."""
        cohort = self._cohort(begins, 28, "list", created=begins - timedelta(days=14))
        both = [cast.person(cast.PPPK), cast.person(cast.COMMITTEE)]
        services.enrol_people(both, cohort, actor_id=self._admin_id, now=begins - timedelta(days=9))
        for person in both:
            self._finish(person, begins + timedelta(days=2), wrong=0, level=0)
        self._certify(both, begins + timedelta(days=30))

    def latest(self) -> None:
        """Three finished, one of them as a substitute. One failed, one withdrew, two ran out of time."""
        begins = self._ago(75)
        cohort = self._cohort(begins, 35, "list", created=begins - timedelta(days=20), quota=8)
        first = [cast.learner(number) for number in (7, 9, 11, 15, 16, 17, 18)]
        services.enrol_people(first, cohort, actor_id=self._admin_id, now=begins - timedelta(days=7))
        services.substitute(
            self._enrolment(cast.learner(16)),
            cast.learner(12),
            "Contoh: tugas luar daerah selama angkatan berlangsung.",
            actor_id=self._admin_id,
            now=begins + timedelta(days=2),
        )
        self._finish(cast.learner(9), begins + timedelta(days=3), wrong=0, level=0)
        self._finish(cast.learner(11), begins + timedelta(days=4), wrong=1, level=1)
        self._finish(cast.learner(12), begins + timedelta(days=5), wrong=1, level=0)
        failing = DemoLearner(cast.learner(7), self.course, begins + timedelta(days=6)).read(1)
        for _attempt in range(3):
            failing.take(1, wrong=4)
        DemoLearner(cast.learner(18), self.course, begins + timedelta(days=8)).read(2).take(1)
        services.withdraw(
            self._enrolment(cast.learner(17)),
            actor_id=cast.learner(17).id,
            now=begins + timedelta(days=9),
            reason="Contoh: cuti sakit; ikut angkatan berikutnya.",
        )
        self._certify([cast.learner(number) for number in (9, 11, 12)], begins + timedelta(days=36))

    def running(self) -> None:
        """All four places are taken, three people are on the waiting list, three nominations await a decision.

        One of the nominated has completed the course in an earlier cohort. Enrolment has closed.
        """
        begins = self._ago(12)
        first_day = to_site_time(begins).date()
        cohort = self._cohort(
            begins, 30, "approval", created=self._ago(30), quota=4, enrols_until=first_day + timedelta(days=8)
        )
        self._apply_and_decide(cohort)
        self._learn()
        services.extend(
            [self._enrolment(cast.person(cast.TEACHER))],
            first_day + timedelta(days=44),
            "Contoh: tugas luar daerah selama dua minggu.",
            actor_id=cast.person(cast.COMMITTEE).id,
            now=self._ago(3),
        )

    def _apply_and_decide(self, cohort: Cohort) -> None:
        """Applications of all three sorts: by the head of the unit, by the learner, by an admin's list."""
        head_id, committee = cast.person(cast.HEAD).id, cast.person(cast.COMMITTEE)
        roles.grant_role(committee, "committee", cohort_id=cohort.id, actor_id=self._admin_id, now=self._ago(29))
        nominated = [cast.learner(17)], [cast.person(nip) for nip in (cast.PPPK, cast.MIDWIFE, cast.NURSE)]
        completed_before = cast.learner(9)
        services.propose(nominated[0], cohort, "Contoh: surat usulan nomor 1", actor_id=head_id, now=self._ago(25))
        for person in (cast.person(cast.HEAD), *map(cast.learner, (16, 7, 15, 18))):
            services.join(person, cohort, now=self._ago(24))
        services.enrol_people([cast.person(cast.TEACHER)], cohort, actor_id=self._admin_id, now=self._ago(23))
        services.approve(_open_applications(cohort), actor_id=committee.id, now=self._ago(20))
        second = [*nominated[1], completed_before]
        services.propose(second, cohort, "Contoh: surat usulan nomor 2", actor_id=head_id, now=self._ago(5))
        repeating = [one for one in _open_applications(cohort) if one.person_id == cast.person(cast.PPPK).id]
        reason = "Contoh: sudah menyelesaikan kursus ini tahun lalu."
        services.refuse(repeating, reason, actor_id=committee.id, now=self._ago(4))

    def _learn(self) -> None:
        """One submission waits to be graded, one learner for the certificate, and the head has only just begun."""
        DemoLearner(cast.person(cast.HEAD), self.course, self._ago(7)).read(1)
        DemoLearner(cast.learner(17), self.course, self._ago(4)).read().take(2).submit(with_file=True)
        DemoLearner(cast.learner(16), self.course, self._ago(4)).read().take(wrong=1).submit(with_file=True).get_graded(
            level=1, with_file=True
        )

    def planned(self) -> None:
        """Enrolled by list; one person on it has no account yet."""
        cohort = self._cohort(self.now + timedelta(days=20), 30, "list", created=self._ago(2), quota=25)
        listed = [cast.person(cast.OPERATOR), cast.person(cast.CLERK)]
        services.enrol_people(listed, cohort, actor_id=self._admin_id, now=self._ago(1))
        services.put_on_list([cast.WITHOUT_ACCOUNT], cohort, actor_id=self._admin_id, now=self._ago(1))

    @property
    def _admin_id(self) -> int:
        return cast.person(cast.ADMIN).id

    def _ago(self, days: int) -> datetime:
        return self.now - timedelta(days=days)

    def _cohort(self, begins: datetime, days: int, way: Way, *, created: datetime, **values: Any) -> Cohort:
        """A cohort of ``days`` days, named by the next number of its year."""
        starts_on: date = to_site_time(begins).date()
        number = max(queries.numbers_used(self.course.id, starts_on.year), default=0) + 1
        settings = CohortSettings(
            cohort_name(number, starts_on.year), starts_on, starts_on + timedelta(days=days), way, **values
        )
        return services.create_cohort(self.course, settings, actor_id=self._admin_id, now=created)

    def _finish(self, person: Person, begins: datetime, *, wrong: int, level: int) -> None:
        DemoLearner(person, self.course, begins).read().take(wrong=wrong).submit().get_graded(level=level)

    def _certify(self, people: Sequence[Person], now: datetime) -> None:
        issue_records(map(self._enrolment, people), actor_id=cast.person(cast.INSTRUCTOR).id, now=now)

    def _enrolment(self, person: Person) -> Enrolment:
        found = queries.enrolment_of(person.id, self.course.id)
        assert found is not None
        return found


def _open_applications(cohort: Cohort) -> list[Application]:
    """In the order in which people applied."""
    return [one for one, _person in queries.open_applications(cohort.id, EVERYBODY, "proposed")]
