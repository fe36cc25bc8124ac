"""True or false, numbers and short answers with patterns, from the file to the result, on the pages of a quiz."""

from __future__ import annotations

import re

import pytest
from course_sample import COVER
from factories import NOON, grant, make_enrolment, make_person
from pages import csrf_token
from sqlalchemy import select

from lms.content.questions import patterns
from lms.core import clock
from lms.core.db import db
from lms.courses import services
from lms.quizzes.models import Answer, Attempt

QUIZ = """\
---
title: Kuis
type: quiz
feedback: immediate
review: latihan
---
## Maklumat cukup disimpan. {#maklumat type=truefalse}

= salah
    > Tepat.
= benar {0%}
    > Warga menagihnya.

## Berapa jauh? {#jarak type=number}

= 1250.5 km
    > Tepat sekali.
= 1250.5 {50%}
    > Satuannya?

## Siapa? {#siapa}

= pimpinan penyelenggara
= /pimpinan .*/ {50%}
    > Sebutkan lengkap.
"""
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def attempt(session, client, monkeypatch):
    """The address of a running attempt; the learner is signed in."""
    monkeypatch.setattr(clock, "now", lambda: NOON)
    files = {"course.md": COVER.encode(), "01-kuis.md": QUIZ.encode()}
    revision = services.import_course("kinds", files, actor_id=None, now=NOON).revision
    services.publish(revision, actor_id=None, now=NOON)
    learner, teacher = make_person(), make_person()
    make_enrolment(learner, revision.course)
    grant(teacher, "instructor", course=revision.course)
    session.commit()
    client.teacher = teacher
    client.sign_in(learner)
    return client.post_form("/courses/kinds/kuis").location.rpartition("/")[0]


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def answer(client, attempt, position, **values):
    return client.post_form(f"{attempt}/{position}", **{"go": "next"} | values)


def kept(question: str) -> dict:
    db.session.rollback()
    return db.session.scalars(select(Answer).where(Answer.question == question)).one().response


def test_how_a_number_was_read_is_on_the_page_once_it_is_saved(client, attempt):
    before = client.text(f"{attempt}/2")
    assert "Angka dengan satuannya." in before and "Terbaca" not in before
    answer(client, attempt, 2, text="1.250,50 KM")
    assert "Terbaca sebagai 1.250,5 KM." in words(client.text(f"{attempt}/2"))
    assert 'value="1.250,50 KM"' in client.text(f"{attempt}/2"), "as it was typed"
    answer(client, attempt, 2, text="1.250,5")
    assert "Terbaca sebagai 1.250,5, tanpa satuan." in words(client.text(f"{attempt}/2"))


def test_an_unreadable_number_is_kept_and_told_where_one_goes_on(client, attempt):
    page = client.get(answer(client, attempt, 2, text="kira-kira 1.250").location)
    assert "Soal 2: Tersimpan, tetapi tidak terbaca sebagai satu angka" in words(page.text)
    assert kept("jarak") == {"text": "kira-kira 1.250"}
    again = client.text(f"{attempt}/2")
    assert 'value="kira-kira 1.250"' in again and "⚠ Tersimpan" in again


def test_a_number_right_but_for_its_unit_is_told_so_once_it_was_checked(client, attempt):
    told = "Angkanya benar; satuannya yang keliru."
    answer(client, attempt, 2, text="1.250,5 m")
    assert told not in client.text(f"{attempt}/2")
    answer(client, attempt, 2, go="check", text="1.250,5 m")
    assert told in client.text(f"{attempt}/2")


def test_an_unreadable_number_is_not_checked(client, attempt):
    page = client.get(answer(client, attempt, 2, go="check", text="kira-kira 1.250").location).text
    assert "Belum diperiksa: lihat tanda ⚠" in page and "⚠ Tersimpan" in page
    assert kept("jarak") == {"text": "kira-kira 1.250"}


def test_the_script_is_told_how_a_number_was_read(client, attempt):
    token = csrf_token(client.text(f"{attempt}/2"))

    def saved(position, text, turn):
        sent = {"csrf_token": token, "text": text, "turn": turn}
        return client.post(f"{attempt}/{position}", data=sent, headers=FETCH).get_json()

    told = saved(2, "7 km", "a.1")
    assert told["read"] == "Terbaca sebagai 7 km."
    told = saved(2, "tujuh", "a.2")
    assert "tidak terbaca" in told["read"] and told["is_answered"]
    assert "read" not in saved(3, "tujuh", "b.1")


def test_what_is_said_to_each_answer_comes_with_the_check(client, attempt):
    for position, values, said in (
        (1, {"picked": "true"}, "Warga menagihnya."),
        (2, {"text": "1250,5"}, "Satuannya?"),
        (3, {"text": "Pimpinan unit"}, "Sebutkan lengkap."),
    ):
        assert answer(client, attempt, position, go="check", **values).status_code == 302
        page = client.text(f"{attempt}/{position}")
        assert said in page
        assert page.count("Tepat.") == 0, "what is said to another answer stays unsaid"


def test_the_marks_of_all_kinds_add_up_and_the_instructor_sees_the_answers(client, attempt):
    answer(client, attempt, 1, picked="false")
    answer(client, attempt, 2, text="1.250,5")
    answer(client, attempt, 3, text="PIMPINAN PENYELENGGARA")
    client.post_form(f"{attempt}/submit", page=attempt)
    db.session.rollback()
    found = db.session.scalars(select(Attempt)).one()
    assert (str(found.points), str(found.most_points)) == ("2.50", "3.00")
    review = words(client.text(f"{attempt}/review"))
    assert "Jawaban Anda, tepat" in review and "Sebagian benar: 0,50 dari 1 poin" in review
    client.sign_in(client.teacher)
    page = client.text(f"/teach/attempts/{found.id}")
    assert "1.250,5" in page and "pimpinan penyelenggara" in page


def test_a_pattern_without_an_end_costs_no_answer_and_is_told_to_the_instructor(client, attempt, monkeypatch):
    def too_slow(pattern, text):
        raise patterns.TooSlow

    monkeypatch.setattr(patterns, "matches", too_slow)
    answer(client, attempt, 3, text="pimpinan unit")
    client.post_form(f"{attempt}/submit", page=attempt)
    assert "terlalu lama" not in client.text(f"{attempt}/review")
    found = db.session.scalars(select(Attempt)).one()
    client.sign_in(client.teacher)
    assert "/pimpinan .*/ terlalu lama" in words(client.text(f"/teach/attempts/{found.id}"))
