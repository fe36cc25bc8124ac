"""A world with one of everything, so that every endpoint has an address and every role has someone to ask for it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from assignment_factories import content as assignment_content
from factories import NOON, grant, item_of, make_course, make_enrolment, make_item_context, make_person
from flask import current_app
from quiz_factories import content as quiz_content
from quiz_factories import question_json
from session_world import session_content
from survey_factories import content as survey_content
from werkzeug.routing import Rule
from world import World

from lms.announcements.models import Announcement
from lms.assignments.models import FeedbackFile, Submission, WorkFile, WorkGroup
from lms.assignments.services.feedback_files import GivenFile
from lms.assignments.services.returning import return_submission
from lms.attendance.services.marking import NewAttendance, SessionMeeting, mark_attendance
from lms.auth.models import Passkey, SignIn
from lms.comments.models import SavedComment
from lms.content.items.live_session import LiveSession
from lms.core import clock, storage
from lms.core.db import db
from lms.courses.models import Course, CourseFile, ItemRevision
from lms.courses.queries import contents, item_content
from lms.enrolment import services as enrolling
from lms.enrolment.models import Enrolment
from lms.inquiries.models import Inquiry
from lms.learning import services as learning
from lms.notices.unsubscribe_tokens import token
from lms.objections.models import Objection
from lms.people.models import Person, RoleGrant
from lms.quizzes import services as quizzes
from lms.quizzes.models import AnswerFile, Attempt, AttemptRequest, Regrade
from lms.records.models import Record, RecordBatch, RecordBatchEntry
from lms.records.services import issue_record
from lms.roster.models import PeopleImport
from lms.surveys.queries import survey_of
from lms.surveys.services import answer_survey

ITEMS: tuple[dict[str, Any], ...] = (
    {"slug": "modul"},
    {"slug": "kuis", "type": "quiz", "is_required": False, "content": quiz_content([question_json()])},
    {
        "slug": "tugas",
        "type": "assignment",
        "is_required": False,
        "content": assignment_content(
            files={"most": 3, "size": 1000, "types": ["pdf"]}, rubric=[], model_answer="<p>Contoh.</p>"
        ),
    },
    {"slug": "lokakarya", "type": "session", "is_required": False, "content": session_content()},
    {
        "slug": "evaluasi",
        "type": "survey",
        "is_required": False,
        "content": survey_content("## Apa saran Anda? {#saran}\n", "complete: none\n"),
    },
)


def _add(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row


class FullWorld(World):
    """``people`` by the name of their role; ``values`` for the variables of URL rules."""

    people: dict[str, Person | None]
    values: dict[str, Any]

    def values_of(self, rule: Rule) -> dict[str, Any]:
        """Those that a URL rule has. Pages of a package that shows one type of item get an item of it."""
        unknown = rule.arguments - self.values.keys() - {"name", "filename"}
        assert not unknown, f"{rule.endpoint}: its address needs a value for {unknown} in make_full_world"
        found = {name: self.values.get(name) for name in rule.arguments}
        if rule.endpoint.startswith("assignments.") and "item_slug" in found:
            return found | {"item_slug": "tugas"}
        if rule.endpoint.startswith("assignments.") and "item" in found:
            return found | {"item": "tugas"}
        if rule.endpoint.startswith("attendance."):
            return found | {"item": "lokakarya"}
        if rule.endpoint.startswith("surveys."):
            return found | {"item": "evaluasi"}
        return (
            found | {"item": "kuis"}
            if rule.endpoint.startswith(("quizzes.", "analysis.")) and "item" in found
            else found
        )

    @cached_property
    def course(self) -> Course:
        return make_course("pelatihan", ITEMS, completion={"items": "required", "score": 0, "attendance": None})

    @cached_property
    def enrolment(self) -> Enrolment:
        return make_enrolment(self.learner, self.course, cohort=self.cohort, due_on=self.cohort.ends_on)


def make_full_world() -> FullWorld:
    world = FullWorld()
    colleague, other_instructor = make_person(unit_id=world.schools.id), make_person()
    grant(other_instructor, "instructor", course=make_course("lain"))
    world.people = {
        "visitor": None,
        "learner": world.learner,
        "outsider": colleague,
        "instructor": world.instructor,
        "other instructor": other_instructor,
        "head": world.head,
        "committee": world.committee,
        "agency admin": world.agency_admin,
        "admin": world.admin,
    }
    now, course, enrolment = clock.now(), world.course, world.enrolment
    application = enrolling.join(make_person(unit_id=world.health.id), world.cohort, now=now)
    attempt = quizzes.start_attempt(make_item_context(enrolment, item_of(course, "kuis")), seed=1, now=now)
    asked = {"enrolment_id": enrolment.id, "item_id": attempt.item_id, "used_attempts": 1, "reason": "Listrik padam"}
    _add(AttemptRequest(asked_at=NOON, **asked))
    _regrade(attempt, world.instructor)
    learning.record_read(enrolment.id, item_of(course, "modul"), now=NOON)
    _mark_attendance(course, enrolment, world.instructor)
    record = issue_record(enrolment, actor_id=world.instructor.id, now=NOON)
    survey = make_item_context(enrolment, item_of(course, "evaluasi"))
    said = {"saran": {"text": "Contoh."}}
    answer_survey(survey, survey_of(survey.item_revision.id), said, as_anonymous=False, seen=0, now=NOON)
    file = _handed_in_file(enrolment, item_of(course, "tugas"))
    _add(_attached_file(attempt, file))
    grants = db.session.query(RoleGrant).filter_by(person_id=world.head.id)
    device = SignIn(token_hash="x", person=world.learner, created_at=NOON, last_seen_at=NOON, device="Lain")
    key = {
        "credential_id": b"id",
        "public_key": b"key",
        "sign_count": 0,
        "transports": "",
        "name": "HP",
        "created_at": NOON,
    }
    world.values = {
        "token": token(world.people["learner"].id, str(current_app.secret_key)),
        "slug": "pelatihan",
        "item": "modul",
        "meeting": 1,
        "item_slug": "kuis",
        "file": _source_file(course, "course.md", b"---\ntitle: Pelatihan\nsummary: Ringkas.\n---\n").path,
        "quiz": _source_file(course, "02-kuis.md", b"---\ntitle: Kuis\ntype: quiz\n---\n").path,
        "question_id": "tidak-ada",
        "number": course.revision.number,
        "attempt_id": attempt.id,
        "announcement_id": _add(_announcement(world)).id,
        "inquiry_id": _add(_inquiry(enrolment)).id,
        "comment_id": _add(SavedComment(person_id=world.instructor.id, text="Baik, {nama}.", saved_at=NOON)).id,
        "item_id": attempt.item_id,
        "objection_id": _add(_objection(attempt)).id,
        "position": 1,
        "submission_id": file.submission_id,
        "file_id": file.id,
        "feedback_id": _given_back(file, world.instructor).id,
        "record_id": record.id,
        "code": record.code,
        "person_id": colleague.id,
        "unit_id": world.health.id,
        "grant_id": grants.one().id,
        "sign_in_id": _add(device).id,
        "passkey_id": _add(Passkey(person_id=application.person_id, **key)).id,
        "digest": _course_file(course).sha256[:20],
        "width": 720,
        "encoding": "webp",
        "topic": "learner",
        "what": "export",
        "kind": "xlsx",
        "table": "units",
        "batch_id": _record_batch(enrolment, record).id,
        "import_id": _people_import(world.admin).id,
        "cohort_id": world.cohort.id,
        "group_id": _add(WorkGroup(cohort_id=world.cohort.id, name="Kelompok 1", formed_at=NOON)).id,
        "enrolment_id": enrolment.id,
        "application_id": application.id,
    }
    return world


def _attached_file(attempt: Attempt, same: WorkFile) -> AnswerFile:
    """Of a running attempt. It has the number of a file that was handed in, as addresses of both have the same name."""
    values = {name: getattr(same, name) for name in ("id", "person_id", "name", "content_type", "size", "key")}
    return AnswerFile(attempt_id=attempt.id, question="soal", uploaded_at=NOON, **values)


def _announcement(world: FullWorld) -> Announcement:
    said = {"title": "Pertemuan pindah", "text": "Ke hari Kamis.", "created_at": NOON, "told_at": NOON}
    whose = {"course_id": world.course.id, "author_id": world.instructor.id}
    return Announcement(**whose, **said, number=1, version=1, told_number=1)


def _inquiry(enrolment: Enrolment) -> Inquiry:
    """Waits for its answer."""
    whose = {"course_id": enrolment.course_id, "enrolment_id": enrolment.id}
    return Inquiry(**whose, number=1, text="Apa bedanya?", asked_at=NOON)


def _objection(attempt: Attempt) -> Objection:
    """Of a question, which waits for its answer."""
    about = {"enrolment_id": attempt.enrolment_id, "item_id": attempt.item_id, "source": f"attempt:{attempt.id}"}
    return Objection(question="asas", number=1, reason="Dua pilihan benar.", raised_at=NOON, **about)


def _regrade(attempt: Attempt, instructor: Person) -> None:
    """The first of the quiz, of nobody's attempts."""
    values = {"mode": "all", "voided": {}, "reason": "Kunci.", "started_by": instructor.id, "started_at": NOON}
    ids = {"item_id": attempt.item_id, "item_revision_id": attempt.item_revision_id}
    _add(Regrade(number=1, finished_at=NOON, **ids, **values))


def _record_batch(enrolment: Enrolment, record: Record) -> RecordBatch:
    batch = _add(RecordBatch(course_id=enrolment.course_id, created_at=NOON, created_by=None, total=1))
    _add(RecordBatchEntry(batch_id=batch.id, enrolment_id=enrolment.id, record_id=record.id, facts={}))
    return batch


def _people_import(admin: Person) -> PeopleImport:
    """It waits for this admin's approval, and has refused rows to download."""
    key = storage.save(b"PK", "imports").key
    values = {"file_name": "a.xlsx", "key": key, "sha256": "0" * 64, "report": {}, "refused_key": key}
    return _add(PeopleImport(created_at=NOON, created_by=admin.id, state="checked", **values))


def _course_file(course: Course) -> CourseFile:
    stored = storage.save(b"<svg/>", "courses")
    return _add(
        CourseFile(
            revision_id=course.revision.id,
            path="media/a.svg",
            key=stored.key,
            sha256=stored.sha256,
            size=6,
            content_type="image/svg+xml",
        )
    )


def _source_file(course: Course, path: str, data: bytes) -> CourseFile:
    stored = storage.save(data, "courses")
    values = {"key": stored.key, "sha256": stored.sha256, "size": stored.size, "content_type": None}
    return _add(CourseFile(revision_id=course.revision.id, path=path, **values))


def _handed_in_file(enrolment: Enrolment, item: ItemRevision) -> WorkFile:
    submission = _add(
        Submission(
            enrolment_id=enrolment.id,
            person_id=enrolment.person_id,
            item_id=item.item_id,
            item_revision_id=item.id,
            number=2,
            text="Teks",
            text_html="<p>Teks</p>",
            submitted_at=NOON,
        )
    )
    return _add(
        WorkFile(
            person_id=enrolment.person_id,
            submission_id=submission.id,
            name="a.pdf",
            content_type="application/pdf",
            size=8,
            key=storage.save(b"%PDF-1.4", "work").key,
            uploaded_at=NOON,
        )
    )


def _given_back(file: WorkFile, grader: Person) -> FeedbackFile:
    """With the work before, which was returned."""
    newer = db.session.get_one(Submission, file.submission_id)
    same = {name: getattr(newer, name) for name in ("enrolment_id", "person_id", "item_id", "item_revision_id")}
    before = _add(Submission(**same, number=1, text="", text_html="", submitted_at=NOON))
    key = storage.save(b"%PDF-1.4", "feedback").key
    files = (GivenFile("koreksi.pdf", "application/pdf", 8, key, grader.id),)
    day = NOON.date()
    returned = return_submission(before, "Lengkapi.", day, actor_id=grader.id, today=day, now=NOON, files=files)
    return returned.files[0]


def _mark_attendance(course: Course, enrolment: Enrolment, instructor: Person) -> None:
    item = next(one for one in contents(course.revision.id).items if one.slug == "lokakarya")
    session = item_content(item.item_revision_id)
    assert isinstance(session, LiveSession)
    excused = NewAttendance(enrolment.id, "excused", 0)
    mark_attendance(SessionMeeting(item, session, 1), [excused], actor_id=instructor.id, now=NOON)
