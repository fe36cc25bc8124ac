"""Essays on pages: typed and saved, waiting for a mark, marked on the page of the queue, told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from essay_world import ESSAYS, make_essay_world
from factories import NOON, grant, make_admin, make_person
from pages import csrf_token
from sqlalchemy import select

from lms.content.questions.essay import MAX_LENGTH
from lms.core import clock
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.notices.services import events, wording
from lms.people.models import Person
from lms.quizzes import services
from lms.quizzes.models import Answer, AnswerMark

EARLIER = NOON - timedelta(minutes=1)


@pytest.fixture
def quiz(session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return make_essay_world()


def person_of(attempt):
    return db.session.get_one(Person, attempt.person_id)


def read(attempt):
    """As the learner who has seen the result."""
    services.open_review(attempt, now=NOON)
    return f"/attempts/{attempt.id}/review"


def start(client, quiz):
    client.sign_in(db.session.get_one(Person, quiz.enrolment().person_id))
    return client.post_form(f"/courses/{quiz.course.slug}/kuis").location.rpartition("/")[0]


def kept(path):
    attempt_id = int(path.rpartition("/")[2])
    found = select(Answer.response).where(Answer.attempt_id == attempt_id, Answer.question == "rencana")
    return db.session.scalar(found)


def essay_path(attempt, position=2):
    return f"/teach/grading/essays/{attempt.id}/{position}"


def save(client, attempt, position=2, seen=0, **values):
    return client.post_form(essay_path(attempt, position), seen=seen, **values)


def test_an_essay_is_typed_saved_and_shown_again_with_how_it_is_marked(client, quiz):
    path = start(client, quiz)
    page = client.text(f"{path}/2")
    assert "<textarea" in page and 'maxlength="8000"' in page and "Dapat dimulai besok" in page
    client.post_form(f"{path}/2", text="Baris satu.\r\n<b>Baris</b> dua.", go="next")
    assert kept(path) == {"text": "Baris satu.\n<b>Baris</b> dua."}
    assert "Baris satu.\n&lt;b&gt;Baris&lt;/b&gt; dua.</textarea>" in client.text(f"{path}/2")


def test_a_text_that_is_too_long_is_sent_back_whole_and_what_was_saved_stays(client, quiz):
    path = start(client, quiz)
    client.post_form(f"{path}/2", text="Yang lama.")
    answer = client.post_form(f"{path}/2", text="y" * (MAX_LENGTH + 1))
    assert answer.status_code == 422 and "y" * (MAX_LENGTH + 1) in answer.text
    assert "lebih dari 8.000" in answer.text and "Tidak ada yang hilang" in answer.text
    assert kept(path) == {"text": "Yang lama."}
    assert client.post_form(f"{path}/2", page=f"{path}/2", text="y" * 1_000_000).status_code == 422
    assert kept(path) == {"text": "Yang lama."}


def test_handing_in_says_that_it_waits_and_gives_no_result(client, quiz):
    path = start(client, quiz)
    client.post_form(f"{path}/1", picked="a")
    client.post_form(f"{path}/2", text="Rencana saya.")
    client.post_form(f"{path}/submit", page=path)
    page = client.text(f"{path}/review")
    assert "menunggu penilaian" in page.lower() and "2 dari 10 poin" in page and "8 poin" not in page
    assert "6 poin" in page and "Lulus" not in page and "Belum lulus" not in page
    course = client.text(f"/courses/{quiz.course.slug}")
    assert "Menunggu penilaian" in course
    overview = client.text(f"/courses/{quiz.course.slug}/kuis")
    assert "Menunggu penilaian" in overview and "nilai " not in overview.partition("Percobaan Anda")[2][:400]
    assert "Kuis esai" in client.text("/")


def test_who_waits_with_no_attempt_left_is_not_told_to_ask_for_another(client, session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    quiz = make_essay_world(keys="attempts: 1\n")
    attempt = quiz.attempt()
    page = client.sign_in(person_of(attempt)).text(f"/courses/{quiz.course.slug}/kuis")
    assert "Menunggu penilaian" in page and "further-attempt" not in page
    quiz.mark(attempt, picked={0: 1, 1: 1})
    assert "further-attempt" in client.text(f"/courses/{quiz.course.slug}/kuis")


def test_an_exam_tells_nothing_of_its_questions_while_it_waits(client, session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    attempt = make_essay_world(keys="review: ujian\n").attempt()
    page = client.sign_in(person_of(attempt)).text(read(attempt))
    assert "menunggu penilaian" in page.lower() and "poin" not in page and "Kepastian" not in page


def test_the_queue_names_the_question_and_leads_to_the_oldest_answer(client, quiz):
    attempt = quiz.attempt(now=NOON - timedelta(days=3))
    quiz.attempt(now=NOON - timedelta(days=1))
    page = client.sign_in(quiz.teacher).text("/teach/grading")
    assert "2 jawaban perlu dinilai" in page and f'href="{essay_path(attempt)}"' in page and "3 hari" in page
    assert "2" in re.search(r'class="figure">(\d+)', client.text("/teach"))[1]
    assert "Semua sudah dinilai" not in page


def test_levels_are_picked_saved_and_the_next_answer_opens(client, quiz):
    one, two = quiz.attempt(now=EARLIER), quiz.attempt()
    client.sign_in(quiz.teacher)
    page = client.text(essay_path(one))
    assert page.count('type="radio"') == 4 and "Data antrean dicatat dulu." in page and 'id="sum"' in page
    answer = save(client, one, level_0=0, level_1=1, feedback="Tambahkan **data**.", then="next")
    assert (answer.status_code, answer.location) == (303, essay_path(two))
    assert one.score == 65
    answer = save(client, two, level_0=0, level_1=0, then="next")
    assert answer.location == "/teach/grading"
    assert "Semua sudah dinilai" in client.text("/teach/grading")


def test_points_without_a_rubric_and_bad_input(client, quiz):
    attempt = quiz.attempt(lesson="Banyak.")
    client.sign_in(quiz.teacher)
    for text in ("", "tiga", "2,01", "-1", "1,234"):
        answer = save(client, attempt, 3, points=text, feedback="Tetap ada.")
        assert answer.status_code == 422 and "Tetap ada." in answer.text, text
    answer = save(client, attempt, 2, level_0=0)
    assert answer.status_code == 422 and "Pilih" in answer.text
    assert save(client, attempt, 2, level_0=0, level_1=7).status_code == 422
    assert not db.session.scalars(select(AnswerMark)).all()
    assert save(client, attempt, 3, points="1,5").status_code == 303


def test_who_comes_second_sees_what_counts_and_keeps_the_own_text(client, quiz):
    attempt = quiz.attempt()
    quiz.mark(attempt)
    client.sign_in(quiz.teacher)
    answer = save(client, attempt, level_0=0, level_1=0, feedback="Punya saya.")
    assert answer.status_code in (409, 422) and "Punya saya." in answer.text and "4,5" in answer.text
    assert attempt.score == 65
    answer = save(client, attempt, seen=1, level_0=0, level_1=0, feedback="Punya saya.", reason="Lebih tepat.")
    assert answer.status_code == 303 and attempt.score == 80
    page = client.text(essay_path(attempt))
    assert "Lebih tepat." in page and "Punya saya." in page


def test_the_learner_reads_mark_levels_and_feedback(client, quiz):
    attempt = quiz.attempt()
    quiz.mark(attempt, picked={0: 0, 1: 1}, feedback="Tambahkan **data**.")
    page = client.sign_in(person_of(attempt)).text(read(attempt))
    for words in ("4,5", "Baik", "<strong>data</strong>", "Guru Penilai"):
        assert words in page
    assert "Sebagian benar" in page


def test_the_learner_is_told_once_when_the_quiz_has_its_mark(quiz):
    attempt = quiz.attempt(lesson="Banyak.", now=EARLIER)
    quiz.mark(attempt)
    assert [one.kind for one in events.new_events(EARLIER, now=NOON) if one.person_id == attempt.person_id] == [
        "enrolled"
    ] or not events.new_events(EARLIER, now=NOON)
    quiz.mark(attempt, "pelajaran")
    found = [one for one in events.new_events(EARLIER, now=NOON) if one.kind in ("graded", "regraded")]
    assert [(one.person_id, one.link) for one in found] == [(attempt.person_id, f"/attempts/{attempt.id}/review")]
    assert "Kuis esai" in wording.translate("graded", found[0].facts).title
    quiz.mark(attempt, "pelajaran", points=1, seen=1, reason="Salah hitung.")
    again = [one.kind for one in events.new_events(EARLIER, now=NOON) if one.kind in ("graded", "regraded")]
    assert sorted(again) == ["graded", "regraded"]


def test_who_may_mark(client, quiz):
    attempt = quiz.attempt()
    own = quiz.attempt(quiz.enrolment())
    grant(person_of(own), "instructor", course=quiz.course)
    db.session.flush()
    client.sign_in(person_of(own))
    assert client.get(essay_path(attempt)).status_code == 200 and client.get(essay_path(own)).status_code == 403
    other = make_person()
    grant(other, "instructor", course=make_essay_world().course)
    client.sign_in(other)
    assert client.get(essay_path(attempt)).status_code == 404
    client.sign_in(make_admin())
    assert save(client, attempt, level_0=0, level_1=0).location == f"/teach/attempts/{attempt.id}#q2"
    entry = db.session.scalars(select(LedgerEntry).where(LedgerEntry.verb == "mark answer")).one()
    assert "admin" in entry.facts


@pytest.mark.parametrize("position", [0, 1, 3, 4])
def test_what_is_no_answered_essay_has_no_page(client, quiz, position):
    attempt = quiz.attempt()
    client.sign_in(quiz.teacher)
    assert client.get(essay_path(attempt, position)).status_code == 404


def test_the_instructors_page_of_an_attempt_leads_there_and_back(client, quiz):
    attempt = quiz.attempt()
    client.sign_in(quiz.teacher)
    page = client.text(f"/teach/attempts/{attempt.id}")
    assert "Menunggu penilaian" in page and essay_path(attempt) in page
    quiz.mark(attempt)
    page = client.text(f"/teach/attempts/{attempt.id}")
    assert "Perbaiki nilai" in page and "65" in page
    token = csrf_token(page)
    marked = client.post(
        f"/teach/attempts/{attempt.id}/2/mark", data={"csrf_token": token, "points": "1", "reason": "x"}
    )
    assert marked.status_code == 404


def test_analysis_leaves_them_out_and_the_list_of_attempts_says_that_they_wait(client, quiz):
    waiting, marked = quiz.attempt(), quiz.attempt(lesson="Banyak.")
    quiz.mark(marked), quiz.mark(marked, "pelajaran")
    client.sign_in(quiz.teacher)
    page = client.text(f"/teach/courses/{quiz.course.slug}/items/kuis/analysis")
    assert "1 percobaan tidak ikut dihitung" in page and "1 percobaan dihitung" in page
    attempts = client.text(f"/teach/courses/{quiz.course.slug}/items/kuis/attempts")
    assert attempts.count("menunggu penilaian") == 1 and "Data antrean dicatat dulu." in attempts
    assert client.get(f"/teach/courses/{quiz.course.slug}/items/kuis/attempts.xlsx").status_code == 200
    assert waiting.score is None


def test_the_gradebook_shows_that_it_waits(client, quiz):
    quiz.attempt()
    client.sign_in(quiz.teacher)
    page = client.text(f"/teach/courses/{quiz.course.slug}/gradebook")
    assert "◷" in page and "/teach/grading" in page
    assert client.get(f"/teach/courses/{quiz.course.slug}/gradebook.xlsx").status_code == 200


def test_practice_says_that_nobody_marks_it(client, session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    quiz = make_essay_world(ESSAYS, "attempts: 1\n")
    attempt = quiz.attempt(plan=None)
    client.sign_in(person_of(attempt))
    path = client.post_form(f"/courses/{quiz.course.slug}/kuis/practice", page=f"/courses/{quiz.course.slug}/kuis")
    path = path.location.rpartition("/")[0]
    client.post_form(f"{path}/2", text="Latihan.")
    client.post_form(f"{path}/submit", page=path)
    assert "tidak dinilai siapa pun" in client.text(f"{path}/review")


def test_on_paper_there_are_lines_to_write_on(client, quiz):
    client.sign_in(quiz.teacher)
    page = client.text(f"/teach/courses/{quiz.course.slug}/print")
    assert page.count("<hr>") == 16 and "Dapat dimulai besok" in page and "<textarea" not in page
