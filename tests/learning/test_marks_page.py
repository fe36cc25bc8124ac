"""How the marks came about: the page for the learner and for instructors."""

from __future__ import annotations

from decimal import Decimal

import pytest
from assignment_factories import make_assignment_world, make_submission
from factories import NOON, grant, make_person
from regrade_world import RegradeWorld, corrected, make_regrade_world

from lms.assignments.services.grading import GradeDecision, grade_submission
from lms.core import clock
from lms.core.db import db
from lms.people.models import Person
from lms.quizzes import services
from lms.quizzes.services import marking


@pytest.fixture
def world(session, monkeypatch) -> RegradeWorld:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return make_regrade_world()


def test_the_learner_sees_the_parts_the_rule_and_every_mark(client, world):
    enrolment = world.enrolment()
    world.attempt({"asas": "b"}, enrolment)
    world.attempt({"asas": "b", "skm": "satu"}, enrolment)
    world.publish(corrected(asas="b"))
    world.regrade(reason="Kunci soal 1 keliru.", actor=make_person(name="Pengajar Satu"))
    page = client.sign_in(db.session.get(Person, enrolment.person_id)).text(f"/marks/{world.course.slug}")
    assert "Nilai 66,67. Nilai tertinggi yang berlaku." in page
    assert "menyumbang 66,67" in page
    assert "tidak dihitung" in page
    assert "Semua nilai yang pernah diberikan (4)" in page
    assert "kuis dinilai ulang · Alasan: Kunci soal 1 keliru." in page
    assert "oleh pengajar" in page
    assert "Pengajar Satu" not in page


def test_the_instructor_sees_who_gave_each_mark(client, world):
    teacher = make_person(name="Pengajar Satu")
    grant(teacher, "instructor", course=world.course)
    attempt = world.attempt({"skm": "satuan"})
    question = services.quiz_of(attempt).question("skm")
    marking.mark_answer(attempt, question, Decimal(1), "Ejaan.", seen=0, actor_id=teacher.id, now=NOON)
    address = f"/teach/courses/{world.course.slug}/people/{attempt.enrolment_id}"
    client.sign_in(teacher)
    assert f'href="{address}/marks#item-{attempt.item_id}"' in client.text(address)
    page = client.text(f"{address}/marks")
    assert "Pengajar Satu · pengajar menilai satu jawaban · Alasan: Ejaan." in page
    assert f'href="/teach/attempts/{attempt.id}"' in page


def test_what_lateness_took_off_is_a_part_of_its_own(client, session):
    world = make_assignment_world(late={"penalty": 10, "until": None})
    submission = make_submission(world)
    submission.late_days = 2
    db.session.flush()
    decision = GradeDecision(picked={0: 0, 1: 0}, feedback="Baik.")
    grade_submission(submission, decision, grader_id=world.instructor.id, seen=0, now=NOON)
    marking = submission.markings[-1]
    client.sign_in(world.instructor)
    page = client.text(f"/teach/courses/{world.course.slug}/people/{submission.enrolment_id}/marks")
    assert marking.final_score < marking.score
    assert "terlambat 2 hari" in page
    assert "Yang berlaku ialah pengumpulan terbaru yang sudah dinilai." in page


def test_nobody_sees_the_marks_of_a_course_that_they_do_not_take(client, world):
    client.sign_in(make_person())
    assert client.get(f"/marks/{world.course.slug}").status_code == 404
    assert client.get("/marks/tidak-ada").status_code == 404
