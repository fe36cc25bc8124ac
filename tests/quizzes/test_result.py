"""The page after an attempt: what it lacks, what to read again, how often one may try, what comes next."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from factories import NOON, item_of, make_course, make_enrolment, make_person
from pages import html_of, text_of
from quiz_factories import content, option, question_json

from lms.content.items.review import PRESETS
from lms.core import clock
from lms.core.db import db
from lms.core.i18n import say_date
from lms.enrolment.models import Enrolment
from lms.learning import queries as learning
from lms.learning import services
from lms.quizzes.disclosure import disclosure

LINK = 'Lihat <a href="/courses/kursus/waktu#janji">modulnya</a>.'
RIGHT, WRONG = "a", "b"


class Course:
    """Two modules, a quiz of four questions, and a module after it; the third question's explanation has a link."""

    def __init__(self, client, closes=None, after=({"slug": "penutup", "title": "Penutup"},), **quiz):
        questions = [question_json(f"q{number}") for number in range(1, 5)]
        questions[2]["explanation_html"] = LINK
        items = (
            {
                "slug": "waktu",
                "title": "Jangka waktu",
                "minutes": 55,
                "content": {"complete": "read", "practice_minutes": 50},
            },
            {"slug": "biaya", "title": "Biaya"},
            {"slug": "kuis", "title": "Kuis", "type": "quiz", "content": content(questions, **quiz), "closes": closes},
            *after,
        )
        self.course = make_course("kursus", items, jp=6)
        self.person = make_person(name="Maria Contoh")
        self.enrolment = make_enrolment(self.person, self.course)
        self.client = client.sign_in(self.person)

    def read(self, *slugs: str) -> None:
        for slug in slugs:
            services.record_read(self.enrolment.id, item_of(self.course, slug), now=clock.now())
        db.session.commit()

    def answer(self, letters: str) -> str:
        """The result's address, after these answers."""
        path = self.client.post_form("/courses/kursus/kuis").location.removesuffix("/1")
        for position, letter in enumerate(letters, start=1):
            self.client.post_form(f"{path}/{position}", picked=letter, go="next")
        return self.client.post_form(f"{path}/submit", page=path).location

    def result(self, letters: str) -> str:
        return text_of(self.client.get(self.answer(letters)))


@pytest.fixture
def course(client, session, at):
    return lambda **values: Course(client, **values)


def test_a_failed_attempt_says_how_much_is_lacking_and_what_is_left(course):
    page = course(attempts=3).result(RIGHT * 2 + WRONG * 2)
    assert "Kurang satu jawaban benar untuk lulus" in page
    assert "2 dari 4 soal benar; ambang kelulusan 70" in page
    assert "2 dari 3 percobaan tersisa" in page
    assert "Nilai tertinggi yang dihitung" in page


def test_what_the_explanations_of_failed_questions_link_to_is_to_be_read_again(course):
    here = course(attempts=3)
    address = here.answer(RIGHT * 2 + WRONG * 2)
    page = html_of(here.client.get(address))
    assert 'class="button" href="/courses/kursus/waktu"' in page
    assert "soal 3 · membaca ±5 menit" in text_of(here.client.get(address))
    assert "Biaya" not in page.partition('class="items"')[2].partition("</ul>")[0]
    home = html_of(here.client.get("/"))
    assert 'class="button" href="/courses/kursus/waktu">Baca “Jangka waktu”' in home
    assert "Baca “Biaya”" not in home


def test_without_links_the_modules_before_are_to_be_read_again(course):
    page = course().result(WRONG + RIGHT * 2 + WRONG)
    assert "Jangka waktu membaca ±5 menit" in page
    assert "Biaya membaca ±5 menit" in page


@pytest.mark.parametrize("wrong", [3, 4])
def test_an_exam_does_not_tell_by_what_is_to_be_read_which_questions_were_wrong(course, wrong):
    """With question 3 wrong, whose explanation has a link, the page is the same as with question 4."""
    letters = [RIGHT] * 4
    letters[wrong - 1] = letters[0] = WRONG
    here = course(review="ujian")
    page = here.result("".join(letters))
    assert "Jangka waktu membaca ±5 menit" in page
    assert "Biaya membaca ±5 menit" in page
    assert "soal 3" not in page
    assert "soal benar" not in page
    assert "2 dari 4 poin" in page
    home = html_of(here.client.get("/"))
    assert "Baca “Biaya”" in home


def test_the_anchor_of_a_link_which_may_name_the_answer_is_not_told(course):
    here = course(attempts=3)
    page = html_of(here.client.get(here.answer(RIGHT * 2 + WRONG * 2)))
    assert not disclosure(PRESETS["kuis"], "after").key
    assert "#janji" not in page


def test_the_end_is_told_with_the_days_left(course):
    closes = {"moment": None, "base": "start", "days": 12, "at": None}
    page = course(attempts=3, closes=closes).result(WRONG * 4)
    assert re.search(r"2 dari 3 percobaan tersisa , sampai .* WIT \(\d+ hari lagi\)", page)


def test_where_the_quiz_stays_open_the_deadline_of_the_course_is_told(course, session):
    here = course(attempts=3)
    here.enrolment.extended_until = (NOON + timedelta(days=9)).date()
    here.enrolment.cohort.ends_on = (NOON + timedelta(days=4)).date()
    page = here.result(WRONG * 4)
    assert f"Tenggat Anda: {say_date(here.enrolment.extended_until)} (9 hari lagi)." in page


def test_without_an_attempt_left_it_says_what_can_be_done(course):
    here = course(attempts=1)
    page = here.client.get(here.answer(WRONG * 4))
    assert "Percobaan Anda sudah habis: 1 dari 1." in text_of(page)
    assert "from=/courses/kursus/kuis" in html_of(page)
    assert 'class="button" rel="next" href="/courses/kursus/waktu"' in html_of(page)


def test_a_wait_before_the_next_attempt_is_told(course):
    page = course(attempts=3, wait=3600).result(WRONG * 4)
    assert "Percobaan berikutnya dapat Anda mulai" in page
    assert "Kerjakan lagi …" not in page


@pytest.mark.parametrize(
    ("grade", "words"),
    [("last", "Nilai percobaan terakhir"), ("first", "Nilai percobaan pertama"), ("average", "perlu nilai 90")],
)
def test_the_score_that_counts_is_told(course, grade, words):
    here = course(attempts=3, grade=grade)
    page = here.result(RIGHT * 2 + WRONG * 2)
    assert words in page
    assert ("Kerjakan lagi …" in page) is (grade != "first")


def test_a_pass_says_what_got_better_and_leads_on(course):
    here = course(attempts=3)
    here.read("waktu", "biaya")
    here.result(RIGHT * 2 + WRONG * 2)
    page = here.client.get(here.answer(RIGHT * 4))
    assert "Bagus, Maria Contoh. Anda lulus." in text_of(page)
    assert "naik 50 dari percobaan sebelumnya" in text_of(page)
    assert "3 dari 4" in text_of(page)
    assert "6 JP" in text_of(page)
    assert html_of(page).count('class="button"') == 1
    assert 'class="button" rel="next" href="/courses/kursus/penutup"' in html_of(page)
    assert "percobaan tersisa" not in text_of(page)


def test_the_pass_that_completes_a_course_leads_to_its_end(course):
    here = course(after=())
    here.read("waktu", "biaya")
    page = html_of(here.client.get(here.answer(RIGHT * 4)))
    assert 'class="button" href="/courses/kursus/finish"' in page
    assert learning.is_completed(db.session.query(Enrolment).one().id)


def test_an_earlier_attempt_stays_failed_and_says_that_the_quiz_is_passed(course):
    here = course(attempts=3)
    first = here.answer(WRONG * 4)
    here.answer(RIGHT * 4)
    page = text_of(here.client.get(first))
    assert "kuis ini tetap lulus" in page


def test_questions_that_earn_different_points_are_told_in_points(client, session, at):
    questions = [question_json("satu", points=1.0), question_json("dua", points=3.0)]
    course = make_course("kursus", ({"slug": "kuis", "type": "quiz", "title": "Kuis", "content": content(questions)},))
    person = make_person()
    make_enrolment(person, course)
    client.sign_in(person)
    path = client.post_form("/courses/kursus/kuis").location.removesuffix("/1")
    client.post_form(f"{path}/1", picked="a", go="next")
    page = text_of(client.get(client.post_form(f"{path}/submit", page=path).location))
    assert "Kurang 1,80 poin" in page


def test_the_result_holds_no_option_of_a_question_that_is_not_to_be_told(course):
    here = course(review="ujian")
    page = here.result(WRONG * 4)
    assert option("a")["html"] not in page
