"""Essays wait for a mark: until then an attempt has no score and nothing comes of it; then everything does."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal as D

import pytest
from essay_world import ESSAYS, make_essay_world
from factories import NOON, make_person
from sqlalchemy import select

from lms.core.db import db
from lms.learning.models import Completion, Grade, Progress
from lms.learning.services import renewal
from lms.quizzes import queries, services
from lms.quizzes.models import Answer, AnswerMark, RegradeLine
from lms.quizzes.queries import essays, regrades
from lms.quizzes.responses import Response
from lms.quizzes.services import marking, practice, regrading
from lms.quizzes.services.regrading import Voiding

LATER = NOON + timedelta(days=2)


@pytest.fixture
def quiz(session):
    return make_essay_world()


def progress(attempt):
    found = select(Progress).where(Progress.enrolment_id == attempt.enrolment_id)
    return db.session.scalars(found.execution_options(populate_existing=True)).one()


def grades(attempt):
    return db.session.scalars(select(Grade).where(Grade.source == f"attempt:{attempt.id}").order_by(Grade.number)).all()


def points(attempt):
    rows = db.session.execute(select(Answer.question, Answer.points).where(Answer.attempt_id == attempt.id))
    return dict(rows.all())


def test_a_handed_in_essay_waits_and_gives_no_result(quiz):
    attempt = quiz.attempt()
    assert (attempt.points, attempt.most_points, attempt.score, attempt.is_passed) == (D(2), D(10), None, None)
    assert attempt.waits_for_mark and points(attempt)["rencana"] is None and points(attempt)["asas"] == 2
    assert (progress(attempt).state, progress(attempt).score) == ("waiting", None)
    assert not grades(attempt) and not db.session.scalars(select(Completion)).all()


def test_without_an_answer_there_is_nothing_to_wait_for(quiz):
    attempt = quiz.attempt(plan=None)
    assert (attempt.score, attempt.is_passed) == (D(20), False)
    assert progress(attempt).state == "failed" and len(grades(attempt)) == 1


def test_the_mark_of_the_last_essay_gives_the_score(quiz):
    attempt = quiz.attempt(lesson="Banyak.")
    first = quiz.mark(attempt, now=LATER)
    assert (first.points, first.grade_number, attempt.score) == (D("4.50"), None, None)
    assert points(attempt)["rencana"] == D("4.50") and progress(attempt).state == "waiting"
    last = quiz.mark(attempt, "pelajaran", now=LATER)
    # 2 for the choice, 6 * (2 + 1) / 4 for the plan, 2 for the lesson: 8.5 of 10
    assert (attempt.points, attempt.score, attempt.is_passed) == (D("8.50"), D("85.00"), True)
    assert (last.grade_number, last.old_effective, last.new_effective) == (1, None, D(85))
    done = progress(attempt)
    assert (done.state, done.score, done.touched_at) == ("done", D(85), NOON)
    assert [(one.score, one.graded_by) for one in grades(attempt)] == [(D(85), quiz.teacher.id)]
    assert db.session.scalars(select(Completion)).one().completed_at == LATER


def test_what_was_decided_is_kept_in_the_words_of_the_rubric(quiz):
    attempt = quiz.attempt()
    made = quiz.mark(attempt, picked={0: 0, 1: 1}, feedback="Datanya **kuat**.\r\nLanjutkan.")
    assert made.levels == [
        {"criterion": "Masalah", "level": "Baik", "points": "2", "most": "2"},
        {"criterion": "Langkah", "level": "Cukup", "points": "1", "most": "2"},
    ]
    assert made.feedback == "Datanya **kuat**.\nLanjutkan." and "Datanya" in made.feedback_html
    assert (made.reason, made.number) == ("", 1)


def test_a_double_click_marks_once_and_two_graders_do_not_overwrite_each_other(quiz):
    attempt, other = quiz.attempt(), make_person()
    assert quiz.mark(attempt).id == quiz.mark(attempt).id
    with pytest.raises(marking.MarkedMeanwhile):
        quiz.mark(attempt, picked={0: 0, 1: 0}, actor=other)
    assert len(db.session.scalars(select(AnswerMark)).all()) == 1 and len(grades(attempt)) == 1


def test_a_correction_needs_a_reason_and_is_added(quiz):
    attempt = quiz.attempt()
    quiz.mark(attempt)
    with pytest.raises(marking.MarkNeedsReason):
        quiz.mark(attempt, picked={0: 0, 1: 0}, seen=1)
    made = quiz.mark(attempt, picked={0: 0, 1: 0}, reason="Salah baca.", seen=1)
    assert (made.number, made.points, attempt.score) == (2, D(6), D(80))
    assert [(one.number, one.score, one.reason) for one in grades(attempt)] == [
        (1, D(65), ""),
        (2, D(80), "Salah baca."),
    ]


def test_what_cannot_be_marked(quiz):
    attempt = quiz.attempt(lesson="Banyak.")
    with pytest.raises(marking.TooManyPoints):
        quiz.mark(attempt, "pelajaran", points=D("2.01"))
    with pytest.raises(marking.NotAnswered):
        quiz.mark(quiz.attempt(), "pelajaran")
    assert not db.session.scalars(select(AnswerMark)).all()


def test_the_best_of_several_attempts_counts_and_one_still_waits(quiz):
    enrolment = quiz.enrolment()
    first = quiz.attempt(enrolment)
    second = quiz.attempt(enrolment, now=NOON + timedelta(hours=1))
    assert quiz.attempt(enrolment, plan=None).score == 20 and progress(first).state == "failed"
    quiz.mark(second, picked={0: 1, 1: 1})
    assert second.score == D(50) and (progress(first).state, progress(first).score) == ("waiting", D(50))
    quiz.mark(first, picked={0: 0, 1: 0})
    assert (progress(first).state, progress(first).score) == ("done", D(80))


def test_a_passed_quiz_stays_passed_while_a_further_attempt_waits(quiz):
    enrolment = quiz.enrolment()
    quiz.mark(quiz.attempt(enrolment), picked={0: 0, 1: 0})
    again = quiz.attempt(enrolment)
    assert (progress(again).state, progress(again).score) == ("done", D(80))


def test_renewing_results_gives_no_score_and_leaves_the_end_of_a_waiting_attempt(quiz):
    attempt = quiz.attempt()
    ended = attempt.deadline_at
    renewal.renew([attempt.enrolment_id], now=LATER)
    assert (attempt.score, attempt.is_passed, attempt.deadline_at) == (None, None, ended)
    assert (progress(attempt).state, progress(attempt).score) == ("waiting", None)


def test_time_that_is_over_hands_in_what_arrived(session):
    quiz = make_essay_world(keys="time_limit: 20m\n")
    attempt = services.start_attempt(quiz.context(quiz.enrolment()), seed=1, now=NOON)
    essay = services.quiz_of(attempt).question("rencana")
    services.save_answer(attempt, essay, Response("Belum selesai"), now=NOON)
    assert services.submit_if_overdue(attempt.id, now=LATER)
    assert attempt.submitted_by == "deadline" and attempt.waits_for_mark


def test_a_quiz_that_discards_late_attempts_has_nothing_to_mark(session):
    quiz = make_essay_world(keys="time_limit: 20m\non_expiry: discard\n")
    attempt = services.start_attempt(quiz.context(quiz.enrolment()), seed=1, now=NOON)
    services.save_answer(attempt, services.quiz_of(attempt).question("rencana"), Response("Belum"), now=NOON)
    services.submit_if_overdue(attempt.id, now=LATER)
    assert attempt.score == 0 and not essays.waiting_counts([quiz.course.id])
    with pytest.raises(marking.DoesNotCount):
        quiz.mark(attempt)


def test_nobody_waits_for_the_essays_of_practice(session):
    quiz = make_essay_world(keys="attempts: 1\n")
    enrolment = quiz.enrolment()
    quiz.mark(quiz.attempt(enrolment))
    practised = practice.start_practice(quiz.context(enrolment), seed=1, now=NOON)
    services.save_answer(practised, services.quiz_of(practised).question("rencana"), Response("Latihan"), now=NOON)
    services.submit_attempt(practised, now=NOON)
    assert practised.score is None and not essays.waiting_counts([quiz.course.id])
    assert progress(practised).state == "failed" and progress(practised).is_final


def test_an_essay_that_is_checked_with_tries_is_locked_at_once(session):
    quiz = make_essay_world(ESSAYS + "\n### Petunjuk\n\n- Baca lagi.\n", keys="feedback: tries\n")
    attempt = services.start_attempt(quiz.context(quiz.enrolment()), seed=1, now=NOON)
    essay = services.quiz_of(attempt).question("pelajaran")
    services.save_answer(attempt, essay, Response("Banyak."), is_try=True, now=NOON)
    shown = queries.attempt_state(attempt).questions[2]
    assert (shown.response.is_final, shown.response.failed, shown.verdict) == (True, 0, "unmarked")


# The queue


def test_the_queue_has_each_question_with_its_oldest_answer_first(quiz):
    newer = quiz.attempt(lesson="Banyak.", now=NOON + timedelta(hours=2))
    older = quiz.attempt(now=NOON + timedelta(hours=1))
    me = quiz.attempt(quiz.enrolment(), now=NOON)
    found = essays.waiting_questions([quiz.course.id], not_by=me.person_id)
    assert [(one.question, one.count, one.attempt_id, one.position) for one in found] == [
        ("rencana", 2, older.id, 2),
        ("pelajaran", 1, newer.id, 3),
    ]
    assert (found[0].item_title, found[0].since) == ("Kuis esai", NOON + timedelta(hours=1))
    assert essays.waiting_counts([quiz.course.id]) == {quiz.course.id: 4}
    assert not essays.waiting_questions([], not_by=None) and not essays.waiting_counts([])
    assert not essays.waiting_questions([quiz.course.id], item_id=quiz.item_id + 1)


def test_the_next_one_is_of_the_same_question_and_after_the_last_the_first(quiz):
    one, two, three = (quiz.attempt(lesson="Ya.", now=NOON + timedelta(hours=hour)) for hour in range(3))
    find = essays.next_waiting

    def following(attempt, question="rencana"):
        return find([quiz.course.id], quiz.item_id, question, after=attempt, skipped_question="rencana")

    assert following(one) == (two.id, 2) and following(three) == (one.id, 2)
    quiz.mark(two)
    assert following(one) == (three.id, 2)
    quiz.mark(three), quiz.mark(one)
    assert following(one) is None and following(one, None) == (two.id, 3)


def test_who_has_left_waits_for_nobody(quiz):
    attempt = quiz.attempt()
    assert essays.waiting_since([attempt.enrolment_id]) == {(attempt.enrolment_id, quiz.item_id): NOON}
    db.session.get_one(type(quiz.enrolment()), attempt.enrolment_id).withdrawn_at = NOON
    db.session.flush()
    assert not essays.waiting_counts([quiz.course.id])


# Regrading


def regrade(quiz, revision_id, mode="all", **values):
    seen = revision_id, regrades.newest_number(quiz.item_id)
    made = regrading.start_regrade(
        quiz.item_id, mode, "Kunci keliru.", seen=seen, actor_id=quiz.teacher.id, now=LATER, **values
    )
    while regrading.regrade_next(made.id, now=LATER):
        pass
    return made


CORRECTED = ESSAYS.replace("[x] Kepastian", "[ ] Kepastian").replace("[ ] Keuntungan", "[x] Keuntungan")


def test_a_regrade_keeps_marks_and_reaches_those_who_wait(quiz):
    marked, waiting = quiz.attempt(), quiz.attempt(picked="b")
    quiz.mark(marked)
    revision_id = quiz.publish(CORRECTED)
    found = regrading.dry_run(quiz.item_id, revision_id)
    assert len(found.people) == 1 and found.waiting == (waiting.id,)
    made = regrade(quiz, revision_id)
    db.session.refresh(marked), db.session.refresh(waiting)
    assert (marked.score, points(marked)["rencana"]) == (D(45), D("4.50"))
    assert (waiting.score, waiting.points) == (None, D(2))
    lines = db.session.scalars(select(RegradeLine).where(RegradeLine.regrade_id == made.id).order_by(RegradeLine.id))
    assert [one.state for one in lines] == ["changed", "same"]
    quiz.mark(waiting)
    assert waiting.score == D(65)


def test_a_void_essay_keeps_nobody_waiting(quiz):
    attempt = quiz.attempt()
    revision_id = quiz.publish(ESSAYS)
    regrade(quiz, revision_id, voiding=Voiding("rencana", "full"))
    db.session.refresh(attempt)
    assert (attempt.score, attempt.is_passed) == (D(80), True)
    assert progress(attempt).state == "done" and not essays.waiting_counts([quiz.course.id])


def test_a_decision_taken_meanwhile_holds_when_the_last_essay_is_marked(quiz):
    attempt = quiz.attempt(picked="b")
    revision_id = quiz.publish(ESSAYS)
    regrading.start_regrade(  # its attempts are marked by a job, which has not run yet
        quiz.item_id, "all", "Soal keliru.", voiding=Voiding("asas", "full"),
        seen=(revision_id, 0), actor_id=quiz.teacher.id, now=NOON,
    )  # fmt: skip
    quiz.mark(attempt)
    assert attempt.score == D(65)
