"""The pages on marking a quiz again, by the client."""

from __future__ import annotations

import re

import pytest
from factories import NOON, grant, make_admin, make_course, make_person
from pages import csrf_token
from regrade_world import RegradeWorld, corrected, make_regrade_world
from sqlalchemy import select

from lms.content.questions.short_answer import ShortAnswer
from lms.core import clock
from lms.core.db import db
from lms.learning.models import Grade
from lms.people.models import Person
from lms.quizzes.models import AnswerMark, Regrade
from lms.quizzes.services import open_review


@pytest.fixture
def world(session, monkeypatch) -> RegradeWorld:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return make_regrade_world()


def teacher_of(world: RegradeWorld) -> Person:
    person = make_person(name="Pengajar Satu")
    grant(person, "instructor", course=world.course)
    return person


def page_of(world: RegradeWorld, rest: str = "regrade") -> str:
    return f"/teach/courses/{world.course.slug}/items/kuis/{rest}"


def hidden(page: str) -> dict[str, str]:
    names = ("revision", "number", "question", "rule")
    found = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page) for name in names}
    return {name: match[1] if match else "" for name, match in found.items()}


def post(client, path: str, page: str, **values):
    data = {"csrf_token": csrf_token(page), "mode": "improved", "reason": "Kunci soal 1 keliru."}
    return client.post(path, data={**data, **hidden(page), **values})


def test_the_dry_run_shows_who_goes_up_and_who_goes_down(client, world):
    world.attempt({"asas": "b"}, world.enrolment(name="Naik Contoh"))
    world.attempt({"asas": "a"}, world.enrolment(name="Turun Contoh"))
    world.publish(corrected(asas="b"))
    page = client.sign_in(teacher_of(world)).text(page_of(world))
    assert "dulu yang benar “Pilihan a”, kini yang benar “Pilihan b”" in page
    assert page.index("Turun Contoh") < page.index("Naik Contoh")
    assert re.search(r'value="improved" checked', page), "only where it improves is preselected"
    assert not db.session.scalars(select(Regrade)).all()


def test_committing_leads_to_what_came_of_it(client, world):
    attempt = world.attempt({"asas": "b"}, world.enrolment(name="Naik Contoh"))
    world.publish(corrected(asas="b"))
    client.sign_in(teacher_of(world))
    answer = post(client, page_of(world), client.text(page_of(world)))
    assert (answer.status_code, answer.location) == (303, page_of(world, "regrades/1"))
    result = client.text(answer.location)
    assert "1 percobaan mendapat nilai baru" in result
    assert "Naik Contoh" in result
    assert attempt.score > 0
    assert "Tidak ada nilai yang akan berubah" in client.text(page_of(world))


def test_the_same_click_twice_leads_to_the_same_page(client, world):
    attempt = world.attempt({"asas": "b"})
    world.publish(corrected(asas="b"))
    client.sign_in(teacher_of(world))
    page = client.text(page_of(world))
    first, second = post(client, page_of(world), page), post(client, page_of(world), page)
    assert first.location == second.location == page_of(world, "regrades/1")
    assert len(db.session.scalars(select(Grade).where(Grade.source == f"attempt:{attempt.id}")).all()) == 2


def test_a_page_from_before_another_regrade_changes_nothing(client, world):
    world.attempt({"asas": "b"})
    world.publish(corrected(asas="b"))
    client.sign_in(teacher_of(world))
    page = client.text(page_of(world))
    world.publish(corrected(asas="c"))
    answer = post(client, page_of(world), page)
    assert answer.status_code == 409
    assert "Belum ada yang dinilai ulang: kuis ini diterbitkan" in answer.get_data(as_text=True)
    assert not db.session.scalars(select(Regrade)).all()


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"reason": ""}, 422),
        ({"reason": "x" * 501}, 422),
        ({"mode": "semua"}, 422),
        ({"mode": "chosen"}, 409),
        ({"revision": "x", "number": "99999999999999999999"}, 409),
        ({"number": "-1"}, 409),
    ],
)
def test_bad_input_changes_nothing(client, world, values, status):
    world.attempt({"asas": "b"})
    world.publish(corrected(asas="b"))
    client.sign_in(teacher_of(world))
    answer = post(client, page_of(world), client.text(page_of(world)), **values)
    assert answer.status_code == status
    assert not db.session.scalars(select(Regrade)).all()


def test_a_question_is_made_void_only_after_it_was_tried_out(client, world):
    attempt = world.attempt({"asas": "b", "skm": "satu"})
    client.sign_in(teacher_of(world))
    page = client.text(page_of(world) + "?question=asas&rule=full")
    assert "Yang dicoba di sini: “Soal asas”" in page
    assert post(client, page_of(world), page, mode="all").status_code == 303
    assert attempt.points == 2
    assert "dibatalkan" in client.text(page_of(world))
    assert "Dibatalkan: poin penuh" in client.text(f"/teach/attempts/{attempt.id}")
    assert "Yang dicoba" not in client.text(page_of(world) + "?question=tidak-ada&rule=full")


def test_the_learner_reads_that_and_why_it_was_marked_again(client, world):
    attempt = world.attempt({"asas": "b"})
    open_review(attempt, now=NOON)
    world.publish(corrected(asas="b"))
    world.regrade(reason="Kunci soal 1 keliru.")
    learner = db.session.get(Person, attempt.person_id)
    page = client.sign_in(learner).text(f"/attempts/{attempt.id}/review")
    assert "Kuis ini dinilai ulang pada" in page
    assert "0 → 33,33. Alasan: Kunci soal 1 keliru." in page
    assert f'href="/marks/{world.course.slug}#item-{attempt.item_id}"' in page


def test_an_instructor_marks_an_answer_with_a_reason(client, world):
    attempt = world.attempt({"skm": "satuan"})
    client.sign_in(teacher_of(world))
    page = client.text(f"/teach/attempts/{attempt.id}")
    data = {"csrf_token": csrf_token(page), "points": "0,5", "reason": "Ejaan saja.", "seen": "0"}
    answer = client.post(f"/teach/attempts/{attempt.id}/3/mark", data=data)
    assert (answer.status_code, answer.location) == (303, f"/teach/attempts/{attempt.id}#q3")
    assert "memberi jawaban ini 0,50 poin" in client.text(f"/teach/attempts/{attempt.id}")
    assert client.post(f"/teach/attempts/{attempt.id}/3/mark", data=data).status_code == 303
    assert len(db.session.scalars(select(AnswerMark)).all()) == 1


@pytest.mark.parametrize("points", ["-1", "1.001", "dua", "1e3", "99999", "1,01", "x" * 5000])
def test_bad_points_are_shown_again_and_not_saved(client, world, points):
    attempt = world.attempt({"skm": "satuan"})
    client.sign_in(teacher_of(world))
    page = client.text(f"/teach/attempts/{attempt.id}")
    data = {"csrf_token": csrf_token(page), "points": points, "reason": "Ejaan saja.", "seen": "0"}
    answer = client.post(f"/teach/attempts/{attempt.id}/3/mark", data=data)
    assert answer.status_code == 422
    assert "Ejaan saja." in answer.get_data(as_text=True), "what was typed is still there"
    assert not db.session.scalars(select(AnswerMark)).all()


def test_nobody_marks_their_own_answer(client, world):
    attempt = world.attempt({"skm": "satuan"})
    learner = db.session.get(Person, attempt.person_id)
    grant(learner, "instructor", course=world.course)
    page = client.sign_in(learner).text(f"/teach/attempts/{attempt.id}")
    assert "Nilai sendiri jawaban ini" not in page
    data = {
        "csrf_token": csrf_token(client.text(page_of(world) + "?question=asas&rule=full")),
        "points": "1",
        "reason": "x",
        "seen": "0",
    }
    assert client.post(f"/teach/attempts/{attempt.id}/3/mark", data=data).status_code == 403


def test_near_misses_are_listed_once_per_answer(client, world, monkeypatch):
    monkeypatch.setattr(ShortAnswer, "is_near_miss", lambda _self, answer: answer == "satuu", raising=False)
    first = world.attempt({"skm": "satuu"}, world.enrolment(name="Satu Contoh"))
    world.attempt({"skm": "satuu"}, world.enrolment(name="Dua Contoh"))
    world.attempt({"skm": "seratus"}, world.enrolment(name="Tiga Contoh"))
    page = client.sign_in(teacher_of(world)).text(page_of(world, "answers"))
    assert page.count("satuu") == 1
    assert f'href="/teach/attempts/{first.id}#q3"' in page
    assert "Tiga Contoh" not in page


def test_a_module_cannot_be_marked_again(client, session):
    course = make_course(items=({"slug": "modul"},))
    client.sign_in(make_admin())
    for rest in ("regrade", "answers", "regrades/1"):
        assert client.get(f"/teach/courses/{course.slug}/items/modul/{rest}").status_code == 404


def test_another_courses_instructor_sees_nothing(client, world):
    attempt = world.attempt({"asas": "b"})
    stranger = make_person()
    grant(stranger, "instructor", course=make_course())
    client.sign_in(stranger)
    assert client.get(page_of(world)).status_code == 404
    assert client.get(f"/teach/courses/{world.course.slug}/people/{attempt.enrolment_id}/marks").status_code == 404


def test_a_large_regrade_is_left_to_the_job_with_its_progress(client, world, monkeypatch):
    monkeypatch.setattr("lms.quizzes.views.regrading.AT_ONCE", 1)
    attempts = [world.attempt({"asas": "b"}) for _number in range(2)]
    world.publish(corrected(asas="b"))
    client.sign_in(teacher_of(world))
    answer = post(client, page_of(world), client.text(page_of(world)))
    page = client.text(answer.location)
    assert "0 dari 2 percobaan sudah selesai" in page
    assert 'id="busy"' in page
    assert [one.score for one in attempts] == [0, 0]
