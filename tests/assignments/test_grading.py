from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from assignment_factories import fixed, make_assignment_world, make_submission
from factories import NOON, make_person

from lms.assignments import queries
from lms.assignments.services.grading import (
    GradeDecision,
    GradedMeanwhile,
    ReasonMissing,
    grade_submission,
)
from lms.core.ledger import LedgerEntry
from lms.learning.models import Grade, Progress
from lms.learning.services.feedback import FeedbackTooComplex

BEST = GradeDecision(picked={0: 0, 1: 0})
HALF = GradeDecision(picked={0: 1, 1: 1}, feedback="Sebut **pelaksana**.")


def give(world, submission, decision=BEST, *, seen=0, by=None, now=NOON):
    return grade_submission(submission, decision, grader_id=(by or world.instructor).id, seen=seen, now=now)


def progress(session, world) -> Progress:
    return session.query(Progress).filter_by(enrolment_id=world.enrolment.id).one()


def test_a_judgement_becomes_a_mark_a_grade_and_a_result(session):
    world = make_assignment_world()
    submission = make_submission(world)
    marking = give(world, submission, HALF)
    assert (marking.number, marking.score, marking.final_score) == (1, Decimal(50), Decimal(50))
    assert marking.levels == {"0": 1, "1": 1}
    assert "<strong>pelaksana</strong>" in marking.feedback_html
    grade = session.query(Grade).one()
    assert (grade.source, grade.score, grade.graded_by) == (
        f"submission:{submission.id}",
        Decimal(50),
        world.instructor.id,
    )
    assert (progress(session, world).state, progress(session, world).score) == ("failed", Decimal(50))
    assert submission.is_graded
    assert session.query(LedgerEntry).filter_by(verb="mark submission").count() == 1


def test_reaching_the_pass_mark_is_done(session):
    world = make_assignment_world(pass_mark=50.0)
    give(world, make_submission(world), HALF)
    assert progress(session, world).state == "done"


def test_without_a_rubric_points_are_given(session):
    world = make_assignment_world(rubric=[], points=40.0)
    marking = give(world, make_submission(world), GradeDecision(points=Decimal("32.5")))
    assert (marking.score, marking.levels) == (Decimal("81.25"), {})


def test_lateness_is_taken_off_and_both_marks_are_kept(session):
    late = {"until": None, "penalty": 5.0}
    world = make_assignment_world(due=fixed("2026-11-23T12:00:00"), late=late)
    submission = make_submission(world, now=NOON + timedelta(hours=25))
    marking = give(world, submission)
    assert (marking.score, marking.final_score) == (Decimal(100), Decimal(90))
    assert session.query(Grade).one().score == Decimal(90)


def test_a_correction_needs_a_reason_and_stands_beside_what_was(session):
    world = make_assignment_world()
    submission = make_submission(world)
    give(world, submission, HALF)
    with pytest.raises(ReasonMissing):
        give(world, submission, BEST, seen=1)
    second = give(world, submission, GradeDecision(picked={0: 0, 1: 0}, reason="Salah baca lampiran"), seen=1)
    assert [(m.number, m.score, m.reason) for m in queries.markings(submission.id)] == [
        (1, Decimal(50), ""),
        (2, Decimal(100), "Salah baca lampiran"),
    ]
    assert [(g.number, g.reason) for g in session.query(Grade).order_by(Grade.number)] == [(1, ""), (2, second.reason)]
    assert progress(session, world).state == "done"


def test_the_second_of_two_graders_is_told_and_overwrites_nothing(session):
    world, colleague = make_assignment_world(), make_person(name="Pengajar Dua")
    submission = make_submission(world)
    give(world, submission, HALF)
    with pytest.raises(GradedMeanwhile) as caught:
        give(world, submission, BEST, by=colleague)
    assert "Pengajar Satu" in caught.value.text
    assert "12.00 WIT" in caught.value.text
    assert len(queries.markings(submission.id)) == 1


def test_after_being_told_the_second_may_correct_with_a_reason(session):
    world, colleague = make_assignment_world(), make_person(name="Pengajar Dua")
    submission = make_submission(world)
    give(world, submission, HALF)
    new = give(world, submission, GradeDecision(picked={0: 0, 1: 0}, reason="Dibahas bersama"), seen=1, by=colleague)
    assert (new.number, new.graded_by) == (2, colleague.id)


def test_a_double_click_is_one_judgement(session):
    world = make_assignment_world()
    submission = make_submission(world)
    assert give(world, submission, HALF) is give(world, submission, HALF)
    assert session.query(Grade).count() == 1


def test_the_latest_graded_submission_counts_even_if_it_is_worse(session):
    world = make_assignment_world(pass_mark=60.0)
    give(world, make_submission(world, "Satu"), BEST)
    second = make_submission(world, "Dua")
    assert progress(session, world).score == Decimal(100)
    give(world, second, HALF)
    assert progress(session, world).score == Decimal(50)


def test_correcting_an_earlier_submission_does_not_change_what_counts(session):
    world = make_assignment_world(pass_mark=40.0)
    first = make_submission(world, "Satu")
    give(world, first, BEST)
    give(world, make_submission(world, "Dua"), HALF)
    give(world, first, GradeDecision(picked={0: 2, 1: 1}, reason="Keliru"), seen=1)
    assert progress(session, world).score == Decimal(50)


def test_marking_an_earlier_one_leaves_the_newest_waiting(session):
    world = make_assignment_world()
    first = make_submission(world, "Satu")
    make_submission(world, "Dua")
    give(world, first, HALF)
    assert progress(session, world).state == "waiting"
    assert queries.waiting_count([world.course.id]) == 1


def test_feedback_that_cannot_be_shown_is_refused(session):
    world = make_assignment_world()
    with pytest.raises(FeedbackTooComplex):
        give(world, make_submission(world), GradeDecision(picked={0: 0, 1: 0}, feedback="a" * 4001))


def test_the_queue_is_oldest_first_and_only_of_my_courses(session):
    world, foreign = make_assignment_world(), make_assignment_world()
    make_submission(foreign)
    second = make_submission(world, now=NOON + timedelta(hours=2))
    first = make_submission(world, context=world.another_learner(), now=NOON + timedelta(hours=1))
    rows = session.execute(queries.waiting([world.course.id])).all()
    assert [row[0].id for row in rows] == [first.id, second.id]
    assert queries.waiting_count([world.course.id, foreign.course.id]) == 3
    assert queries.waiting_count([]) == 0


def test_after_the_last_submission_the_first_comes_again_and_then_none(session):
    world = make_assignment_world()
    one = make_submission(world)
    two = make_submission(world, context=world.another_learner(), now=NOON + timedelta(hours=1))
    mine = [world.course.id]

    def following(submission):
        return queries.next_waiting(mine, queries.NO_FILTER, submission, not_by=world.instructor.id)

    assert following(one) is two
    assert following(two) is one
    give(world, one)
    assert following(two) is None


def test_who_withdrew_waits_no_longer(session):
    world = make_assignment_world()
    make_submission(world)
    world.enrolment.withdrawn_at = NOON
    assert queries.waiting_count([world.course.id]) == 0


def test_ones_own_work_is_not_in_ones_own_queue(session):
    world = make_assignment_world()
    make_submission(world)
    assert queries.waiting_count([world.course.id], not_by=world.learner.id) == 0
