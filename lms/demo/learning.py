"""Learners at different points of a course, taken there by the same services that the pages use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from lms.assignments import queries as assignments
from lms.assignments.services import feedback_files, grading, passages, submitting
from lms.assignments.services.drafts import DraftContent
from lms.assignments.services.feedback_files import GivenFile
from lms.content.rendering.text_parts import parts_of
from lms.core.i18n import zone
from lms.core.uploads import Upload
from lms.courses import queries as courses
from lms.courses.contents import ItemSummary
from lms.courses.models import Course
from lms.demo import cast, papers
from lms.enrolment import queries as enrolments
from lms.enrolment import services as enrolment
from lms.inquiries import queries as inquiries_of_learners
from lms.inquiries import services as inquiries
from lms.learning import queries as learning
from lms.learning import services as results
from lms.learning.queries import ItemContext
from lms.learning.reading_position import SentPosition
from lms.objections import services as objections
from lms.objections.subjects import ObjectionTarget
from lms.people.models import Person
from lms.quizzes import queries as quizzes_of_learners
from lms.quizzes import services as quizzes
from lms.quizzes.responses import Response
from lms.quizzes.services import answer_files
from lms.records.models import Record
from lms.records.services import issue_record, revoke_record
from lms.surveys import queries as surveys_of_courses
from lms.surveys import services as surveys

WORK = (
    "Contoh: antrean loket panjang karena syarat baru diketahui di depan petugas.\n\n"
    "Langkah: papan syarat di pintu, nomor antrean, dan satu petugas penyambut pada jam sibuk."
)
FEEDBACK = "Contoh umpan balik: langkahnya jelas dan dapat dimulai besok. Tambahkan ukuran keberhasilannya."
NOTED, NOTE = "syarat baru diketahui di depan petugas", "Contoh catatan: berapa warga sehari, dan dari mana angkanya?"

REPORT = "Contoh: menurut saya dua jawaban sama-sama benar."
ASKED = "Contoh: praktik di kantor itu boleh saya kerjakan berdua dengan rekan satu loket?"
ANSWER = "Contoh: boleh. Yang penting, masing-masing mencatat pengamatannya sendiri."
UNANSWERED = "Contoh: syarat layanan kami hanya ditempel di loket. Apakah itu sudah termasuk maklumat pelayanan?"
OBJECTION = "Contoh: langkah ketiga sudah memuat ukuran keberhasilan. Mohon dilihat lagi."


@dataclass
class DemoLearner:
    """A learner in a course. Each method does the next thing and moves ``now`` on."""

    person: Person
    course: Course
    now: datetime

    def enrol(self) -> DemoLearner:
        enrolment.enrol_openly(self.person, self.course, now=self.now)
        return self

    def read(self, count: int | None = None) -> DemoLearner:
        """Read the first ``count`` modules, or all."""
        for slug in self._slugs("module")[:count]:
            self._read(slug)
        return self

    def take(self, count: int | None = None, *, wrong: int = 0) -> DemoLearner:
        """Take the first ``count`` quizzes, or all, with ``wrong`` wrong answers in each; a pretest is passed over."""
        for slug in self._slugs("quiz")[:count]:
            self._take(slug, wrong)
        return self

    def go_on(self, count: int) -> DemoLearner:
        """Do the first ``count`` items, in their order."""
        for item in self._items[:count]:
            self._do(item)
        return self

    def finish(self, *, level: int) -> DemoLearner:
        """Do all items. Each assignment gets the same ``level`` (0 is the best) for each criterion."""
        for item in self._items:
            self._do(item)
            if item.type == "assignment":
                self._grade(item.slug, level)
        return self

    def _do(self, item: ItemSummary) -> None:
        if item.type == "module":
            self._read(item.slug)
        elif item.type == "quiz":
            self._take(item.slug, wrong=0)
        elif item.type == "assignment":
            self._submit(item.slug)

    def _read(self, slug: str) -> None:
        context = self._context(slug)
        results.record_read(context.enrolment_id, context.item_revision, now=self._later(minutes=25))

    def _take(self, slug: str, wrong: int) -> None:
        rng = Random(self.person.id)  # noqa: S311 - which wrong answer is picked is no secret
        attempt = quizzes.start_attempt(self._context(slug), seed=self.person.id, now=self._later(minutes=5))
        for number, selected in enumerate(attempt.selection):
            question = quizzes.quiz_of(attempt).question(selected["id"])
            answer = question.example(is_right=number >= wrong, rng=rng)
            quizzes.save_answer(attempt, question, Response(answer), now=self._later(minutes=1))
        quizzes.submit_attempt(attempt, now=self._later(minutes=1))
        quizzes.open_review(attempt, now=self.now)

    def answer_survey(self, answers: Mapping[str, Any]) -> DemoLearner:
        """Answer the first survey as it asks, with or without a name."""
        context = self._context(self._slugs("survey")[0])
        survey, now = surveys_of_courses.survey_of(context.item_revision.id), self._later(minutes=3)
        surveys.answer_survey(context, survey, answers, as_anonymous=survey.anonymous, seen=0, now=now)
        return self

    def report_question(self) -> DemoLearner:
        """Report the first question of the attempt handed in last as faulty."""
        context = self._context(self._slugs("quiz")[0])
        attempt = quizzes_of_learners.attempts_of(context.enrolment_id, context.item_revision.item_id)[-1]
        target = ObjectionTarget(
            context.enrolment_id, attempt.item_id, quizzes.subject(attempt), attempt.selection[0]["id"]
        )
        objections.report_question(target, REPORT, actor_id=self.person.id, now=self._later(minutes=4))
        return self

    def contest_mark(self) -> DemoLearner:
        """Object to the mark of the paper that was graded last."""
        mark = assignments.markings(self._submission.id)[-1]
        source, item_id = assignments.work_name(self._submission), self._submission.item_id
        target = ObjectionTarget(self._submission.enrolment_id, item_id, source, score=mark.final_score)
        told_at, now = mark.told_at, self._later(hours=2)
        objections.contest_mark(target, OBJECTION, told_at=told_at, actor_id=self.person.id, now=now)
        return self

    def ask_instructor(self, text: str, *, answer: str = "") -> DemoLearner:
        """Ask about the first module; with ``answer``, an instructor answers it for all participants."""
        item_id = self._context(self._slugs("module")[0]).item_revision.item_id
        enrolled = enrolments.enrolment_of(self.person.id, self.course.id)
        assert enrolled is not None
        inquiries.ask(enrolled, item_id, text, number=1, now=self._later(minutes=6))
        asked, now = inquiries_of_learners.by_number(enrolled.id, 1), self._later(hours=3)
        if asked and answer:
            actor_id = cast.person(cast.INSTRUCTOR).id
            inquiries.answer(asked, answer, is_shared=True, version=0, actor_id=actor_id, now=now)
        return self

    def stop_in(self, module: int, part: int) -> DemoLearner:
        """Stop reading a module within a part; both count from 1."""
        context = self._context(self._slugs("module")[module - 1])
        place = parts_of(context.item_revision.body_html).parts[part - 1]
        sent = SentPosition(place.anchor, self._later(minutes=3).replace(microsecond=0))
        results.record_position(context.enrolment_id, context.item_revision, sent, now=self.now)
        return self

    def write_essay(self, slug: str) -> DemoLearner:
        """Take a quiz whose first question is an essay, with a file attached to it."""
        started = quizzes.start_attempt(self._context(slug), seed=self.person.id, now=self._later(minutes=5))
        attempt = quizzes_of_learners.attempt_row(started.id, self.person.id)
        assert attempt is not None
        question = quizzes.quiz_of(attempt).asked[0]
        quizzes.save_answer(attempt, question, Response(WORK), now=self._later(minutes=9))
        upload = Upload("rubrik-soal-uraian.pdf", papers.pdf(papers.PLAN))
        new = answer_files.receive(attempt, question, upload, now=self._later(minutes=1))
        answer_files.attach(attempt, question, new, now=self.now)
        quizzes.submit_attempt(started, now=self._later(minutes=2))
        quizzes.open_review(started, now=self.now)
        return self

    def pause(self, *, days: int) -> DemoLearner:
        self._later(days=days)
        return self

    def submit(self, *, with_file: bool = False) -> DemoLearner:
        """Hand in the assignment."""
        upload = Upload("rencana-loket.pdf", papers.pdf(papers.PLAN)) if with_file else None
        self._submit(self._slugs("assignment")[0], upload)
        return self

    def get_graded(self, *, level: int, with_file: bool = False) -> DemoLearner:
        """The instructor picks the same ``level`` (0 is the best) for each criterion."""
        self._grade(self._slugs("assignment")[0], level, with_file=with_file)
        return self

    def _submit(self, slug: str, upload: Upload | None = None) -> None:
        self._submission = submitting.submit_assignment(
            self._context(slug), DraftContent(WORK, upload=upload), number=1, now=self._later(hours=20)
        )

    def _grade(self, slug: str, level: int, *, with_file: bool = False) -> None:
        context = self._context(slug)
        assignment, grader_id = assignments.assignment_of(context.item_revision.id), cast.person(cast.INSTRUCTOR).id
        files: tuple[GivenFile, ...] = ()
        if with_file:
            corrected = Upload("rencana-loket-dikoreksi.pdf", papers.pdf(papers.CORRECTED))
            files = feedback_files.with_upload((), corrected, assignment.files, actor_id=grader_id)
        picked = dict.fromkeys(range(len(assignment.rubric)), level)
        decision = grading.GradeDecision(picked=picked, feedback=FEEDBACK, files=files)
        now = self._later(hours=30)
        where = passages.QuotedPassage(NOTED)
        passages.write_note(self._submission, where, NOTE, grader_id=grader_id, now=now)
        grading.grade_submission(self._submission, decision, grader_id=grader_id, seen=0, now=now)

    def get_certificate(self) -> Record:
        enrolled = enrolments.enrolment_of(self.person.id, self.course.id)
        assert enrolled is not None
        return issue_record(enrolled, actor_id=cast.person(cast.INSTRUCTOR).id, now=self._later(hours=4))

    def _later(self, **step: float) -> datetime:
        self.now += timedelta(**step)
        return self.now

    def _context(self, slug: str) -> ItemContext:
        access = learning.item_access(self.person.id, self.course.slug, slug, zone=zone(), now=self.now)
        assert access is not None
        return learning.item_context(access)

    @property
    def _items(self) -> Sequence[ItemSummary]:
        assert self.course.revision is not None
        return courses.contents(self.course.revision.id).items

    def _slugs(self, kind: str) -> list[str]:
        return [item.slug for item in self._items if item.type == kind and item.purpose != "pretest"]


def show_progress(course: Course, now: datetime) -> None:
    """Seven learners without a cohort, each at another point of the course."""

    def learner(number: int, *, days_ago: int) -> DemoLearner:
        return DemoLearner(cast.learner(number), course, now - timedelta(days=days_ago)).enrol()

    learner(14, days_ago=16).read(3).take(2)
    eighth = learner(8, days_ago=13).read().take(wrong=1).submit().get_graded(level=1).contest_mark()
    record = eighth.get_certificate()
    reason = "Contoh: unit kerja pada sertifikat keliru."
    revoke_record(record, reason, actor_id=cast.person(cast.ADMIN).id, now=eighth.now + timedelta(hours=26))
    learner(13, days_ago=12).read(5).take(3)
    learner(2, days_ago=6).read().take().submit(with_file=True)
    learner(3, days_ago=5).read().take().submit().get_graded(level=0).get_certificate()
    learner(4, days_ago=5).read(1).take(1, wrong=4).report_question().ask_instructor(UNANSWERED)
    learner(1, days_ago=1).read(2).ask_instructor(ASKED, answer=ANSWER).take(1, wrong=3).take(1).stop_in(3, part=3)
