"""Stored results follow the rules in force: revisions, the site's pass mark, weights and the completion rule."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from threading import Event
from time import sleep

import pytest
from assignment_factories import content as assignment_content
from assignment_factories import make_assignment_world, make_submission
from concurrency import run_concurrently
from factories import (
    NOON,
    item_of,
    make_admin,
    make_course,
    make_enrolment,
    make_item_context,
    make_person,
    make_revision,
    publish,
    record_result,
)
from quiz_factories import content as quiz_content
from quiz_factories import running

from lms.assignments.services.grading import GradeDecision, grade_submission
from lms.core import settings
from lms.core.db import db
from lms.core.small_transactions import SomeFailed
from lms.enrolment.services import places, withdraw
from lms.learning import jobs, queries, services
from lms.learning.models import Completion, EnrolmentState, Progress, Renewal
from lms.learning.services import renewal
from lms.people.models import Person
from lms.quizzes import queries as quiz_queries
from lms.quizzes import services as quizzes
from lms.quizzes.responses import Response

A, B, C = ({"slug": slug} for slug in "abc")
RIGHT = Response(frozenset("a"))
LATER = NOON + timedelta(hours=1)


def state(enrolment) -> tuple[str, int, int]:
    db.session.expire_all()
    row = db.session.get(EnrolmentState, enrolment.id)
    return row.state, row.done, row.needed


def item_state(enrolment, slug: str) -> str:
    db.session.expire_all()
    item = item_of(enrolment.cohort.course, slug)
    return db.session.query(Progress).filter_by(enrolment_id=enrolment.id, item_id=item.item_id).one().state


def read(enrolment, *slugs: str) -> None:
    for slug in slugs:
        services.record_read(enrolment.id, item_of(enrolment.cohort.course, slug), now=NOON)


def change_pass_mark(value: float) -> None:
    settings.change(services.PASS_MARK, value, actor_id=None, now=LATER)


def test_who_has_done_all_that_a_revision_leaves_has_completed_the_course(session):
    course = make_course(items=(A, B, C))
    done, halfway = make_enrolment(course=course), make_enrolment(course=course)
    read(done, "a", "b")
    read(halfway, "a")
    publish(make_revision(course, (A, B)), now=LATER)
    assert state(done) == ("finished", 2, 2)
    completion = queries.completion_of(done.id)
    assert (completion.completed_at, completion.revision_id) == (LATER, course.revision.id)
    assert state(halfway) == ("in-progress", 1, 2)
    assert queries.completion_of(halfway.id) is None
    assert session.get(EnrolmentState, done.id).touched_at == NOON, "the learner did nothing"


def test_who_completed_a_course_stays_so_when_a_revision_adds_an_item(session):
    course = make_course(items=(A, B))
    enrolment = make_enrolment(course=course)
    read(enrolment, "a", "b")
    before = queries.completion_of(enrolment.id)
    publish(make_revision(course, (A, B, C)), now=LATER)
    assert state(enrolment) == ("finished", 2, 3)
    assert queries.completion_of(enrolment.id) == before


def test_who_left_completes_nothing(session):
    course = make_course(items=(A, B))
    enrolment = make_enrolment(course=course)
    read(enrolment, "a")
    enrolment.withdrawn_at = NOON
    publish(make_revision(course, (A,)), now=LATER)
    assert queries.completion_of(enrolment.id) is None


def test_who_comes_back_is_judged_by_the_rules_of_that_day(session):
    course = make_course(items=(A, B))
    enrolment = make_enrolment(course=course)
    read(enrolment, "a")
    withdraw(enrolment, actor_id=None, now=NOON)
    publish(make_revision(course, (A,)), now=LATER)
    assert state(enrolment) == ("in-progress", 1, 2)
    places.enrol(db.session.get_one(Person, enrolment.person_id), enrolment.cohort, actor_id=None, now=LATER)
    assert state(enrolment) == ("finished", 1, 1)
    assert queries.completion_of(enrolment.id).completed_at == LATER


def test_work_under_an_older_revision_is_judged_by_the_published_one(session):
    course = make_course(items=(A, B, C))
    enrolment = make_enrolment(course=course)
    read(enrolment, "a")
    older = item_of(course, "b")
    publish(make_revision(course, (A, B)))
    services.record_read(enrolment.id, older, now=NOON)
    assert state(enrolment) == ("finished", 2, 2)


def test_work_that_waits_in_a_dropped_item_keeps_nobody_waiting(session):
    task = {"slug": "tugas", "type": "assignment", "content": assignment_content()}
    course = make_course(items=(A, B, task))
    enrolment = make_enrolment(course=course)
    read(enrolment, "a")
    services.record_waiting(enrolment.id, item_of(course, "tugas"), now=NOON)
    assert state(enrolment)[0] == "waiting"
    publish(make_revision(course, (A, B)))
    assert state(enrolment) == ("in-progress", 1, 2)


def test_a_new_rule_and_new_weights_count_for_what_was_marked_before(session):
    def items(first: float, second: float):
        quiz = {"type": "quiz", "content": quiz_content(), "is_required": False}
        return {"slug": "a", "weight": first, **quiz}, {"slug": "b", "weight": second, **quiz}

    course = make_course(items=items(1, 1), completion={"items": "required", "score": 80})
    enrolment = make_enrolment(course=course)
    for slug, score in (("a", 100), ("b", 40)):
        record_result(enrolment, item_of(course, slug), score, source=f"attempt:{slug}")
    assert state(enrolment)[0] == "in-progress"
    publish(make_revision(course, items(2, 1)))
    assert queries.completion_of(enrolment.id).score == 80
    other = make_enrolment(course=course)
    record_result(other, item_of(course, "b"), 40, source="attempt:c")
    publish(make_revision(course, items(2, 1), completion={"items": "required", "score": 10}))
    assert state(other)[0] == "finished"


def graded_paper(points: int = 65, **content):
    world = make_assignment_world(rubric=[], **content)
    grade(world, make_submission(world), points)
    return world


def grade(world, submission, points: int, **values) -> None:
    decision = GradeDecision(points=Decimal(points))
    grade_submission(submission, decision, grader_id=world.instructor.id, seen=0, now=NOON, **values)


def test_a_new_pass_mark_of_the_site_counts_for_papers_marked_before(session):
    world = graded_paper(65)
    assert item_state(world.enrolment, "tugas") == "failed"
    change_pass_mark(60)
    assert item_state(world.enrolment, "tugas") == "done"
    read(world.enrolment, "sesudah")
    assert state(world.enrolment) == ("finished", 2, 2)


def test_the_pages_of_the_assignment_and_of_the_course_agree(session, client):
    world = graded_paper(65)
    client.sign_in(world.learner)
    change_pass_mark(60)
    session.commit()
    pages = client.text(world.path), client.text(f"/courses/{world.course.slug}")
    assert ["Belum lulus" in page for page in pages] == [False, False]
    assert "1 dari 2" in pages[1]


def test_a_higher_pass_mark_takes_back_what_is_not_completed(session):
    change_pass_mark(60)
    world = graded_paper(65)
    assert item_state(world.enrolment, "tugas") == "done"
    change_pass_mark(70)
    assert item_state(world.enrolment, "tugas") == "failed"


def test_a_higher_pass_mark_takes_nothing_back_from_who_completed_the_course(session):
    change_pass_mark(60)
    world = graded_paper(65)
    read(world.enrolment, "sesudah")
    assert state(world.enrolment) == ("finished", 2, 2)
    change_pass_mark(70)
    assert state(world.enrolment) == ("finished", 2, 2)
    assert item_state(world.enrolment, "tugas") == "done"


def test_a_corrected_mark_takes_back_before_and_after_the_completion(session):
    world = make_assignment_world(rubric=[])
    paper = make_submission(world)
    grade(world, paper, 80)
    correct(world, paper, 50)
    assert item_state(world.enrolment, "tugas") == "failed"
    correct(world, paper, 75)
    read(world.enrolment, "sesudah")
    assert state(world.enrolment) == ("finished", 2, 2)
    correct(world, paper, 50)
    assert (item_state(world.enrolment, "tugas"), state(world.enrolment)) == ("failed", ("finished", 1, 2))
    change_pass_mark(60)
    assert item_state(world.enrolment, "tugas") == "failed"
    change_pass_mark(40)
    assert (item_state(world.enrolment, "tugas"), state(world.enrolment)) == ("done", ("finished", 2, 2))


def correct(world, paper, points: int) -> None:
    decision = GradeDecision(points=Decimal(points), reason="Salah hitung")
    grade_submission(paper, decision, grader_id=world.instructor.id, seen=len(paper.markings), now=NOON)


def test_a_paper_that_waits_keeps_waiting_when_the_earlier_one_no_longer_passes(session):
    change_pass_mark(60)
    world = graded_paper(65)
    make_submission(world, "Lebih baik.")
    assert item_state(world.enrolment, "tugas") == "done"
    change_pass_mark(70)
    assert item_state(world.enrolment, "tugas") == "waiting"
    change_pass_mark(60)
    assert item_state(world.enrolment, "tugas") == "done"


@pytest.fixture
def half_right(session):
    """A learner whose only attempt at a quiz scored 33.33."""
    course = make_course(items=({"slug": "kuis", "type": "quiz", "content": quiz_content(attempts=1)}, B))
    enrolment = make_enrolment(make_person(), course)
    attempt = running(make_item_context(enrolment, item_of(course, "kuis")))
    quizzes.save_answer(attempt, quizzes.quiz_of(attempt).question("asas"), RIGHT, now=NOON)
    quizzes.submit_attempt(attempt, now=NOON)
    return enrolment, attempt


def test_a_new_pass_mark_of_the_site_counts_for_attempts_made_before(half_right):
    enrolment, attempt = half_right
    assert state(enrolment)[0] == "failed"
    change_pass_mark(30)
    assert (item_state(enrolment, "kuis"), attempt.is_passed, state(enrolment)) == ("done", True, ("in-progress", 1, 2))


def test_the_quiz_as_it_is_published_decides_how_many_attempts_there_are_and_what_passes(half_right):
    enrolment, _attempt = half_right
    course = enrolment.cohort.course
    publish(make_revision(course, ({"slug": "kuis", "type": "quiz", "content": quiz_content(attempts=2)}, B)))
    assert state(enrolment)[0] == "in-progress"
    publish(make_revision(course, ({"slug": "kuis", "type": "quiz", "content": quiz_content(pass_mark=30.0)}, B)))
    assert item_state(enrolment, "kuis") == "done"


def test_another_rule_for_the_score_lowers_none_in_a_completed_course(half_right):
    enrolment, _attempt = half_right
    course = enrolment.cohort.course

    def publish_quiz(grade_by: str) -> None:
        quiz = quiz_content(grade=grade_by, pass_mark=30.0, attempts=2)
        publish(make_revision(course, ({"slug": "kuis", "type": "quiz", "content": quiz}, B), completion=ONE_OF_TWO))

    publish_quiz("highest")
    assert state(enrolment) == ("finished", 1, 1)
    again = running(make_item_context(enrolment, item_of(course, "kuis")))
    quizzes.submit_attempt(again, now=LATER)
    publish_quiz("last")
    row = db.session.query(Progress).filter_by(enrolment_id=enrolment.id).one()
    assert (row.state, row.score) == ("done", Decimal("33.33"))


ONE_OF_TWO = {"items": 50, "score": 0}


def test_the_results_of_many_are_renewed_by_the_job_in_small_transactions(session, monkeypatch):
    monkeypatch.setattr(renewal, "AT_ONCE", 2)
    course = make_course(items=(A, B))
    enrolments = [make_enrolment(course=course) for _ in range(5)]
    for one in enrolments:
        read(one, "a")
    publish(make_revision(course, (A,)), now=LATER)
    session.commit()
    assert session.query(Completion).count() == 0
    assert renewal.left_to_renew(course.id) == renewal.left_to_renew() == 5
    session.commit()
    assert renewal.renew_marked(now=LATER) == 2
    session.commit()  # a worker that is killed here leaves three
    assert (session.query(Completion).count(), renewal.left_to_renew()) == (2, 3)
    session.commit()
    jobs.renew_results()
    assert (session.query(Completion).count(), session.query(Renewal).count()) == (5, 0)
    assert [state(one) for one in enrolments] == [("finished", 1, 1)] * 5


def test_one_whose_results_cannot_be_renewed_holds_up_no_others(session, monkeypatch):
    monkeypatch.setattr(renewal, "AT_ONCE", 2)
    course = make_course(items=(A, B))
    learners = [make_enrolment(make_person(), course) for _ in range(5)]
    for one in learners:
        read(one, "a")
    publish(make_revision(course, (A,)))
    session.commit()
    save, bad = services.save_course_result, learners[0].id

    def save_or_fail(enrolment_id, *args, **values):
        if enrolment_id == bad:
            raise ZeroDivisionError
        save(enrolment_id, *args, **values)

    monkeypatch.setattr(services, "save_course_result", save_or_fail)
    with pytest.raises(SomeFailed):
        jobs.renew_results()
    assert [state(one)[0] for one in learners[1:]] == ["finished"] * 4
    assert state(learners[0])[0] != "finished"
    assert session.query(Renewal.enrolment_id).distinct().all() == [(bad,)]
    monkeypatch.setattr(services, "save_course_result", save)
    jobs.renew_results()
    assert {state(one)[0] for one in learners} == {"finished"}


def test_who_hands_in_while_results_are_renewed_and_the_job_do_not_wait_for_each_other(app, half_right):
    """PostgreSQL ends one of two transactions that wait for each other with an error."""
    enrolment, _attempt = half_right
    publish(make_revision(enrolment.cohort.course, ({"slug": "kuis", "type": "quiz", "content": quiz_content()}, B)))
    again = running(make_item_context(enrolment, item_of(enrolment.cohort.course, "kuis")))
    enrolment_id, attempt_id, is_locked = enrolment.id, again.id, Event()

    def hand_in() -> None:
        mine = quiz_queries.attempt_for_update(attempt_id)
        is_locked.set()
        sleep(0.2)
        quizzes.submit_attempt(mine, now=LATER)

    def renew() -> None:
        is_locked.wait()
        renewal.renew([enrolment_id], now=LATER)

    assert run_concurrently(app, hand_in, renew) == ["done", "done"]
    assert item_state(enrolment, "kuis") == "failed"


def test_instructors_and_admins_see_how_many_results_are_still_to_be_renewed(session, client, monkeypatch):
    monkeypatch.setattr(renewal, "AT_ONCE", 1)
    course, admin = make_course(items=(A, B)), make_admin()
    for _ in range(3):
        read(make_enrolment(course=course), "a")
    publish(make_revision(course, (A, B, C)), now=LATER)
    client.sign_in(admin)
    pages = [f"/teach/courses/{course.slug}{page}" for page in ("", "/gradebook", "/completions")]
    for page in [*pages, "/admin/settings"]:
        assert "hasil 3 orang sedang dihitung ulang" in client.text(page)
    session.commit()
    jobs.renew_results()
    assert "sedang dihitung ulang" not in client.text(pages[0])
