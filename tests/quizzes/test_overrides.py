"""Other limits for one person or one cohort: which one holds, what is renewed, and what pages say of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from factories import NOON, grant, item_of, make_cohort, make_course, make_enrolment, make_item_context, make_person
from pages import csrf_token, html_of, text_of
from query_counting import counted
from quiz_factories import MINUTE, a_quiz
from quiz_factories import content as quiz_content
from sqlalchemy import select

from lms.content.stored import load_when
from lms.core import clock
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.enrolment import services as enrolling
from lms.enrolment.windows import DateOverride, Window
from lms.learning.models import Progress
from lms.learning.queries.enrolments import enrolment_rules
from lms.notices.services import events
from lms.people.models import Person
from lms.quizzes import jobs, queries
from lms.quizzes import services as quizzes
from lms.quizzes.models import AttemptRequest, QuizOverride
from lms.quizzes.overrides import (
    OverrideRow,
    Overrides,
    OverrideValues,
    applied,
    attempt_limits,
    overrides_at,
    with_extra_time,
)
from lms.quizzes.services import overrides
from lms.quizzes.services.overrides import AlreadyAnswered, ClosesBeforeItOpens, LimitsChanged, StartsAnyway

HOUR = timedelta(hours=1)
AT_ONE = {"base": "end", "moment": None, "days": 0, "at": "13:00"}
"""An hour after NOON on the site's clock."""


# Which value holds


@pytest.mark.parametrize(
    ("person", "cohort", "value", "source"),
    [
        (None, None, 2, "quiz"),
        (None, 5, 5, "cohort"),
        (3, None, 3, "person"),
        (3, 5, 3, "person"),
        (0, 5, None, "person"),
        (None, 0, None, "cohort"),
    ],
)
@pytest.mark.parametrize("name", ["attempts", "time_limit"])
def test_a_persons_limit_goes_before_the_cohorts_and_that_before_the_quizs(person, cohort, value, source, name):
    own = Overrides(person=OverrideValues(**{name: person}), cohort=OverrideValues(**{name: cohort}))
    assert getattr(attempt_limits(replace(a_quiz(), **{name: 2}), own), name) == (value, source)


def test_each_limit_is_looked_up_by_itself():
    own = Overrides(person=OverrideValues(attempts=9), cohort=OverrideValues(time_limit=60))
    quiz = applied(a_quiz(attempts=1, time_limit=600), own)
    assert (quiz.attempts, quiz.time_limit) == (9, 60)


@pytest.mark.parametrize(
    ("person", "everywhere", "cohort", "percent"),
    [(None, None, None, 0), (None, None, 10, 10), (None, 20, 10, 20), (30, 20, 10, 30), (0, 20, 10, 0)],
)
def test_extra_time_at_one_quiz_goes_before_that_at_all_and_that_before_the_cohorts(
    person, everywhere, cohort, percent
):
    own = Overrides(*(OverrideValues(extra_time=one) for one in (person, everywhere, cohort)))
    limits = attempt_limits(a_quiz(time_limit=1000), own)
    assert limits.extra_time.value == percent
    assert limits.time_limit.value == 1000 + 10 * percent


@pytest.mark.parametrize(
    ("seconds", "percent", "with_extra"), [(60, 50, 90), (61, 50, 92), (100, 0, 100), (90, 33, 120)]
)
def test_extra_time_is_rounded_up_to_whole_seconds(seconds, percent, with_extra):
    assert with_extra_time(seconds, percent) == with_extra


def test_extra_time_adds_nothing_where_there_is_no_limit():
    assert applied(a_quiz(), Overrides(person=OverrideValues(extra_time=50))).time_limit is None


def test_a_further_attempt_counts_beyond_what_the_person_has_otherwise():
    further = OverrideValues(further_attempts=1)
    assert applied(a_quiz(attempts=2), Overrides(person=further)).attempts == 3
    assert applied(a_quiz(attempts=2), Overrides(person=further, cohort=OverrideValues(attempts=4))).attempts == 5
    assert applied(a_quiz(attempts=None), Overrides(person=further)).attempts is None


def test_who_was_given_nothing_has_the_quiz_itself():
    quiz = a_quiz(attempts=2)
    assert applied(quiz, Overrides()) is quiz


def test_the_newest_row_of_each_target_holds_whatever_their_order():
    rows = [
        OverrideRow(1, None, 5, 2, OverrideValues(attempts=2)),
        OverrideRow(1, None, 5, 1, OverrideValues(attempts=1)),
        OverrideRow(1, None, 6, 3, OverrideValues(attempts=6)),
        OverrideRow(1, None, None, 1, OverrideValues(extra_time=25)),
        OverrideRow(None, 3, 5, 1, OverrideValues(attempts=4)),
    ]
    for order in (rows, rows[::-1]):
        found = overrides_at(5, order)
        assert (found.person.attempts, found.everywhere.extra_time, found.cohort.attempts) == (2, 25, 4)


@pytest.mark.parametrize(
    ("person", "cohort", "extended", "day", "source"),
    [
        (None, None, None, 3, "course"),
        (None, 1, None, 1, "cohort"),
        (None, 9, None, 9, "cohort"),
        (2, None, None, 2, "person"),
        (2, 9, None, 2, "person"),
        (8, 1, None, 8, "person"),
        (None, None, 5, 5, "extension"),
        (None, None, 2, 3, "course"),
        (None, 1, 5, 5, "extension"),
        (2, 9, 5, 5, "extension"),
        (8, 1, 5, 8, "person"),
    ],
)
def test_a_closing_moment_is_the_persons_the_cohorts_or_the_courses_and_never_before_an_extension(
    person, cohort, extended, day, source
):
    """In days after NOON."""

    def at_noon(count):
        return None if count is None else NOON + count * 24 * HOUR

    window = Window(
        NOON.date(),
        at_noon(3).date(),
        "Asia/Jayapura",
        extended_until=at_noon(extended).date() if extended else None,
        of_cohort=(DateOverride(7, None, at_noon(cohort)),),
        of_person=(DateOverride(7, None, at_noon(person)),),
    )
    when = load_when(AT_ONE)
    moment, found = window.sourced_moment(7, when, "closes")
    assert (moment.date(), found) == (at_noon(day).date(), source)
    assert window.item_moment(8, when, "closes") == window.moment(when, "closes")


# Giving


@pytest.fixture
def cohort(session):
    quiz = {"slug": "kuis", "type": "quiz", "content": quiz_content(attempts=1, time_limit=600), "closes": AT_ONE}
    other = {"slug": "kuis-lain", "type": "quiz", "content": quiz_content(time_limit=600)}
    course = make_course("pelatihan", items=(quiz, other))
    return make_cohort(course, starts_on=NOON.date() - timedelta(days=7), ends_on=NOON.date())


def take_part(cohort):
    return make_enrolment(make_person(), cohort.course, cohort=cohort, due_on=cohort.ends_on)


def context_of(enrolment, slug="kuis"):
    window = enrolment_rules([enrolment.id], "Asia/Jayapura")[enrolment.id].window
    return make_item_context(enrolment, item_of(enrolment.cohort.course, slug), window=window)


def start(enrolment, slug="kuis", now=NOON):
    return quizzes.start_attempt(context_of(enrolment, slug), seed=1, now=now)


def give(enrolment, seen=0, actor=None, **values):
    item = item_of(enrolment.cohort.course, "kuis").item_id
    given = OverrideValues(**values)
    return overrides.override_for_person(enrolment, item, given, "Sakit", seen=seen, actor_id=actor, now=NOON)


def give_cohort(cohort, seen=0, **values):
    item = item_of(cohort.course, "kuis").item_id
    given = OverrideValues(**values)
    return overrides.override_for_cohort(cohort, item, given, "Listrik padam", seen=seen, actor_id=None, now=NOON)


def further(enrolment, seen=0, closes_at=None, now=NOON):
    item = item_of(enrolment.cohort.course, "kuis").item_id
    return overrides.give_further_attempt(
        enrolment, item, closes_at, "Listrik padam", seen=seen, actor_id=None, now=now
    )


def test_an_attempt_starts_with_the_limits_of_its_person(session, cohort):
    one, other = take_part(cohort), take_part(cohort)
    give(one, extra_time=50)
    assert start(one).deadline_at == NOON + 15 * MINUTE
    assert start(other).deadline_at == NOON + 10 * MINUTE


def test_time_that_is_granted_moves_the_end_of_a_running_attempt(session, cohort):
    enrolment = take_part(cohort)
    attempt = start(enrolment)
    give(enrolment, extra_time=50)
    assert attempt.deadline_at == NOON + 15 * MINUTE
    give(enrolment, seen=1, time_limit=60)
    assert attempt.deadline_at == NOON + 15 * MINUTE  # never earlier than it was shown


def test_time_granted_to_a_cohort_moves_the_ends_of_its_running_attempts_alone(session, cohort):
    elsewhere = make_cohort(cohort.course, starts_on=cohort.starts_on, ends_on=cohort.ends_on)
    attempt, other = start(take_part(cohort)), start(take_part(elsewhere))
    give_cohort(cohort, time_limit=1200)
    assert attempt.deadline_at == NOON + 20 * MINUTE
    assert other.deadline_at == NOON + 10 * MINUTE


def test_extra_time_at_all_quizzes_holds_at_each(session, cohort):
    enrolment = take_part(cohort)
    running = start(enrolment, "kuis-lain")
    overrides.give_extra_time(enrolment, 100, "Tunanetra", seen=0, actor_id=None, now=NOON)
    assert running.deadline_at == NOON + 20 * MINUTE
    assert start(enrolment).deadline_at == NOON + 20 * MINUTE


def test_an_attempt_whose_time_was_extended_is_not_handed_in_by_the_job(session, cohort, monkeypatch):
    enrolment = take_part(cohort)
    attempt = start(enrolment)
    give(enrolment, extra_time=100)
    db.session.commit()
    monkeypatch.setattr(clock, "now", lambda: NOON + 15 * MINUTE)
    assert jobs.submit_overdue_attempts() == 0
    monkeypatch.setattr(clock, "now", lambda: NOON + 22 * MINUTE)
    assert jobs.submit_overdue_attempts() == 1
    db.session.refresh(attempt)
    assert attempt.submitted_by == "deadline"


def test_a_closed_quiz_opens_again_for_whom_it_closes_later(session, cohort):
    one, other = take_part(cohort), take_part(cohort)
    give(one, closes_at=NOON + 5 * HOUR)
    now = NOON + 2 * HOUR
    assert start(one, now=now).deadline_at == now + 10 * MINUTE
    with pytest.raises(quizzes.QuizClosed):
        start(other, now=now)


def test_of_an_extension_and_a_closing_moment_the_later_holds(session, cohort):
    enrolment = take_part(cohort)
    give(enrolment, closes_at=NOON + 5 * HOUR)
    enrolling.extend([enrolment], NOON.date() + timedelta(days=2), "Sakit", actor_id=None, now=NOON)
    assert context_of(enrolment).closes_at.date() == NOON.date() + timedelta(days=2)


def test_a_further_attempt_can_be_taken_and_the_item_is_no_longer_failed_for_good(session, cohort):
    enrolment = take_part(cohort)
    quizzes.submit_attempt(start(enrolment), now=NOON + MINUTE)
    progress = db.session.scalars(select(Progress).where(Progress.enrolment_id == enrolment.id)).one()
    assert (progress.state, progress.is_final) == ("failed", True)
    with pytest.raises(quizzes.NoAttemptsLeft):
        start(enrolment, now=NOON + 2 * MINUTE)
    further(enrolment)
    db.session.refresh(progress)
    assert not progress.is_final
    again = start(enrolment, now=NOON + 2 * MINUTE)
    assert again.number == 2
    quizzes.submit_attempt(again, now=NOON + 3 * MINUTE)
    db.session.refresh(progress)
    assert progress.is_final


def test_other_limits_leave_the_further_attempts_that_were_given(session, cohort):
    enrolment = take_part(cohort)
    further(enrolment)
    give(enrolment, seen=1, attempts=3)
    assert queries.quiz_for(enrolment.id, item_of(cohort.course, "kuis").item_id, a_quiz()).attempts == 4


def test_taking_limits_back_leaves_what_the_quiz_says(session, cohort):
    enrolment = take_part(cohort)
    give(enrolment, closes_at=NOON + 5 * HOUR, extra_time=50)
    give(enrolment, seen=1)
    assert context_of(enrolment).closes_at == NOON + HOUR
    assert enrolment.item_dates is None
    assert start(enrolment).deadline_at == NOON + 10 * MINUTE


def test_a_double_click_gives_one_further_attempt(session, cohort):
    enrolment = take_part(cohort)
    assert further(enrolment)
    assert not further(enrolment)
    assert db.session.scalars(select(QuizOverride)).one().further_attempts == 1


def test_who_is_slower_is_told_that_the_limits_have_changed(session, cohort):
    enrolment = take_part(cohort)
    give(enrolment, attempts=3)
    with pytest.raises(LimitsChanged):
        give(enrolment, attempts=4)
    assert queries.overrides_of(enrolment.id, item_of(cohort.course, "kuis").item_id).person.attempts == 3


def test_a_quiz_does_not_close_before_it_opens(session, cohort):
    with pytest.raises(ClosesBeforeItOpens):
        give(take_part(cohort), opens_at=NOON + HOUR, closes_at=NOON)


def test_the_ledger_says_who_gave_what_and_why(session, cohort):
    actor = make_person()
    enrolment = take_part(cohort)
    give(enrolment, actor=actor.id, attempts=3, closes_at=NOON + HOUR)
    entry = db.session.scalars(select(LedgerEntry).where(LedgerEntry.verb == "override quiz")).one()
    assert (entry.actor_id, entry.target) == (actor.id, f"enrolment:{enrolment.id}")
    assert '"attempts": 3' in entry.facts
    assert '"reason": "Sakit"' in entry.facts


def test_saving_an_answer_asks_nothing_more_of_who_has_other_limits(session, cohort):
    enrolment = take_part(cohort)
    give(enrolment, extra_time=50, attempts=5)
    attempt = start(enrolment)
    quiz = quizzes.quiz_of(attempt)
    question = quiz.question(attempt.selection[0]["id"])
    row = queries.attempt_row_for_update(attempt.id, attempt.person_id)
    with counted() as statements:
        quizzes.save_answer(row, question, quizzes.Response(frozenset("a")), now=NOON + MINUTE)
    assert not any("quiz_override" in one for one in statements), statements


# Asking


def test_who_has_no_attempt_left_asks_once_and_the_answer_is_told(session, cohort):
    enrolment = take_part(cohort)
    quizzes.submit_attempt(start(enrolment), now=NOON + MINUTE)
    now = NOON + 2 * MINUTE
    assert overrides.ask_for_attempt(context_of(enrolment), "Listrik padam", now=now)
    assert not overrides.ask_for_attempt(context_of(enrolment), "Lagi", now=now)
    asked = db.session.scalars(select(AttemptRequest)).one()
    overrides.refuse_request(asked, "Waktu sudah habis", actor_id=None, now=now)
    assert asked.is_granted is False
    with pytest.raises(AlreadyAnswered):
        overrides.refuse_request(asked, "Tidak", actor_id=None, now=now)


def test_a_further_attempt_grants_the_request_and_the_next_situation_can_be_asked_about(session, cohort):
    enrolment = take_part(cohort)
    quizzes.submit_attempt(start(enrolment), now=NOON + MINUTE)
    overrides.ask_for_attempt(context_of(enrolment), "Listrik padam", now=NOON + 2 * MINUTE)
    further(enrolment, now=NOON + 3 * MINUTE)
    assert db.session.scalars(select(AttemptRequest.is_granted)).one() is True
    quizzes.submit_attempt(start(enrolment, now=NOON + 4 * MINUTE), now=NOON + 5 * MINUTE)
    assert overrides.ask_for_attempt(context_of(enrolment), "Sekali lagi", now=NOON + 6 * MINUTE)


def test_who_can_start_has_nothing_to_ask_for(session, cohort):
    with pytest.raises(StartsAnyway):
        overrides.ask_for_attempt(context_of(take_part(cohort)), "Boleh?", now=NOON)


def test_those_concerned_are_told(session, cohort):
    grant(teacher := make_person(), "instructor", course=cohort.course)
    one, other = take_part(cohort), take_part(cohort)
    quizzes.submit_attempt(start(one), now=NOON + MINUTE)
    overrides.ask_for_attempt(context_of(one), "Listrik padam", now=NOON + 2 * MINUTE)
    since, now = NOON - MINUTE, NOON + 3 * MINUTE
    asked = [told for told in events.new_events(since, now=now) if told.kind == "attempt-asked"]
    assert [told.person_id for told in asked] == [teacher.id]
    assert asked[0].link == f"/teach/courses/pelatihan/people/{one.id}/kuis"
    further(one, now=now)
    give_cohort(cohort, time_limit=1200)
    told = [told for told in events.new_events(since, now=now) if told.kind == "quiz-limits"]
    assert sorted(one.person_id for one in told) == sorted([one.person_id, one.person_id, other.person_id])
    assert {told.facts["further"] for told in told} == {0, 1}


# Pages


@pytest.fixture
def teacher(client, cohort, at) -> Person:
    grant(person := make_person(), "instructor", course=cohort.course)
    client.sign_in(person)
    return person


def page_of(enrolment):
    return f"/teach/courses/pelatihan/people/{enrolment.id}/kuis"


def post(client, page, path, **values):
    token = csrf_token(html_of(client.get("/language")))
    return client.post(page + path, data={"csrf_token": token} | values)


def test_an_instructor_sees_why_somebody_cannot_start_and_from_where_each_rule_comes(client, teacher, cohort, at):
    enrolment = take_part(cohort)
    quizzes.submit_attempt(start(enrolment), now=NOON + MINUTE)
    page = text_of(client.get(page_of(enrolment)))
    assert "Belum dapat memulai percobaan sekarang" in page
    assert "1 dari 1 terpakai ✗ mencegah mulai" in page
    further(enrolment)
    page = text_of(client.get(page_of(enrolment)))
    assert "Dapat memulai percobaan sekarang" in page
    assert "untuk peserta ini" in page
    at(90)
    assert "Belum dapat memulai percobaan sekarang" in text_of(client.get(page_of(enrolment)))


def test_an_instructor_gives_limits_from_the_page_and_the_learners_page_says_so(client, app, teacher, cohort):
    enrolment = take_part(cohort)
    answer = post(
        client,
        page_of(enrolment),
        "/limits",
        **{"limits-extra_time": "50", "limits-reason": "Tunanetra", "limits-seen": "0"},
    )
    assert answer.status_code == 302
    assert "50% waktu tambahan" in text_of(client.get(page_of(enrolment)))
    learner = app.test_client().sign_in(db.session.get(Person, enrolment.person_id))
    page = text_of(learner.get("/courses/pelatihan/kuis"))
    assert "15 menit (diatur untuk Anda)" in page


def test_what_cannot_be_is_sent_back_with_what_was_typed(client, teacher, cohort):
    enrolment = take_part(cohort)
    values = {"limits-opens_at": "2026-11-24T09:00", "limits-closes_at": "2026-11-24T08:00", "limits-reason": "Sakit"}
    answer = post(client, page_of(enrolment), "/limits", **values)
    assert answer.status_code == 422
    assert 'value="2026-11-24T08:00"' in html_of(answer)
    answer = post(client, page_of(enrolment), "/limits", **{"limits-attempts": "-1", "limits-closes_at": "besok"})
    assert answer.status_code == 422
    assert db.session.scalars(select(QuizOverride)).all() == []


def test_a_closed_quiz_needs_a_new_closing_moment_with_the_further_attempt(client, teacher, cohort, at):
    enrolment = take_part(cohort)
    at(90)
    values = {"further-reason": "Listrik padam", "further-seen": "0"}
    assert post(client, page_of(enrolment), "/further-attempt", **values).status_code == 422
    values["further-closes_at"] = "2026-11-23T18:00"
    assert post(client, page_of(enrolment), "/further-attempt", **values).status_code == 302
    assert context_of(enrolment).closes_at == NOON + 6 * HOUR


def test_an_instructor_gives_a_cohort_other_limits(client, teacher, cohort):
    page = f"/teach/courses/pelatihan/quizzes/kuis/limits/cohorts/{cohort.id}"
    assert post(client, page, "", attempts="4", reason="Listrik padam", seen="0").status_code == 302
    assert "4 percobaan seluruhnya" in text_of(client.get("/teach/courses/pelatihan/quizzes/kuis/limits"))
    assert start(take_part(cohort)).number == 1


def test_nobody_gives_themselves_other_limits(client, teacher, cohort):
    enrolment = make_enrolment(teacher, cohort.course, cohort=cohort)
    answer = post(client, page_of(enrolment), "/further-attempt", **{"further-reason": "Saya", "further-seen": "0"})
    assert answer.status_code == 403


def test_a_learner_asks_on_the_page_and_reads_the_answer_there(client, app, teacher, cohort, at):
    enrolment = take_part(cohort)
    quizzes.submit_attempt(start(enrolment), now=NOON + MINUTE)
    learner = app.test_client().sign_in(db.session.get(Person, enrolment.person_id))
    quiz = "/courses/pelatihan/kuis"
    assert "Minta percobaan tambahan" in text_of(learner.get(quiz))
    assert post(learner, f"{quiz}/further-attempt", "", reason="").status_code == 422
    assert post(learner, f"{quiz}/further-attempt", "", reason="Listrik padam").status_code == 302
    assert "belum menjawab" in text_of(learner.get(quiz))
    assert "Listrik padam" in text_of(client.get("/teach/courses/pelatihan/quizzes/kuis/limits"))
    refused = post(client, page_of(enrolment), "/refuse", **{"refuse-answer": "Batas sudah lewat"})
    assert refused.status_code == 302
    assert "Batas sudah lewat" in text_of(learner.get(quiz))


def test_the_open_page_learns_of_time_that_was_granted(client, cohort, at):
    enrolment = take_part(cohort)
    attempt = start(enrolment)
    client.sign_in(db.session.get(Person, enrolment.person_id))
    path = f"/attempts/{attempt.id}"
    at(4)
    assert client.get(f"{path}/time").json["seconds"] == 360
    give(enrolment, extra_time=50)
    assert client.get(f"{path}/time").json["seconds"] == 660
    token = csrf_token(html_of(client.get("/language")))
    data = {"csrf_token": token, "picked": "a", "turn": "halaman.1"}
    saved = client.post(f"{path}/1", data=data, headers={"X-Requested-With": "fetch"})
    assert saved.json["time"]["seconds"] == 660


def test_a_later_opening_locks_the_quiz_for_the_person_and_an_earlier_one_opens_it(client, app, session):
    quiz = {"slug": "kuis", "type": "quiz", "content": quiz_content(), "opens": AT_ONE}
    today = clock.now().date()
    cohort = make_cohort(make_course("pelatihan", items=(quiz,)), starts_on=today, ends_on=today + timedelta(days=20))
    enrolment = take_part(cohort)
    learner = app.test_client().sign_in(db.session.get(Person, enrolment.person_id))
    assert "Materi ini belum terbuka" in text_of(learner.get("/courses/pelatihan/kuis"))
    give(enrolment, opens_at=clock.now() - HOUR)
    assert "Kerjakan kuis" in text_of(learner.get("/courses/pelatihan/kuis"))
