"""Questions to check oneself: right or not and why, for what was chosen, and nothing recorded."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from factories import grant, make_course, make_enrolment, make_person
from pages import csrf_token
from sqlalchemy import func, select

from lms.core.db import db
from lms.journal.models import Event
from lms.learning.models import Progress
from lms.web.rate_limits import limiter

REVISIONS = Path(__file__).parents[1] / "content" / "revisions"
PATH = "/courses/kursus/modul"
FETCH = {"X-Requested-With": "fetch"}


def module(name: str) -> dict:
    row = json.loads((REVISIONS / f"{name}.json").read_text())
    return {"slug": "modul", "body_html": row["body_html"], "content": row["content"]}


@pytest.fixture(params=["v1-module-manual-checks", "v2-module-manual-checks", "v3-module-manual-checks"])
def reader(request, client, session):
    """Somebody in a course whose module was published by each release."""
    person = make_person()
    make_enrolment(person, make_course("kursus", (module(request.param), {"slug": "lain"})))
    client.sign_in(person)
    return client


@pytest.fixture
def newest(client, session):
    person = make_person()
    make_enrolment(person, make_course("kursus", (module("v3-module-manual-checks"),)))
    client.sign_in(person)
    return client


def said(html: str) -> str:
    """What is said, of all questions of the page."""
    texts = re.findall(r'<div class="said" role="status">(.*?)<details>', html, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", " ".join(texts)).split())


def by_script(client, **fields):
    token = csrf_token(client.get(PATH).get_data(as_text=True))
    return client.post(PATH, data={"csrf_token": token} | fields, headers=FETCH)


def answered(client, **fields) -> str:
    answer = client.post_form(PATH, **fields)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_every_revision_asks_in_a_form(reader):
    page = reader.get(PATH).get_data(as_text=True)
    assert page.count('<form class="check"') >= 2
    assert 'role="group"' not in page
    assert page.count('name="csrf_token"') >= 2
    assert 'name="tokens"' not in page
    assert said(page) == ""
    assert "Lihat jawaban" in page


def test_a_right_choice_is_told_and_stays_marked(reader):
    page = answered(reader, check="cek-satu", picked="b")
    assert said(page) == "✓ Benar Karena benar."
    assert re.search(r'value="b" checked', page)
    assert page.count("data-verdict=") == 1


def test_a_wrong_choice_is_told_with_why(newest):
    page = answered(newest, check="cek-satu", picked="a")
    assert said(page).startswith("✗ Belum tepat Sebab bukan itu.")
    assert "Karena benar" not in said(page), "the author has said why; the right answer is below"
    assert "Petunjuk: Baca lagi teks satu." in said(page)
    assert '<a href="#bagian-dua">Bagian dua</a>' in page


def test_where_nothing_is_said_of_a_wrong_choice_the_explanation_is_the_why(client, session):
    person = make_person()
    make_enrolment(person, make_course("kursus", (module("v2-module-manual-checks"),)))
    client.sign_in(person)
    assert said(answered(client, check="cek-satu", picked="a")) == "✗ Belum tepat Karena benar."


@pytest.mark.parametrize(
    ("typed", "verdict"), [("4", "right"), (" EMPAT ", "right"), ("Émpat", "right"), ("lima", "wrong")]
)
def test_typed_answers_are_compared_as_in_a_quiz(reader, typed, verdict):
    assert f'data-verdict="{verdict}"' in answered(reader, check="cek-dua", text=typed)


def test_an_answer_that_earns_a_part_is_partly_right(newest):
    assert said(answered(newest, check="cek-dua", text="Kira-kira 4")).startswith("◐ Sebagian benar")


def test_of_several_choices_each_is_answered(newest):
    told = said(answered(newest, check="cek-tiga", picked=["a", "c"]))
    assert told.startswith("✗ Belum tepat ✓ Dua ✗ Tiga")
    assert "1 pilihan benar" in told
    assert said(answered(newest, check="cek-tiga", picked=["a", "b"])).startswith("✓ Benar ✓ Dua ✓ Empat")


@pytest.mark.parametrize(
    "fields", [{}, {"picked": "z"}, {"picked": ["a", "b"]}], ids=["nothing", "no option", "two of one"]
)
def test_what_is_no_answer_is_sent_back(newest, fields):
    answer = newest.post_form(PATH, check="cek-satu", **fields)
    assert answer.status_code == 422
    assert said(answer.get_data(as_text=True))


def test_the_script_gets_what_is_said(newest):
    answer = by_script(newest, check="cek-satu", picked="a")
    assert answer.json["verdict"] == "wrong"
    assert "Sebab bukan itu." in answer.json["said"]
    empty = by_script(newest, check="cek-satu")
    assert (empty.status_code, empty.json["verdict"]) == (422, "none")


def test_a_question_that_is_gone_leads_back_to_the_module(newest):
    assert newest.post_form(PATH, check="cek-lama", picked="a").location == PATH
    answer = by_script(newest, check="cek-lama", picked="a")
    assert (answer.status_code, bool(answer.json["said"])) == (422, True)


def test_nothing_is_recorded(newest):
    answered(newest, check="cek-satu", picked="b")
    assert [db.session.scalar(select(func.count()).select_from(model)) for model in (Progress, Event)] == [0, 0]


def test_my_answer_is_on_nobody_elses_page(app, session):
    course = make_course("kursus", (module("v3-module-manual-checks"),))
    people = [make_person(), make_person()]
    for person in people:
        make_enrolment(person, course)
    mine, other = (app.test_client().sign_in(person) for person in people)
    answered(mine, check="cek-satu", picked="b")
    page = other.get(PATH).get_data(as_text=True)
    assert "data-verdict" not in page
    assert " checked" not in page


def test_who_is_not_enrolled_is_told_nothing(client, newest):
    client.sign_in(make_person())
    assert client.post_form(PATH, page="/account", check="cek-satu", picked="a").status_code == 404


def test_a_form_without_its_token_is_refused(newest):
    assert newest.post(PATH, data={"check": "cek-satu", "picked": "a"}, headers=FETCH).status_code == 400


def test_answers_are_limited(newest, monkeypatch):
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    codes = [by_script(newest, check="cek-satu", picked="a").status_code for _ in range(61)]
    limiter.reset()
    assert (codes[0], codes[-1]) == (200, 429)


def test_those_who_teach_the_course_try_its_questions(client, session):
    course = make_course("kursus", (module("v2-module-manual-checks"),))
    teacher = make_person()
    grant(teacher, "instructor", course=course)
    client.sign_in(teacher)
    path = "/teach/courses/kursus/contents/modul"
    assert client.get(path).get_data(as_text=True).count('<form class="check"') == 2
    page = client.post_form(path, check="cek-satu", picked="b").get_data(as_text=True)
    assert said(page) == "✓ Benar Karena benar."
    assert client.post_form(path).status_code == 404


def test_reading_to_the_end_is_recorded_as_before(reader):
    assert reader.post_form(PATH).location == ("/courses/kursus/lain")
    assert db.session.scalar(select(func.count()).select_from(Progress)) == 1
