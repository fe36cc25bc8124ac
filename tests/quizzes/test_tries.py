"""``feedback: tries``: a hint and a penalty for each wrong try, one try more than hints."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from factories import NOON
from hypothesis import given
from hypothesis import strategies as st
from pages import csrf_token
from quiz_factories import MINUTE, a_question, a_quiz, question_json, quiz_context
from sqlalchemy import select

from lms.core.db import db
from lms.people.models import Person
from lms.quizzes import queries, services
from lms.quizzes.models import Answer
from lms.quizzes.responses import NO_RESPONSE, Response, checked_response, from_json, to_json, with_tries_of
from lms.quizzes.scoring import share

THIRD = Fraction(1, 3)
HINTS = ["<p>Baca pasal satu.</p>", "<p>Pilihan pertama.</p>"]
RIGHT, WRONG, OTHER = frozenset("a"), frozenset("b"), frozenset("c")


def try_all(question, *answers, penalty=THIRD):
    stored = NO_RESPONSE
    for answer in answers:
        stored = checked_response(Response(answer), stored, question, penalty)
    return stored


@pytest.mark.parametrize(
    ("answers", "earned", "is_final"),
    [
        ([RIGHT], 1, True),
        ([WRONG, RIGHT], 2 * THIRD, True),
        ([WRONG, OTHER, RIGHT], THIRD, True),
        ([WRONG], 0, False),
        ([WRONG, OTHER], 0, False),
        ([WRONG, OTHER, WRONG], 0, True),
    ],
)
def test_each_wrong_try_costs_the_penalty_and_the_last_one_locks(answers, earned, is_final):
    question = a_question(hints_html=HINTS)
    found = try_all(question, *answers)
    assert (share(question, found), found.is_final) == (earned, is_final)


def test_a_part_of_the_points_on_the_last_try_is_less_what_the_tries_before_cost():
    """As in Moodle: the share of the last answer less the penalty of each failed try, and never below nothing."""
    question = a_question(kind="multiple", correct="ab", scoring="each-answer", hints_html=HINTS[:1])
    half = frozenset("ac")
    assert question.score(half) == Fraction(1, 2)
    assert share(question, try_all(question, frozenset("cd"), half)) == Fraction(1, 2) - THIRD
    assert share(question, try_all(question, frozenset("cd"), half, penalty=Fraction(1))) == 0


def test_the_same_answer_again_costs_nothing_more():
    question = a_question(hints_html=HINTS)
    assert try_all(question, WRONG, WRONG, WRONG) == try_all(question, WRONG)


def test_an_answer_that_is_not_checked_keeps_what_was_failed_before():
    question = a_question(hints_html=HINTS)
    failed = try_all(question, WRONG)
    assert share(question, with_tries_of(failed, Response(RIGHT))) == 2 * THIRD
    assert not with_tries_of(failed, Response(RIGHT)).is_checked
    assert with_tries_of(failed, Response(WRONG)) == failed


def test_without_hints_there_is_one_try():
    assert try_all(a_question(), WRONG).is_final


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=6), st.fractions(0, 1))
def test_what_is_earned_is_never_negative_and_never_more_with_a_failed_try_more(picked, penalty):
    question = a_question(hints_html=HINTS)
    stored, earned = NO_RESPONSE, Fraction(1)
    for one in picked:
        if stored.is_final:
            break
        stored = checked_response(Response(frozenset(one)), stored, question, penalty)
        possible = share(question, with_tries_of(stored, Response(RIGHT)))
        assert 0 <= share(question, stored) <= possible <= earned
        earned = possible


def test_tries_survive_being_stored():
    question = a_question(hints_html=HINTS)
    for answers in ([WRONG], [WRONG, OTHER], [WRONG, RIGHT], [RIGHT]):
        response = try_all(question, *answers)
        assert from_json(to_json(response, question), question) == response


def test_the_penalty_is_a_third_where_the_quiz_says_nothing():
    assert a_quiz(feedback="deferred").try_penalty == THIRD


# In an attempt


def start(**values):
    questions = [question_json("asas", hints_html=HINTS)]
    context = quiz_context(questions, **values)
    return context, services.start_attempt(context, seed=1, now=NOON)


@pytest.fixture
def with_tries(monkeypatch):
    """Stored content of the first version had no tries that worked; the quiz of these tests has."""
    from dataclasses import replace

    read = queries.quiz_of_revision
    monkeypatch.setattr(queries, "quiz_of_revision", lambda id: replace(read(id), feedback="tries"))


def answer(attempt, picked, minutes=1, **values):
    question = services.quiz_of(attempt).question("asas")
    return services.save_answer(attempt, question, Response(picked), now=NOON + minutes * MINUTE, **values)


def stored(attempt):
    return db.session.scalars(select(Answer.response).where(Answer.attempt_id == attempt.id)).one()


def test_points_are_those_of_the_last_try_less_the_penalties(session, with_tries):
    _context, attempt = start()
    answer(attempt, WRONG, 1, is_try=True)
    answer(attempt, RIGHT, 2, is_try=True)
    assert stored(attempt)["is_final"]
    assert answer(attempt, OTHER, 3).state == "locked"
    services.submit_attempt(attempt, now=NOON + 4 * MINUTE)
    assert str(attempt.score) == "66.67"


def test_a_right_answer_that_nobody_checked_counts_less_the_failed_tries(session, with_tries):
    _context, attempt = start()
    answer(attempt, WRONG, 1, is_try=True)
    answer(attempt, RIGHT, 2)
    services.submit_attempt(attempt, now=NOON + 3 * MINUTE)
    assert str(attempt.score) == "66.67"


@pytest.mark.parametrize("turns", [("", ""), ("halaman.1", "halaman.1")])
def test_a_double_click_on_check_is_one_try(session, with_tries, turns):
    _context, attempt = start()
    for turn in turns:
        answer(attempt, WRONG, is_try=True, client_seq=turn)
    assert stored(attempt)["failed"] == 1


def test_an_older_check_that_arrives_late_costs_nothing(session, with_tries):
    _context, attempt = start()
    answer(attempt, OTHER, 1, client_seq="halaman.2")
    answer(attempt, WRONG, 2, is_try=True, client_seq="halaman.1")
    assert "failed" not in stored(attempt)


def test_a_page_shows_one_hint_for_each_wrong_try_and_no_key(client, session, at, with_tries):
    context, attempt = start()
    db.session.commit()
    client.sign_in(db.session.get(Person, context.person_id))
    path, token = f"/attempts/{attempt.id}/1", csrf_token(client.get("/language").get_data(as_text=True))

    def check(picked):
        assert client.post(path, data={"csrf_token": token, "go": "check", "picked": picked}).status_code == 302
        return " ".join(re.sub(r"<[^>]+>", " ", client.get(path).get_data(as_text=True)).split())

    assert "Baca pasal satu" not in client.get(path).get_data(as_text=True)
    page = check("b")
    assert "Belum tepat." in page
    assert "Baca pasal satu." in page
    assert "Pilihan pertama." not in page
    assert "Tersisa 2 kali menjawab; yang berikutnya dapat memperoleh 0,67 dari 1 poin." in page
    assert "Pembahasan asas" not in page
    page = check("a")
    assert "pada jawaban ke-2: 0,67 dari 1 poin" in page
