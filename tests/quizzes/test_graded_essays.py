"""Essays that are marked already, in the grading queue; and who has an essay open."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from essay_world import make_essay_world
from factories import NOON, grant, make_person

from lms.people.models import Person
from lms.quizzes.queries import questions_as_marked
from lms.quizzes.services import marking

GRADED = "/teach/grading?show=graded"


@pytest.fixture
def quiz(session, time):
    time.now = NOON
    return make_essay_world()


def name_of(session, attempt) -> str:
    return session.get_one(Person, attempt.person_id).full_name


def list_path(quiz, question: str = "rencana") -> str:
    return f"/teach/grading/essays/of/{quiz.item_id}?question={question}"


def test_graded_essays_are_found_by_question(client, quiz, session):
    first, second = quiz.attempt(), quiz.attempt(lesson="Menulis.")
    client.sign_in(quiz.teacher)
    assert "essays/of" not in client.text(GRADED)
    quiz.mark(first)
    quiz.mark(second, now=NOON + timedelta(hours=1))
    page = client.text(GRADED)
    assert "2 jawaban sudah dinilai" in page
    assert list_path(quiz) in page
    assert "question=pelajaran" not in page
    listed = client.text(list_path(quiz))
    assert listed.index(name_of(session, second)) < listed.index(name_of(session, first))
    assert f"/teach/grading/essays/{first.id}/2" in listed
    assert "4,50 dari 6 poin" in listed
    assert "Guru Penilai" in listed


def test_a_correction_is_one_answer_with_its_newest_mark(client, quiz):
    attempt = quiz.attempt()
    quiz.mark(attempt)
    quiz.mark(attempt, picked={0: 0, 1: 0}, seen=1, reason="Keliru")
    client.sign_in(quiz.teacher)
    assert "1 jawaban sudah dinilai" in client.text(GRADED)
    listed = client.text(list_path(quiz))
    assert "6 dari 6 poin" in listed
    assert "4,5" not in listed


def test_the_filter_and_the_own_work_hold_here_too(client, quiz):
    attempt = quiz.attempt()
    quiz.mark(attempt)
    client.sign_in(quiz.teacher)
    assert "essays/of" in client.text(f"{GRADED}&course={quiz.course.slug}")
    assert "essays/of" not in client.text(f"{GRADED}&item={quiz.item_id + 1}")
    other = make_person()
    grant(other, "instructor", course=make_essay_world().course)
    assert client.sign_in(other).get(list_path(quiz)).status_code == 404
    assert client.get(list_path(quiz, "asas")).status_code == 404


def test_a_mark_by_hand_of_another_kind_is_no_essay(client, quiz, session):
    attempt = quiz.attempt(picked="b", plan=None)
    asked = questions_as_marked(attempt)["asas"]
    marking.mark_answer(attempt, asked, Decimal(1), "Terima.", seen=0, actor_id=quiz.teacher.id, now=NOON)
    assert "essays/of" not in client.sign_in(quiz.teacher).text(GRADED)


def test_who_has_an_essay_open_is_said_and_the_next_is_another(client, quiz, time):
    first, second, third = (quiz.attempt(now=NOON + timedelta(minutes=n)) for n in range(3))
    other = make_person(name="Penilai Dua")
    grant(other, "instructor", course=quiz.course)
    client.sign_in(other).text(f"/teach/grading/essays/{first.id}/2")
    time.passes(minutes=2)
    client.sign_in(quiz.teacher)
    queue = client.text("/teach/grading")
    assert "Penilai Dua membuka pengumpulan ini 2 menit yang lalu" in queue
    assert f"/teach/grading/essays/{second.id}/2" in queue
    assert "2 menit yang lalu" in client.text(f"/teach/grading/essays/{first.id}/2")
    path = f"/teach/grading/essays/{third.id}/2"
    values = {"level_0": "0", "level_1": "0", "seen": "0"}
    assert client.post_form(path, then="next", **values).location == f"/teach/grading/essays/{second.id}/2"
    path = f"/teach/grading/essays/{second.id}/2"
    answer = client.post_form(path, then="next", **values)
    assert answer.location == f"/teach/grading/essays/{first.id}/2"  # nothing else is left
    assert client.post_form(f"{path}/open", page=path).json["said"] == ""
