"""Practice at a quiz where no attempt is left, and drawing for the next attempt."""

from __future__ import annotations

import re

import pytest
from factories import NOON, make_enrolment, make_person
from pages import csrf_token, html_of
from quiz_factories import MINUTE, a_quiz, question_json, quiz_context
from sqlalchemy import func, select

from lms.core.db import db
from lms.enrolment.models import Enrolment
from lms.learning.models import EnrolmentState, Grade, Progress
from lms.people.models import Person
from lms.quizzes import queries, services
from lms.quizzes.models import Answer, Attempt
from lms.quizzes.responses import Response
from lms.quizzes.services import practice
from lms.quizzes.services.overrides import give_further_attempt
from lms.quizzes.services.practice import NoPractice


def used_up(**values):
    """The context of somebody whose only attempt was handed in without an answer."""
    context = quiz_context(**{"attempts": 1} | values)
    services.submit_attempt(services.start_attempt(context, seed=1, now=NOON), now=NOON + MINUTE)
    return context


def practise(context, minutes=2):
    return practice.start_practice(context, seed=2, now=NOON + minutes * MINUTE)


def results():
    """All that a mark could have changed."""
    tables = Grade, Progress, EnrolmentState
    return [[dict(row) for row in db.session.execute(select(one.__table__)).mappings()] for one in tables]


def answer_all(attempt):
    for one, answer in zip(attempt.selection, (frozenset("a"), frozenset("ab"), "satu"), strict=True):
        question = services.quiz_of(attempt).question(one["id"])
        services.save_answer(attempt, question, Response(answer), now=NOON + 3 * MINUTE)


def test_practice_saves_answers_like_an_attempt_and_changes_no_mark_and_no_progress(session):
    context = used_up()
    before = results()
    attempt = practise(context)
    answer_all(attempt)
    assert db.session.scalar(select(func.count()).where(Answer.attempt_id == attempt.id)) == 3
    services.submit_attempt(attempt, now=NOON + 4 * MINUTE)
    assert attempt.score == 100
    assert results() == before


def test_practice_is_no_attempt_that_counts(session):
    context = used_up()
    services.submit_attempt(practise(context), now=NOON + 4 * MINUTE)
    found = queries.attempts_at_quiz(context.enrolment_id, context.item_revision.item_id)
    assert [one.number for one in found.counted] == [1]
    assert [one.number for one in found.practice] == [-1]
    assert [one.number for one in queries.attempts_of_enrolment(context.enrolment_id)] == [1]


def test_practice_has_no_end_and_a_double_click_starts_one(session):
    context = used_up(time_limit=600)
    attempt = practise(context)
    assert attempt.deadline_at is None
    assert practise(context, 3).id == attempt.id
    services.submit_attempt(attempt, now=NOON + 4 * MINUTE)
    assert practise(context, 5).number == -2


@pytest.mark.parametrize("values", [{"attempts": 2}, {"attempts": None}, {"review": "ujian"}])
def test_there_is_no_practice_while_an_attempt_is_left_nor_in_an_exam(session, values):
    context = used_up(**values)
    with pytest.raises(NoPractice):
        practise(context)


def test_there_is_no_practice_before_the_first_attempt(session):
    with pytest.raises(NoPractice):
        practise(quiz_context(attempts=1))


def test_a_further_attempt_ends_running_practice_and_is_numbered_after_those_that_count(session):
    context = used_up()
    attempt = practise(context)
    answer_all(attempt)
    enrolment = db.session.get_one(Enrolment, context.enrolment_id)
    item_id = context.item_revision.item_id
    give_further_attempt(enrolment, item_id, None, "Listrik padam", seen=0, actor_id=None, now=NOON + 3 * MINUTE)
    counted = services.start_attempt(context, seed=3, now=NOON + 5 * MINUTE)
    assert (counted.number, counted.is_practice) == (2, False)
    db.session.refresh(attempt)
    assert attempt.submitted_at == NOON + 5 * MINUTE
    with pytest.raises(NoPractice):
        practise(context, 6)


def test_the_next_attempt_draws_what_the_learner_has_not_had(session):
    questions = [question_json(f"q{number}") for number in range(10)]
    context = quiz_context(questions, draw={"": 5})
    drawn = []
    for number in range(2):
        attempt = services.start_attempt(context, seed=number, now=NOON + number * MINUTE)
        drawn += [one["id"] for one in attempt.selection]
        services.submit_attempt(attempt, now=NOON + number * MINUTE)
    assert sorted(drawn) == sorted(one.id for one in a_quiz(questions).questions)


# Pages


def test_practice_is_offered_taken_and_shown_apart(client, session, at):
    context = used_up()
    client.sign_in(db.session.get(Person, context.person_id))
    home = f"/courses/{context.course_slug}/kuis"
    at(5)
    assert "Latihan" in html_of(client.get(home))
    token = csrf_token(html_of(client.get("/language")))
    started = client.post(f"{home}/practice", data={"csrf_token": token})
    path = re.match(r"/attempts/\d+", started.location)[0]
    assert client.post_form(f"{path}/1", go="next", answer="a").status_code == 302
    assert "latihan" in html_of(client.get(path))
    client.post(f"{path}/submit", data={"csrf_token": token})
    page = html_of(client.get(f"{path}/review"))
    assert "Latihan tidak mengubah nilai Anda" in page
    assert "Latihan 1" in html_of(client.get(home))


def test_nobody_practises_in_a_course_that_they_do_not_take(client, session, at):
    context = used_up()
    client.sign_in(other := make_person())
    make_enrolment(other)
    token = csrf_token(html_of(client.get("/language")))
    answer = client.post(f"/courses/{context.course_slug}/kuis/practice", data={"csrf_token": token})
    assert answer.status_code == 404
    assert db.session.scalar(select(func.count()).where(Attempt.is_practice)) == 0
