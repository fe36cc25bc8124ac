"""What instructors see of one participant: each item, each attempt and submission; and the course as it is read."""

from __future__ import annotations

import json
import re

import pytest
from assignment_factories import make_assignment_world, make_submission
from factories import NOON, complete, grant, make_admin, make_course, make_person
from pages import csrf_token
from quiz_factories import quiz_context
from sqlalchemy import select

from lms.core import clock
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.courses.models import Course
from lms.enrolment.models import Enrolment
from lms.learning.on_paper import on_paper
from lms.people.models import Person
from lms.quizzes import queries, services


@pytest.fixture
def quiz(session, monkeypatch):
    """A learner at a quiz, at noon."""
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return quiz_context()


def teacher_of(context) -> Person:
    person = make_person(name="Pengajar")
    grant(person, "instructor", course=db.session.get(Course, context.course_id))
    db.session.flush()
    return person


def participant_page(context) -> str:
    return f"/teach/courses/{context.course_slug}/people/{context.enrolment_id}"


def hand_in(context):
    attempt = services.start_attempt(context, seed=1, now=NOON)
    services.submit_attempt(attempt, now=NOON)
    db.session.flush()
    return attempt


def test_an_assignment_leads_to_where_the_deadline_of_this_person_is_extended(client, session):
    world = make_assignment_world()
    enrolment = session.get(Enrolment, world.context.enrolment_id)
    address = f"/admin/cohorts/{enrolment.cohort_id}/people/{enrolment.id}#extend"
    client.sign_in(teacher_of(world.context))
    assert address not in client.text(participant_page(world.context)), "without a deadline there is nothing to extend"
    enrolment.due_on = NOON.date()
    session.flush()
    assert f'href="{address}"' in client.text(participant_page(world.context))
    assert 'id="extend"' in client.text(address.partition("#")[0])


def test_a_name_leads_to_the_participant_and_from_there_to_each_attempt(client, quiz):
    attempt = hand_in(quiz)
    client.sign_in(teacher_of(quiz))
    for page in ("", "/gradebook"):
        assert f'href="{participant_page(quiz)}"' in client.text(f"/teach/courses/{quiz.course_slug}{page}")
    assert f'href="/teach/attempts/{attempt.id}"' in client.text(participant_page(quiz))
    shown = client.text(f"/teach/attempts/{attempt.id}")
    assert "Bunyi soal asas?" in shown
    assert "Jawaban yang benar" in shown, "the key, which the learner does not see yet"
    assert queries.attempt_row(attempt.id, quiz.person_id).reviewed_at is None, "it is no review of the learner's"


def test_names_beside_papers_and_completions_lead_there_too(client, session):
    world = make_assignment_world()
    paper, enrolment = make_submission(world), complete()
    course = enrolment.cohort.course
    grant(world.instructor, "instructor", course=course)
    session.flush()
    client.sign_in(world.instructor)
    assert f'<h1><a href="{participant_page(world.context)}">' in client.text(f"/teach/grading/{paper.id}")
    page = client.text(f"/teach/courses/{course.slug}/completions")
    assert f'href="/teach/courses/{course.slug}/people/{enrolment.id}"' in page


def test_a_running_attempt_is_named_and_not_shown(client, quiz):
    attempt = services.start_attempt(quiz, seed=1, now=NOON)
    db.session.flush()
    page = client.sign_in(teacher_of(quiz)).text(participant_page(quiz))
    assert "Percobaan 1, belum dikumpulkan" in page
    assert f"/teach/attempts/{attempt.id}" not in page
    assert client.get(f"/teach/attempts/{attempt.id}").status_code == 404


def test_others_see_neither_the_participant_nor_the_attempt(client, quiz):
    attempt = hand_in(quiz)
    stranger = make_person()
    grant(stranger, "instructor", course=make_course())
    db.session.flush()
    for person in (stranger, db.session.get(Person, quiz.person_id)):
        client.sign_in(person)
        assert client.get(participant_page(quiz)).status_code == 404
        assert client.get(f"/teach/attempts/{attempt.id}").status_code == 404


def test_a_participant_of_another_course_is_not_found_here(client, quiz):
    other = quiz_context()
    client.sign_in(make_admin())
    address = f"/teach/courses/{quiz.course_slug}/people/{other.enrolment_id}"
    assert client.get(address).status_code == 404


def test_who_has_left_is_still_shown(client, quiz):
    hand_in(quiz)
    db.session.get(Enrolment, quiz.enrolment_id).withdrawn_at = NOON
    assert client.sign_in(teacher_of(quiz)).get(participant_page(quiz)).status_code == 200


def test_each_submission_is_linked_and_an_admin_may_grade_it_under_the_own_name(client, session):
    world = make_assignment_world()
    submission, admin = make_submission(world), make_admin(name="Admin Situs")
    session.flush()
    client.sign_in(admin)
    address = f"/teach/grading/{submission.id}"
    assert f'href="{address}"' in client.text(participant_page(world.context))
    page = client.text(address)
    assert "Anda bukan pengajar kursus ini." in page
    data = {"csrf_token": csrf_token(page), "level_0": "0", "level_1": "0", "feedback": "Baik.", "seen": "0"}
    answer = client.post(address, data=data)
    assert (answer.status_code, answer.location) == (303, participant_page(world.context))
    entry = session.scalar(select(LedgerEntry).where(LedgerEntry.verb == "mark submission"))
    assert (entry.actor_id, json.loads(entry.facts)["by"]) == (admin.id, "admin")


def test_an_instructors_mark_is_not_called_an_admins(client, session):
    world = make_assignment_world()
    submission = make_submission(world)
    session.flush()
    client.sign_in(world.instructor)
    page = client.text(f"/teach/grading/{submission.id}")
    assert "Anda bukan pengajar" not in page
    data = {"csrf_token": csrf_token(page), "level_0": "0", "level_1": "0", "feedback": "", "seen": "0"}
    assert client.post(f"/teach/grading/{submission.id}", data=data).status_code == 303
    entry = session.scalar(select(LedgerEntry).where(LedgerEntry.verb == "mark submission"))
    assert "by" not in json.loads(entry.facts)


# The course without enrolling


def test_an_instructor_reads_the_course_without_enrolling(client, quiz):
    client.sign_in(teacher_of(quiz))
    contents = f"/teach/courses/{quiz.course_slug}/contents"
    assert f'href="{contents}"' in client.text(f"/courses/{quiz.course_slug}")
    assert f'href="{contents}/kuis"' in client.text(contents)
    page = client.text(f"{contents}/kuis")
    assert "Bunyi soal asas?" in page
    assert "Jawaban yang benar" in page
    assert not db.session.scalars(select(Enrolment).where(Enrolment.person_id != quiz.person_id)).all()


def test_an_assignment_is_previewed_with_its_rubric(client, session):
    world = make_assignment_world()
    page = client.sign_in(world.instructor).text(f"/teach/courses/{world.course.slug}/contents/tugas")
    assert "Pratinjau untuk pengajar" in page
    assert client.get(f"/teach/courses/{world.course.slug}/contents/tidak-ada").status_code == 404


def test_a_learner_does_not_see_the_preview_with_the_keys(client, quiz):
    client.sign_in(db.session.get(Person, quiz.person_id))
    assert client.get(f"/teach/courses/{quiz.course_slug}/contents/kuis").status_code == 404
    assert "/teach/" not in client.text(f"/courses/{quiz.course_slug}")


def test_the_whole_course_is_printed_with_and_without_keys(client, quiz):
    client.sign_in(teacher_of(quiz))
    printed = f"/teach/courses/{quiz.course_slug}/print"
    assert f'href="{printed}"' in client.text(f"/teach/courses/{quiz.course_slug}/contents")
    without, keys = client.text(printed), client.text(f"{printed}?keys=1")
    for page in (without, keys):
        assert "Bunyi soal asas?" in page
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert len(ids) == len(set(ids))
    assert "Jawaban yang benar" in keys
    assert "Jawaban yang benar" not in without


def test_questions_to_check_oneself_keep_their_answers_only_with_keys():
    question = (
        '<div class="check" role="group" aria-labelledby="tanya"><div class="check__stem" id="tanya">Apa?</div>'
        "<details><summary>Lihat</summary><p>Kuncinya.</p></details></div>"
    )
    html = (
        f'<h2 id="awal">Awal</h2><details><summary>Rincian</summary>Isi</details>{question}<a href="#awal">ke awal</a>'
    )
    assert "Kuncinya" not in on_paper(html, 3, has_keys=False)
    with_keys = on_paper(html, 3, has_keys=True)
    assert with_keys.count("<details open>") == 2
    assert '<h2 id="m3-awal">' in with_keys
    assert '<a href="#m3-awal">' in with_keys
    assert 'aria-labelledby="m3-tanya"' in with_keys
