"""Demo people at different points of a course, by the very services that pages use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from lms.accounts.models import Person
from lms.assignments import queries as assignments
from lms.assignments.services import handing_in, marking
from lms.assignments.services.drafts import Work
from lms.courses import queries as courses
from lms.courses.models import Course
from lms.demo_cast import Cast
from lms.enrolment import queries as enrolments
from lms.enrolment import services as enrolment
from lms.learning import queries as learning
from lms.learning import services as results
from lms.learning.queries import Place
from lms.quizzes import services as quizzes
from lms.quizzes.responses import Response
from lms.records.services import issue_record, revoke_record

PLAN = (
    "Contoh: antrean loket panjang karena syarat baru diketahui di depan petugas.\n\n"
    "Langkah: papan syarat di pintu, nomor antrean, dan satu petugas penyambut pada jam sibuk."
)
PRAISE = "Contoh umpan balik: langkahnya jelas dan dapat dimulai besok. Tambahkan ukuran keberhasilannya."


@dataclass
class Story:
    """One learner in one course, doing one thing after the other; ``now`` moves on with each."""

    person: Person
    course: Course
    zone: str
    now: datetime

    def enrol(self) -> Story:
        enrolment.enrol_openly(self.person, self.course, now=self.now)
        return self

    def read(self, count: int) -> Story:
        """Read the first ``count`` modules."""
        for slug in self._slugs("module")[:count]:
            place = self._place(slug)
            results.record_read(place.enrolment_id, place.item, now=self._later(minutes=25))
        return self

    def take(self, count: int, *, wrong: int = 0) -> Story:
        """Take the first ``count`` quizzes, each with ``wrong`` wrong answers."""
        chance = Random(self.person.id)  # noqa: S311 - which wrong answer is picked is no secret
        for slug in self._slugs("quiz")[:count]:
            attempt = quizzes.start_attempt(self._place(slug), seed=self.person.id, now=self._later(minutes=5))
            for number, dealt in enumerate(attempt.deal):
                question = quizzes.quiz_of(attempt).question(dealt["id"])
                answer = question.example(is_right=number >= wrong, chance=chance)
                quizzes.save_answer(attempt, question, Response(answer), now=self._later(minutes=1))
            quizzes.submit_attempt(attempt, now=self._later(minutes=1))
        return self

    def hand_in(self) -> Story:
        for slug in self._slugs("assignment"):
            handing_in.hand_in(self._place(slug), Work(PLAN), number=1, now=self._later(hours=20))
        return self

    def is_graded_by(self, grader: Person, *, level: int) -> Story:
        """The grader picks the same ``level`` (0 is the best) for each criterion."""
        for slug in self._slugs("assignment"):
            place = self._place(slug)
            submission = handing_in.hand_in(place, Work(PLAN), number=1, now=self.now)
            picked = dict.fromkeys(range(len(assignments.assignment_of(place.item.id).rubric)), level)
            judgement = marking.Judgement(picked=picked, feedback=PRAISE)
            marking.mark(submission, judgement, grader_id=grader.id, seen=0, now=self._later(hours=30))
        return self

    def is_issued_by(self, issuer: Person) -> Story:
        found = enrolments.enrolment_of(self.person.id, self.course.id)
        assert found is not None
        self.record = issue_record(found, actor_id=issuer.id, now=self._later(hours=4))
        return self

    def is_revoked_by(self, admin: Person, reason: str) -> Story:
        revoke_record(self.record, reason, actor_id=admin.id, now=self._later(hours=26))
        return self

    def _later(self, **step: float) -> datetime:
        self.now += timedelta(**step)
        return self.now

    def _place(self, slug: str) -> Place:
        found = learning.place(self.person.id, self.course.slug, slug, zone=self.zone, now=self.now)
        assert found is not None
        return found[0]

    def _slugs(self, kind: str) -> list[str]:
        assert self.course.revision is not None
        return [entry.slug for entry in courses.contents(self.course.revision.id).items if entry.type == kind]


def tell(cast: Cast, course: Course, *, zone: str, now: datetime) -> None:
    """Some take the course whenever they like, and stand at as many points of it."""

    def begin(number: int, days: int) -> Story:
        return Story(cast.learner(number), course, zone, now - timedelta(days=days)).enrol()

    teacher = cast.instructor
    begin(14, 16).read(3).take(2)
    story = begin(8, 13).read(5).take(5, wrong=1).hand_in().is_graded_by(teacher, level=1).is_issued_by(teacher)
    story.is_revoked_by(cast.admin, "Contoh: unit kerja pada sertifikat keliru.")
    begin(13, 12).read(4).take(3)
    begin(2, 6).read(5).take(5).hand_in()
    begin(3, 5).read(5).take(5).hand_in().is_graded_by(teacher, level=0).is_issued_by(teacher)
    begin(4, 5).read(1).take(1, wrong=4)
    begin(1, 2).read(2).take(1)
