"""The page of item analysis."""

from __future__ import annotations

import re

import pytest
from analysis_world import ANSWERS, AnalysedCourse, make_analysed_course, quiz_item
from factories import make_cohort
from markupsafe import Markup
from quiz_factories import question_json

PAGE = "/teach/courses/pelatihan/items/kuis/analysis"


@pytest.fixture
def analysed(session) -> AnalysedCourse:
    return make_analysed_course()


def text_of(client, path: str = PAGE) -> str:
    """The words of the page, without what is in its head."""
    return " ".join(Markup(client.text(path).partition("<main")[2].replace("<", " <")).striptags().split())


def test_a_wrong_key_is_found_and_said_first(client, analysed):
    page = text_of(client.sign_in(analysed.teacher))
    assert "Soal 1" in page
    assert page.index("Soal keliru") < page.index("Soal mudah")
    assert re.search(r"daya beda −\d", page)
    assert not re.search(r"-\d", page)
    assert "6 dari 12 peserta menjawab “Pilihan c”, termasuk 4 dari 4 peserta terbaik di soal lain; 0 dari" in page


def test_each_answer_is_shown_with_its_count_and_how_good_its_people_are(client, analysed):
    page = text_of(client.sign_in(analysed.teacher), f"{PAGE}?order=number")
    first = page[page.index("Jawaban 12 peserta") :]
    assert "Pilihan a ✓ kunci 3 · 25 %" in first
    assert "Pilihan c ⚠ dipilih yang terbaik 6 · 50 %" in first
    assert "1 peserta tidak menjawab" in first


def test_the_page_is_reached_from_the_course_and_from_the_quiz(client, analysed):
    client.sign_in(analysed.teacher)
    assert f'href="{PAGE}"' in client.get("/teach/courses/pelatihan/analysis").get_data(as_text=True)
    assert f'href="{PAGE}"' in client.get("/teach/courses/pelatihan/contents/kuis").get_data(as_text=True)
    assert "/teach/courses/pelatihan/analysis" in client.get("/teach/courses/pelatihan").get_data(as_text=True)


def test_only_the_attempts_that_are_asked_for_count(client, analysed):
    enrolment = analysed.enrolment("Peserta ulang")
    analysed.attempt({}, enrolment)
    analysed.attempt(ANSWERS[0], enrolment, minutes=60)
    client.sign_in(analysed.teacher)
    counts = {way: text_of(client, f"{PAGE}?attempts={way}") for way in ("first", "last", "best", "all")}
    assert "13 percobaan dihitung" in counts["first"]
    assert "14 percobaan dihitung" in counts["all"]
    assert "Pilihan c ⚠ dipilih yang terbaik 7 ·" in counts["last"]
    assert "Pilihan c ⚠ dipilih yang terbaik 6 ·" in counts["first"]


def test_a_cohort_is_looked_at_alone(client, analysed):
    cohort = make_cohort(analysed.course, name="Angkatan II")
    analysed.attempt(ANSWERS[0], analysed.enrolment("Peserta lain", cohort=cohort))
    page = text_of(client.sign_in(analysed.teacher), f"{PAGE}?cohort={cohort.id}")
    assert "1 percobaan: masih terlalu sedikit" in page
    assert "Daya beda" not in page


def test_before_ten_attempts_there_are_counts_alone(client, session):
    made = make_analysed_course(ANSWERS[:9])
    page = text_of(client.sign_in(made.teacher))
    assert "9 percobaan: masih terlalu sedikit" in page
    assert "kunci mungkin keliru" not in page
    assert "Pilihan c 6 · 67 %" in page


def test_a_quiz_is_not_called_healthy_while_its_questions_had_too_few_attempts(client, session):
    """Each draws one of five: enough attempts of the quiz, but too few of each question."""
    asked = [question_json(id, group="semua") for id in "abcde"]
    made = AnalysedCourse(quiz_item(questions=asked, draw={"semua": 1}))
    for number in range(12):
        made.attempt(dict.fromkeys("abcde", "a" if number % 2 else "b"), made.enrolment(f"Peserta {number}"))
    page = text_of(client.sign_in(made.teacher))
    drawn = page.count("○ percobaan masih sedikit")
    assert drawn > 1
    assert f"{drawn} soal belum dapat dinilai: percobaan masih sedikit" in page
    assert "Tidak ada soal yang bermasalah" not in page
    assert "daya beda −" not in page
    assert "Daya beda" not in page.partition("Semua angka tentang soal")[0]


def test_a_quiz_of_one_question_that_nothing_can_be_held_against_is_not_called_healthy(client, session):
    made = AnalysedCourse(quiz_item(questions=[question_json("a")]))
    for number in range(12):
        made.attempt({"a": "a" if number % 2 else "b"}, made.enrolment(f"Peserta {number}"))
    page = text_of(client.sign_in(made.teacher))
    assert "Mutu 1 soal belum dapat diketahui" in page
    assert "Tidak ada soal yang bermasalah" not in page


def test_nobody_has_handed_in_anything(client, session):
    made = make_analysed_course([])
    assert "Belum ada yang dapat dilihat" in text_of(client.sign_in(made.teacher))


def test_a_module_has_no_analysis_and_a_strange_way_is_the_first(client, session):
    made = AnalysedCourse(quiz_item(), {"slug": "modul"})
    client.sign_in(made.teacher)
    assert client.get("/teach/courses/pelatihan/items/modul/analysis").status_code == 404
    assert client.get(f"{PAGE}?attempts=zzz&cohort=abc&order=x").status_code == 200


def test_a_draw_is_looked_at_group_by_group(client, session):
    asked = [question_json(id, group="mudah" if id < "c" else "sulit") for id in "abcd"]
    made = AnalysedCourse(quiz_item(questions=asked, draw={"mudah": 1, "sulit": 1}))
    for number in range(12):
        made.attempt(dict.fromkeys("abcd", "a" if number % 2 else "b"), made.enrolment(f"Peserta {number}"))
    page = text_of(client.sign_in(made.teacher))
    assert "Diundi dari kelompok “mudah”: 1 dari 2 soal" in page
    assert "Diundi dari kelompok “sulit”: 1 dari 2 soal" in page


def test_marking_again_is_linked_only_where_the_site_has_it(client, analysed, site):
    client.sign_in(analysed.teacher)
    has_it = "quizzes.regrade" in site.view_functions
    assert ("Coba nilai ulang" in text_of(client)) == has_it


def test_attempts_that_the_quiz_discards_say_nothing_of_its_questions(client, session):
    made = AnalysedCourse(quiz_item(time_limit=60, on_expiry="discard"))
    made.attempt(ANSWERS[0], made.enrolment())  # handed in after five minutes
    assert "Belum ada yang dapat dilihat" in text_of(client.sign_in(made.teacher))
