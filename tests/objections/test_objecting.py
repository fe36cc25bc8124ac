"""Reports of faulty questions and objections to marks, from the page to the answer that is told."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from assignment_factories import make_assignment_world, make_submission
from concurrency import run_twice
from factories import NOON, grant, make_course, make_person
from pages import html_of
from quiz_factories import quiz_context
from sqlalchemy import func, select

from lms.assignments.services import grading
from lms.core import clock, settings
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.courses.models import Course
from lms.notices.services import events
from lms.notices.services.wording import translate
from lms.objections import queries, services
from lms.objections.models import Objection
from lms.objections.services import DAYS, NoObjections, ObjectionAnswered, ObjectionDecided, TooLateToObject
from lms.objections.subjects import ObjectionTarget
from lms.people.models import Person
from lms.quizzes import queries as quizzes

DAY = timedelta(days=1)


class Quiz:
    """A learner at a quiz of three questions, and an instructor of its course."""

    def __init__(self, client, **values):
        self.context = quiz_context(**values)
        self.client = client
        self.learner = db.session.get_one(Person, self.context.person_id)
        self.instructor = make_person(name="Pengajar Satu")
        grant(self.instructor, "instructor", course=db.session.scalars(select(Course)).one())
        client.sign_in(self.learner)
        self.home = f"/courses/{self.context.course_slug}/kuis"

    def start(self) -> str:
        return re.match(r"/attempts/\d+", self.client.post_form(self.home).location)[0]

    def finish(self) -> str:
        """The address of a result: the first question is answered wrongly, the others not at all."""
        attempt = self.start()
        self.client.post_form(f"{attempt}/1", picked="b", go="next")
        self.client.post_form(f"{attempt}/submit", page=attempt)
        return attempt


@pytest.fixture
def quiz(client):
    return lambda **values: Quiz(client, **values)


def objections() -> list[Objection]:
    db.session.rollback()
    return list(db.session.scalars(select(Objection).order_by(Objection.id)))


# A faulty question


def test_the_answer_is_saved_before_the_report_is_written(quiz):
    one = quiz()
    attempt = one.start()
    answer = one.client.post_form(f"{attempt}/1", picked="b", go="report")
    assert answer.location == f"{attempt}/1/report"
    stored = quizzes.answers(int(attempt.rpartition("/")[2]))
    assert stored["asas"].response == {"picked": ["b"]}
    assert one.client.get(f"{attempt}/1/report").status_code == 200


def test_a_report_leaves_the_attempt_running_and_leads_back_to_the_question(quiz):
    one = quiz()
    attempt = one.start()
    answer = one.client.post_form(f"{attempt}/1/report", reason="Dua pilihan benar.")
    assert (answer.status_code, answer.location) == (302, f"{attempt}/1")
    row = objections()[0]
    assert (row.question, row.reason, row.score, row.answered_at) == ("asas", "Dua pilihan benar.", None, None)
    assert one.client.get(f"{attempt}/1").status_code == 200


def test_a_second_report_of_the_question_waits_for_the_first(quiz):
    one = quiz()
    attempt = one.start()
    for reason in ("Dua pilihan benar.", "Lagi"):
        one.client.post_form(f"{attempt}/1/report", page=f"{attempt}/2/report", reason=reason)
    one.client.post_form(f"{attempt}/2/report", reason="Soal lain")
    assert [row.reason for row in objections()] == ["Dua pilihan benar.", "Soal lain"]
    assert "Dua pilihan benar." in html_of(one.client.get(f"{attempt}/1/report"))


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001])
def test_a_report_says_in_words_what_is_wrong(quiz, reason):
    one = quiz()
    attempt = one.start()
    assert one.client.post_form(f"{attempt}/1/report", reason=reason).status_code == 422
    assert objections() == []


def test_a_question_that_was_not_drawn_and_someone_elses_attempt_are_not_found(quiz):
    one = quiz()
    attempt = one.start()
    assert one.client.get(f"{attempt}/9/report").status_code == 404
    assert one.client.sign_in(make_person()).get(f"{attempt}/1/report").status_code == 404


def test_a_report_is_possible_from_the_result_and_is_answered_there(quiz):
    one = quiz()
    attempt = one.finish()
    assert f"{attempt}/2/report" in html_of(one.client.get(f"{attempt}/review"))
    assert one.client.post_form(f"{attempt}/2/report", reason="Salah ketik").location == f"{attempt}/review"
    services.answer_objection(
        objections()[0], "changed", "Sudah dibetulkan.", score=None, actor_id=one.instructor.id, now=clock.now()
    )
    db.session.commit()
    page = html_of(one.client.get(f"{attempt}/review"))
    assert "Salah ketik" in page
    assert "Sudah dibetulkan." in page


# A mark


def test_a_mark_is_contested_once_until_it_changes(quiz):
    one = quiz()
    attempt = one.finish()
    page = one.client.get(f"{attempt}/review")
    assert f"{attempt}/objection" in html_of(page)
    assert one.client.post_form(f"{attempt}/objection", reason="Jawaban saya benar").location == f"{attempt}/review"
    row = objections()[0]
    assert (row.question, row.score, row.is_about_mark) == ("", Decimal(0), True)
    page = html_of(one.client.get(f"{attempt}/review"))
    assert "Jawaban saya benar" in page
    assert f"{attempt}/objection" not in page


def test_a_result_that_nobody_has_opened_cannot_be_contested(quiz):
    one = quiz()
    assert one.client.get(f"{one.start()}/objection").status_code == 404


def contest(target: ObjectionTarget, told_at=NOON, now=NOON, actor_id: int = 1, reason: str = "Keliru") -> bool:
    return services.contest_mark(target, reason, told_at=told_at, actor_id=actor_id, now=now)


@pytest.fixture
def target(session) -> ObjectionTarget:
    context = quiz_context()
    score = Decimal("60.00")
    return ObjectionTarget(context.enrolment_id, context.item_revision.item_id, "attempt:1", score=score)


@pytest.fixture
def grader(session) -> int:
    return make_person().id


def test_the_time_for_objecting_ends(target):
    with pytest.raises(TooLateToObject):
        contest(target, now=NOON + 8 * DAY)
    assert contest(target, now=NOON + 7 * DAY)


def test_a_site_can_take_no_objections(target):
    settings.change(DAYS, 0, actor_id=None, now=NOON)
    with pytest.raises(NoObjections):
        contest(target)


def test_an_answer_settles_a_mark_until_it_changes(target, grader):
    assert contest(target)
    assert not contest(target)
    one = queries.newest(target.enrolment_id, target.item_id)
    services.answer_objection(one, "unchanged", "Sudah benar.", score=target.score, actor_id=grader, now=NOON + DAY)
    with pytest.raises(ObjectionDecided):
        contest(target, now=NOON + 2 * DAY)
    assert contest(target, told_at=NOON + 2 * DAY, now=NOON + 2 * DAY)
    assert [row.number for row in db.session.scalars(select(Objection).order_by(Objection.id))] == [1, 2]


def test_raising_and_answering_are_in_the_ledger_without_the_participants_words(target, grader):
    contest(target, reason="Rahasia saya", actor_id=7)
    one = queries.newest(target.enrolment_id, target.item_id)
    services.answer_objection(one, "unchanged", "Sudah benar.", score=target.score, actor_id=grader, now=NOON)
    entries = db.session.scalars(select(LedgerEntry).where(LedgerEntry.target == "attempt:1").order_by(LedgerEntry.id))
    told = [(entry.verb, entry.actor_id, json.loads(entry.facts)) for entry in entries]
    assert told == [
        ("contest mark", 7, {"number": 1}),
        ("answer objection", grader, {"number": 1, "question": "", "outcome": "unchanged", "reason": "Sudah benar."}),
    ]


def test_a_mark_that_is_the_same_was_not_changed(target, grader):
    contest(target)
    one = queries.newest(target.enrolment_id, target.item_id)
    with pytest.raises(services.MarkUnchanged):
        services.answer_objection(one, "changed", "Diubah.", score=Decimal(60), actor_id=grader, now=NOON)
    services.answer_objection(one, "changed", "Diubah.", score=Decimal(80), actor_id=grader, now=NOON)
    assert one.outcome == "changed"


def test_of_two_who_answer_one_is_told(target, grader):
    contest(target)
    one = queries.newest(target.enrolment_id, target.item_id)
    services.answer_objection(one, "unchanged", "Tetap.", score=None, actor_id=grader, now=NOON)
    services.answer_objection(one, "unchanged", "Tetap.", score=None, actor_id=grader, now=NOON)  # a double click
    with pytest.raises(ObjectionAnswered):
        services.answer_objection(one, "unchanged", "Lain.", score=None, actor_id=make_person().id, now=NOON)
    assert one.answer == "Tetap."
    answered = select(func.count()).where(LedgerEntry.verb == "answer objection")
    assert db.session.scalar(answered) == 1


def test_two_clicks_at_the_same_moment_are_one_objection(app, target):
    assert run_twice(app, lambda: contest(target)) == ["done", "done"]
    assert db.session.scalar(select(func.count()).select_from(Objection)) == 1


# Papers


def graded_paper(world, **values):
    submission = make_submission(world, now=clock.now())
    decision = grading.GradeDecision(picked={0: 0, 1: 0} if values.get("is_best") else {0: 2, 1: 1})
    grading.grade_submission(submission, decision, grader_id=world.instructor.id, seen=0, now=clock.now())
    db.session.commit()
    return submission


def test_the_mark_of_a_paper_is_contested_on_its_page(client, session):
    world = make_assignment_world()
    assert client.sign_in(world.learner).get(f"{world.path}/objection").status_code == 404
    submission = graded_paper(world)
    assert f"{world.path}/objection" in client.text(world.path)
    assert client.post_form(f"{world.path}/objection", reason="Rubrik salah").location == world.path
    row = objections()[0]
    assert (row.source, row.score) == (f"submission:{submission.id}", Decimal("37.50"))
    page = client.text(world.path)
    assert "Rubrik salah" in page
    assert f"{world.path}/objection" not in page


# Instructors


def test_an_instructor_finds_it_looks_at_it_and_answers(client, quiz):
    one = quiz()
    attempt = one.finish()
    client.post_form(f"{attempt}/1/report", reason="Dua pilihan benar.")
    client.post_form(f"{attempt}/objection", reason="Jawaban saya benar")
    client.sign_in(one.instructor)
    assert "Dua pilihan benar." in client.text("/teach/objections")
    assert "/teach/objections" in client.text("/teach/grading")
    assert "/teach/objections" in client.text("/teach")
    report, mark = objections()
    page = client.text(f"/teach/objections/{report.id}")
    assert "Bunyi soal asas?" in page
    assert "Pilihan b" in page
    assert client.post_form(f"/teach/objections/{report.id}", answer="").status_code == 422
    refused = client.post_form(f"/teach/objections/{mark.id}", outcome="changed", answer="Diubah")
    assert refused.status_code == 422
    assert (
        client.post_form(f"/teach/objections/{mark.id}", outcome="unchanged", answer="Kunci benar").status_code == 303
    )
    assert "Jawaban saya benar" not in client.text("/teach/objections")
    assert "Jawaban saya benar" in client.text("/teach/objections?show=answered")


def test_nobody_answers_their_own_or_those_of_other_courses(client, quiz):
    one = quiz()
    attempt = one.finish()
    client.post_form(f"{attempt}/1/report", reason="Dua pilihan benar.")
    row = objections()[0]
    course = db.session.scalars(select(Course)).one()
    grant(db.session.get_one(Person, one.learner.id), "instructor", course=course)
    client.sign_in(one.learner)
    assert client.get(f"/teach/objections/{row.id}").status_code == 403
    assert "Dua pilihan benar." not in client.text("/teach/objections")
    other = make_person()
    grant(other, "instructor", course=make_course("lain"))
    assert client.sign_in(other).get(f"/teach/objections/{row.id}").status_code == 404


def test_those_concerned_are_told(quiz):
    one = quiz()
    since = clock.now() - timedelta(seconds=1)
    attempt = one.finish()
    one.client.post_form(f"{attempt}/1/report", reason="Dua pilihan benar.")
    row = objections()[0]
    raised = [told for told in events.new_events(since, now=clock.now()) if told.kind == "objection-raised"]
    assert [(told.person_id, told.link) for told in raised] == [(one.instructor.id, f"/teach/objections/{row.id}")]
    services.answer_objection(
        row, "unchanged", "Soal sudah benar.", score=None, actor_id=one.instructor.id, now=clock.now()
    )
    answered = [told for told in events.new_events(since, now=clock.now()) if told.kind == "objection-answered"]
    assert [(told.person_id, told.link) for told in answered] == [(one.learner.id, f"{attempt}/review")]
    for told in (*raised, *answered):
        assert translate(told.kind, told.facts).title
