"""Starting, answering and handing in, with a database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from factories import NOON
from query_counting import counted
from quiz_factories import MINUTE, question_json, quiz_context, running
from sqlalchemy import select

from lms.core import clock
from lms.core.db import db
from lms.core.small_transactions import SomeFailed
from lms.courses.models import ItemRevision
from lms.journal import queries as journal
from lms.journal.fold import fold
from lms.learning.models import Grade, Progress
from lms.quizzes import jobs, queries, services
from lms.quizzes.models import Attempt
from lms.quizzes.responses import Response


def picks(text: str, **values) -> Response:
    return Response(frozenset(text) or None, **values)


def save(attempt, id="asas", response=None, *, now=NOON, **values):
    question = services.quiz_of(attempt).question(id)
    return services.save_answer(attempt, question, response or picks("a"), now=now, **values)


def kept(attempt, id="asas"):
    return queries.answers(attempt.id)[id].response


def events(attempt, kind="answer"):
    return [event for event in journal.events(f"attempt:{attempt.id}") if event.kind == kind]


def all_right(attempt, now=NOON):
    save(attempt, now=now)
    save(attempt, "prinsip", picks("ab"), now=now)
    save(attempt, "skm", Response("Satu"), now=now)


def progress(attempt):
    return db.session.scalars(select(Progress).where(Progress.enrolment_id == attempt.enrolment_id)).one()


def test_starting_selects_the_questions_and_tells_the_course(session):
    attempt = running()
    assert [one["id"] for one in attempt.selection] == ["asas", "prinsip", "skm"]
    assert (attempt.number, attempt.deadline_at, attempt.most_points) == (1, None, 3)
    assert progress(attempt).state == "started"


def test_starting_twice_gives_the_same_attempt(session):
    context = quiz_context(shuffle=["questions"])
    first = services.start_attempt(context, seed=1, now=NOON)
    assert services.start_attempt(context, seed=2, now=NOON + MINUTE) is first


def test_starting_at_the_same_moment_gives_one_attempt(app, session):
    context = quiz_context()
    revision_id, item_id = context.item_revision.id, context.item_revision.item_id
    session.commit()

    def start(seed: int) -> int:
        with app.app_context():
            mine = replace(context, item_revision=db.session.get(ItemRevision, revision_id))
            attempt = services.start_attempt(mine, seed=seed, now=NOON)
            db.session.commit()
            return attempt.id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(start, range(4)))) == 1
    assert len(queries.attempts_of(context.enrolment_id, item_id)) == 1


def test_the_deadline_is_the_time_limit_or_the_closing_moment(session):
    closes = {"base": "fixed", "moment": "2026-11-23T12:05:00", "days": 0, "at": "12:05"}
    attempt = running(time_limit=1200, closes=closes)
    assert attempt.deadline_at == NOON + 5 * MINUTE


def test_after_the_last_attempt_there_is_no_other(session):
    context = quiz_context(attempts=1)
    services.submit_attempt(running(context), now=NOON)
    with pytest.raises(services.NoAttemptsLeft) as refused:
        running(context)
    assert "1" in refused.value.text


def test_the_next_attempt_waits(session):
    context = quiz_context(wait=3600)
    services.submit_attempt(running(context), now=NOON)
    with pytest.raises(services.NextAttemptLater):
        services.start_attempt(context, seed=1, now=NOON + 59 * MINUTE)
    assert services.start_attempt(context, seed=1, now=NOON + 60 * MINUTE).number == 2


def test_a_closed_quiz_starts_no_more(session):
    context = quiz_context(closes={"base": "fixed", "moment": "2026-11-22T00:00:00", "days": 0, "at": None})
    with pytest.raises(services.QuizClosed):
        running(context)


def test_an_answer_is_an_event_and_a_row(session):
    attempt = running()
    assert save(attempt).state == "saved"
    assert kept(attempt) == {"picked": ["a"]}
    [entry] = journal.entries(f"attempt:{attempt.id}")
    assert entry.body == {"about": "asas", "response": {"picked": ["a"]}}


def test_a_changed_answer_adds_an_event_and_renews_the_row(session):
    attempt = running()
    seen = save(attempt).event_id
    save(attempt, response=picks("b"), base_event_id=seen)
    assert kept(attempt) == {"picked": ["b"]}
    assert len(events(attempt)) == 2


def test_the_same_answer_again_changes_nothing(session):
    attempt = running()
    first = save(attempt)
    assert save(attempt, now=NOON + MINUTE) == first
    assert len(events(attempt)) == 1


def test_a_question_left_open_leaves_no_trace(session):
    attempt = running()
    found = save(attempt, response=Response())
    assert (found.state, found.answered_at, events(attempt)) == ("saved", None, [])


def test_an_answer_can_be_taken_back(session):
    attempt = running()
    seen = save(attempt, "prinsip", picks("ab")).event_id
    save(attempt, "prinsip", Response(), base_event_id=seen)
    assert kept(attempt, "prinsip") == {"picked": []}


def test_an_untouched_second_tab_takes_nothing_back(session):
    attempt = running()
    save(attempt)
    save(attempt, response=Response(), base_event_id=None)
    assert kept(attempt) == {"picked": ["a"]}


def test_an_untouched_tab_that_shows_an_older_answer_takes_nothing_back(session):
    attempt = running()
    old = save(attempt).event_id
    save(attempt, response=picks("b"), base_event_id=old)
    save(attempt, response=picks("a"), base_event_id=old)
    assert kept(attempt) == {"picked": ["b"]}


@pytest.mark.parametrize("shown", ["a", ""])
def test_a_page_that_shows_an_older_answer_is_told(session, shown):
    attempt = running()
    old = save(attempt, response=picks(shown)).event_id
    save(attempt, response=picks("b"), base_event_id=old)
    assert save(attempt, response=picks(shown), base_event_id=old).state == "replaced"
    assert kept(attempt) == {"picked": ["b"]}


@pytest.mark.parametrize("turns", [("x.1", "x.2", "x.3"), ("w", "x", "x")], ids=["with a script", "without"])
def test_going_back_to_the_first_choice_after_a_lost_reply_counts(session, turns):
    """The page has never heard that its second choice arrived."""
    attempt = running()
    shown = save(attempt, response=picks("b"), client_seq=turns[0]).event_id
    save(attempt, response=picks("d"), client_seq=turns[1], base_event_id=shown)
    assert save(attempt, response=picks("b"), client_seq=turns[2], base_event_id=shown).state == "saved"
    assert kept(attempt) == {"picked": ["b"]}


def test_an_older_request_stays_older_when_the_answer_it_differs_from_was_there_before(session):
    attempt = running()
    shown = save(attempt, response=picks("b"), client_seq="w.1").event_id
    save(attempt, response=picks("b"), client_seq="x.2", base_event_id=shown)
    save(attempt, response=picks("d"), client_seq="x.1", base_event_id=shown)
    assert kept(attempt) == {"picked": ["b"]}


def test_an_answer_sent_again_does_not_undo_a_later_one_of_another_page(session):
    attempt = running()
    save(attempt, response=picks("a"), client_seq="x.1")
    save(attempt, response=picks("b"), client_seq="y.1")
    assert save(attempt, response=picks("a"), client_seq="x.1").state == "replaced"
    assert kept(attempt) == {"picked": ["b"]}


def test_the_event_of_another_attempt_is_not_looked_into(session):
    theirs, mine = running(), running()
    foreign = save(theirs).event_id
    save(mine, response=picks("a"), base_event_id=foreign)
    assert kept(mine) == {"picked": ["a"]}


def test_a_request_that_a_later_one_overtook_changes_nothing(session):
    attempt = running()
    save(attempt, "skm", Response("satu"), client_seq="x.2")
    save(attempt, "skm", Response("sat"), client_seq="x.1")
    assert kept(attempt, "skm") == {"text": "satu"}


def test_a_question_that_was_not_selected_is_refused(session):
    attempt = running(draw={"": 1})
    other = next(id for id in ("asas", "prinsip", "skm") if id != attempt.selection[0]["id"])
    with pytest.raises(services.NotInAttempt):
        save(attempt, other)


def test_handing_in_scores_and_tells_the_course(session):
    attempt = running()
    save(attempt)
    save(attempt, "prinsip", picks("a"))
    save(attempt, "skm", Response("kira-kira satu"))
    services.submit_attempt(attempt, now=NOON + MINUTE)
    assert (attempt.points, attempt.score, attempt.is_passed) == (Decimal("1.50"), Decimal(50), False)
    assert (attempt.submitted_by, attempt.submitted_at) == ("learner", NOON + MINUTE)
    assert {id: row.points for id, row in queries.answers(attempt.id).items()} == {
        "asas": 1,
        "prinsip": 0,
        "skm": Decimal("0.5"),
    }
    assert (progress(attempt).state, progress(attempt).score) == ("failed", 50)
    assert session.scalars(select(Grade.source)).all() == [f"attempt:{attempt.id}"]


def test_handing_in_twice_is_handing_in_once(session):
    attempt = running()
    services.submit_attempt(attempt, now=NOON)
    services.submit_attempt(attempt, now=NOON + MINUTE)
    assert attempt.submitted_at == NOON
    assert len(events(attempt, "submit")) == len(session.scalars(select(Grade)).all()) == 1


def test_what_counts_is_chosen_over_all_attempts(session):
    context = quiz_context()
    first = running(context)
    all_right(first)
    services.submit_attempt(first, now=NOON)
    second = running(context)
    services.submit_attempt(second, now=NOON)
    assert (first.score, second.score, second.is_passed) == (100, 0, False)
    assert (progress(first).state, progress(first).score) == ("done", 100)


@pytest.mark.parametrize(
    ("rule", "state", "score"), [("last", "failed", 0), ("average", "failed", 50), ("first", "done", 100)]
)
def test_the_quizs_own_rule_chooses(session, rule, state, score):
    context = quiz_context(grade=rule)
    first = running(context)
    all_right(first)
    services.submit_attempt(first, now=NOON)
    services.submit_attempt(running(context), now=NOON)
    assert (progress(first).state, progress(first).score) == (state, score)


def test_the_quizs_own_pass_mark_holds(session):
    attempt = running(pass_mark=30.0)
    save(attempt)
    services.submit_attempt(attempt, now=NOON)
    assert attempt.is_passed


def test_an_answer_within_the_grace_counts(session):
    attempt = running(time_limit=600)
    assert save(attempt, now=NOON + 11 * MINUTE).state == "saved"


def test_an_answer_after_the_grace_is_kept_but_does_not_count_and_hands_in(session):
    attempt = running(time_limit=600)
    save(attempt, "prinsip", picks("ab"))
    found = save(attempt, now=NOON + 12 * MINUTE)
    assert found.state == "late"
    assert len(events(attempt)) == 2
    assert (attempt.points, attempt.submitted_by, attempt.submitted_at) == (1, "deadline", NOON + 11 * MINUTE)
    assert "asas" not in queries.answers(attempt.id)


def test_an_answer_after_handing_in_is_kept_but_changes_nothing(session):
    attempt = running()
    seen = save(attempt).event_id
    services.submit_attempt(attempt, now=NOON)
    assert save(attempt, response=picks("b"), base_event_id=seen, now=NOON).state == "submitted"
    assert len(events(attempt)) == 2
    assert (kept(attempt), attempt.points) == ({"picked": ["a"]}, 1)


def test_a_locked_question_keeps_its_first_answer(session):
    attempt = running(feedback="immediate")
    seen = save(attempt, response=picks("b", is_final=True)).event_id
    assert save(attempt, response=picks("a"), base_event_id=seen).state == "locked"
    services.submit_attempt(attempt, now=NOON)
    assert (kept(attempt)["picked"], attempt.points) == (["b"], 0)


def test_handing_in_after_time_is_the_deadlines_doing(session):
    attempt = running(time_limit=600)
    save(attempt)
    services.submit_attempt(attempt, now=NOON + 20 * MINUTE)
    assert (attempt.submitted_by, attempt.points) == ("deadline", 1)


def test_where_the_quiz_says_so_what_nobody_handed_in_does_not_count(session):
    attempt = running(time_limit=600, on_expiry="discard")
    all_right(attempt)
    services.submit_attempt(attempt, now=NOON + 20 * MINUTE)
    assert (attempt.score, attempt.submitted_by) == (0, "deadline")
    assert len(events(attempt)) == 3


def test_handed_in_in_time_it_counts_there_too(session):
    attempt = running(time_limit=600, on_expiry="discard")
    all_right(attempt)
    services.submit_attempt(attempt, now=NOON + 10 * MINUTE)
    assert attempt.score == 100


def test_a_flag_is_set_and_taken_away(session):
    attempt = running()
    question = services.quiz_of(attempt).question("asas")
    services.toggle_flag(attempt, question, now=NOON)
    assert queries.answers(attempt.id)["asas"].is_flagged
    services.toggle_flag(attempt, question, now=NOON)
    assert not queries.answers(attempt.id)["asas"].is_flagged
    assert len(events(attempt, "flag")) == 2


def test_a_flag_leaves_the_answer_alone(session):
    attempt = running()
    save(attempt)
    services.toggle_flag(attempt, services.quiz_of(attempt).question("asas"), now=NOON)
    assert kept(attempt) == {"picked": ["a"]}
    services.submit_attempt(attempt, now=NOON)
    assert attempt.points == 1


def test_a_flagged_question_can_be_answered_afterwards(session):
    attempt = running()
    services.toggle_flag(attempt, services.quiz_of(attempt).question("asas"), now=NOON)
    save(attempt)
    assert kept(attempt) == {"picked": ["a"]}


def test_the_rows_say_what_the_fold_of_the_log_says(session):
    attempt = running()
    for picked in ("a", "b", "ab", "", "a"):
        row = queries.answers(attempt.id).get("prinsip")
        save(attempt, "prinsip", picks(picked), base_event_id=row.event_id if row else None)
    save(attempt, "skm", Response("satu"))
    folded = fold(journal.entries(services.subject(attempt)))
    said = {about: entry.body["response"] for (_, about), entry in folded.newest.items()}
    assert said == {id: answer.response for id, answer in queries.answers(attempt.id).items()}


def test_a_new_revision_changes_nothing_in_a_running_attempt(session):
    context = quiz_context()
    attempt = running(context)
    context.item_revision.revision.is_current = False
    session.flush()
    save(attempt)
    services.submit_attempt(attempt, now=NOON)
    assert attempt.points == 1


def test_the_job_hands_in_what_is_overdue_and_nothing_else(session, monkeypatch):
    overdue, in_grace, endless = running(time_limit=600), running(time_limit=660), running()
    monkeypatch.setattr(clock, "now", lambda: NOON + 11.5 * MINUTE)
    assert jobs.submit_overdue_attempts() == 1
    assert jobs.submit_overdue_attempts() == 0
    session.expire_all()
    assert [one.submitted_by for one in (overdue, in_grace, endless)] == ["deadline", None, None]
    assert overdue.reviewed_at is None


def test_one_attempt_that_fails_keeps_no_other_from_its_result(session, monkeypatch, caplog):
    broken, sound = running(time_limit=60), running(time_limit=120)
    broken_id = broken.id
    session.commit()
    real = services.submit_if_overdue

    def fail(attempt_id, *, now):
        if attempt_id == broken_id:
            raise ValueError("broken")
        return real(attempt_id, now=now)

    monkeypatch.setattr(services, "submit_if_overdue", fail)
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(days=1))
    with pytest.raises(SomeFailed):
        jobs.submit_overdue_attempts()
    session.expire_all()
    assert (broken.submitted_at is None, sound.submitted_at is None) == (True, False)
    assert f"submitting attempt {broken_id} failed" in caplog.text


def test_starting_again_after_time_hands_in_and_gives_the_old_attempt(session):
    context = quiz_context(time_limit=600)
    first = running(context)
    again = services.start_attempt(context, seed=2, now=NOON + 30 * MINUTE)
    assert (again.id, again.submitted_by) == (first.id, "deadline")


def test_a_review_is_opened_once(session):
    attempt = running()
    services.open_review(attempt, now=NOON)
    assert attempt.reviewed_at is None
    services.submit_attempt(attempt, now=NOON)
    services.open_review(attempt, now=NOON + MINUTE)
    services.open_review(attempt, now=NOON + 2 * MINUTE)
    assert attempt.reviewed_at == NOON + MINUTE


def test_someone_elses_attempt_is_not_found(session):
    attempt = running()
    assert queries.attempt_row(attempt.id, attempt.person_id).id == attempt.id
    assert queries.attempt_row(attempt.id, attempt.person_id + 1) is None
    assert queries.attempt_row_for_update(attempt.id, attempt.person_id + 1) is None
    assert queries.attempt_for_update(attempt.id, attempt.person_id + 1) is None


def test_saving_an_answer_takes_few_queries(session):
    attempt = running()
    seen = save(attempt, client_seq="w.1").event_id
    ids = attempt.id, attempt.person_id
    session.commit()
    session.expire_all()
    with counted() as asked:
        save(queries.attempt_row_for_update(*ids), response=picks("b"), base_event_id=seen, client_seq="x.1")
        session.commit()
    assert len(asked) <= 5, asked


def test_a_question_left_behind_is_replaced_only_by_another_answer(session):
    attempt = running()

    def is_replaced(position: int, event_id: int) -> bool:
        return services.is_replaced(attempt, queries.answers(attempt.id), position, event_id)

    first = save(attempt, response=picks("a"), client_seq="x.1").event_id
    assert not is_replaced(1, first)
    save(attempt, response=picks("a"), client_seq="y.1")
    assert not is_replaced(1, first)
    second = save(attempt, response=picks("b"), client_seq="y.2").event_id
    assert is_replaced(1, first)
    assert is_replaced(1, 0)
    assert not is_replaced(1, second)
    assert not is_replaced(2, second)
    assert not any(is_replaced(position, first) for position in (-1, 0, 4, 10**15))


def test_only_its_owner_may_lock_an_attempt(session):
    attempt = running(time_limit=1200)
    assert queries.attempt_for_update(attempt.id, attempt.person_id) is attempt
    assert queries.attempt_for_update(attempt.id, attempt.person_id + 1) is None


def test_many_questions_are_scored_at_once(session):
    questions = [question_json(f"q{n}", points=0.5) for n in range(60)]
    attempt = running(questions=questions)
    assert isinstance(attempt, Attempt)
    services.submit_attempt(attempt, now=NOON)
    assert (attempt.most_points, attempt.score) == (30, 0)


TIMES = [(None, -1, False), (None, 0, True), ("grace", 59, False), ("grace", 60, True), ("discard", 0, True)]


@pytest.mark.parametrize(("on_expiry", "seconds", "may"), TIMES)
def test_a_timer_hands_in_only_when_time_is_over_here(session, on_expiry, seconds, may):
    attempt = running(time_limit=600, **({"on_expiry": on_expiry} if on_expiry else {}))
    assert services.may_timer_submit(attempt, NOON + 10 * MINUTE + timedelta(seconds=seconds)) is may


def test_without_a_deadline_no_timer_hands_in(session):
    assert not services.may_timer_submit(running(), NOON + 1000 * MINUTE)
