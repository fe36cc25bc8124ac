"""``late_policy: decide``: late work is accepted, and its grader decides what that costs."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from assignment_factories import fixed, make_assignment_world, make_submission
from factories import NOON
from group_world import make_group_world

from lms.assignments.services.grading import GradeDecision, LatenessUndecided, grade_submission, renew_penalty
from lms.core.ledger import LedgerEntry
from lms.learning.models import Grade, Progress

REASON = "Sakit dua hari, dengan surat dokter."
LATE = {"until": None, "penalty": 5.0}


def make_world(**values):
    given = {"due": fixed("2026-11-23T12:00:00"), "late": LATE, "late_policy": "decide", "rubric": []} | values
    return make_assignment_world(**given)


def late_work(world):
    return make_submission(world, now=NOON + timedelta(hours=25))  # two days late


def give(world, submission, points=80, deduction=None, *, seen=0, reason="", why=REASON):
    decision = GradeDecision(
        points=Decimal(points),
        reason=reason,
        late_deduction=deduction,
        late_reason=why if deduction is not None else "",
    )
    return grade_submission(submission, decision, grader_id=world.instructor.id, seen=seen, now=NOON)


def sent(**values):
    return {"points": "80", "seen": "0", "late_deduction": "10", "late_reason": REASON} | values


def grade(client, world, submission, data):
    return client.sign_in(world.instructor).post_form(f"/teach/grading/{submission.id}", **data)


def test_late_work_is_accepted_without_end_where_the_course_gives_none(session):
    submission = make_submission(make_world(late=None), now=NOON + timedelta(days=400))
    assert submission.late_days == 400


def test_nothing_is_deducted_before_the_grader_decides(session):
    world = make_world()
    submission = late_work(world)
    with pytest.raises(LatenessUndecided):
        give(world, submission)
    session.expire_all()
    assert not submission.markings and not session.query(Grade).count()


@pytest.mark.parametrize(("deduction", "final"), [("0", "80"), ("12.5", "70"), ("100", "0")])
def test_what_the_grader_decides_is_taken_off(session, deduction, final):
    world = make_world()
    marking = give(world, late_work(world), 80, Decimal(deduction))
    assert (marking.score, marking.final_score) == (Decimal(80), Decimal(final))
    assert session.query(Grade).one().score == session.query(Progress).one().score == Decimal(final)
    facts = json.loads(session.query(LedgerEntry).filter_by(verb="mark submission").one().facts)
    assert (Decimal(facts["late_deduction"]), facts["late_reason"]) == (Decimal(deduction), REASON)


def test_a_deduction_without_a_reason_is_no_decision(session):
    world = make_world()
    with pytest.raises(LatenessUndecided):
        give(world, late_work(world), 80, Decimal(10), why=" ")


def test_a_correction_keeps_what_was_decided_or_decides_again(session):
    world = make_world()
    submission = late_work(world)
    give(world, submission, 80, Decimal(10))
    kept = give(world, submission, 90, seen=1, reason="Lampiran terlewat")
    assert (kept.final_score, kept.late_reason) == (Decimal(81), REASON)
    again = give(world, submission, 90, Decimal(0), seen=2, reason="Surat dokter", why="Dimaafkan")
    assert (again.final_score, again.late_deduction, again.late_reason) == (Decimal(90), Decimal(0), "Dimaafkan")


def test_the_same_mark_with_another_deduction_is_another_mark(session):
    world = make_world()
    submission = late_work(world)
    give(world, submission, 80, Decimal(10))
    again = give(world, submission, 80, Decimal(20), seen=1, reason="Keliru")
    assert again.number == 2


def test_work_in_time_needs_no_decision_and_has_none(session):
    world = make_world()
    marking = give(world, make_submission(world), 80, Decimal(50))
    assert (marking.final_score, marking.late_deduction, marking.late_reason) == (Decimal(80), None, "")


def test_a_moved_deadline_takes_a_decision_back_only_if_the_work_is_in_time_now(session):
    world = make_world()
    submission = late_work(world)
    give(world, submission, 80, Decimal(10))
    renew_penalty(submission, 1, now=NOON)
    assert [one.final_score for one in submission.markings] == [Decimal(72)]
    renew_penalty(submission, 0, now=NOON)
    newest = submission.markings[-1]
    assert (newest.final_score, newest.late_deduction, newest.late_reason) == (Decimal(80), None, "")


def test_the_decision_is_for_everybody_of_a_group(session):
    world = make_group_world(due=fixed("2026-11-22T12:00:00"), late=LATE, late_policy="decide", rubric=[])
    first = world.hand_in(world.ani, now=NOON)
    second = world.submission(world.budi)
    decision = GradeDecision(points=Decimal(80), late_deduction=Decimal(25), late_reason=REASON)
    grade_submission(first, decision, grader_id=world.instructor.id, seen=0, now=NOON)
    session.expire_all()
    assert [one.markings[-1].final_score for one in (first, second)] == [Decimal(60), Decimal(60)]


def test_the_grading_page_asks_with_the_courses_proposal(client):
    world = make_world()
    submission = late_work(world)
    html = client.sign_in(world.instructor).get(f"/teach/grading/{submission.id}").get_data(as_text=True)
    assert 'name="late_deduction"' in html and 'value="10"' in html and "mengusulkan 10%" in html
    in_time = make_submission(world, context=world.another_learner(), now=NOON - timedelta(days=2))
    assert 'name="late_deduction"' not in client.get(f"/teach/grading/{in_time.id}").get_data(as_text=True)


@pytest.mark.parametrize(
    "values",
    [
        {"late_reason": ""},
        {"late_deduction": ""},
        {"late_deduction": "101"},
        {"late_deduction": "-1"},
        {"late_deduction": "1,234"},
        {"late_deduction": "NaN"},
    ],
)
def test_a_decision_that_is_none_is_refused_and_what_was_typed_stays(client, session, values):
    world = make_world()
    submission = late_work(world)
    page = grade(client, world, submission, sent(**values))
    assert page.status_code == 422
    html = page.get_data(as_text=True)
    assert 'value="80"' in html and ("field__error" in html)
    session.expire_all()
    assert not submission.markings


def test_the_learner_reads_the_decision_before_and_after(client, session):
    world = make_world()
    submission = late_work(world)
    client.sign_in(world.learner)
    before = client.get(world.path).get_data(as_text=True)
    assert "Tugas ini terlambat: pengajar memutuskan" in before
    assert "pengajar memutuskan apakah dan seberapa banyak nilai dikurangi (biasanya 5%" in before
    grade(client, world, submission, sent(late_deduction="12,5"))
    after = client.sign_in(world.learner).get(world.path).get_data(as_text=True)
    assert "−12,50%" in after and "70" in after and REASON in after


def test_that_nothing_is_taken_off_is_said_as_well(client):
    world = make_world()
    submission = late_work(world)
    grade(client, world, submission, sent(late_deduction="0"))
    html = client.sign_in(world.learner).get(world.path).get_data(as_text=True)
    assert "tanpa pengurangan nilai, menurut keputusan penilai" in html and REASON in html


def test_the_story_of_the_mark_and_the_gradebook_say_it(client):
    world = make_world()
    submission = late_work(world)
    grade(client, world, submission, sent())
    course = f"/teach/courses/{world.course.slug}"
    assert f"diputuskan oleh penilai: 10%; {REASON}" in client.text(f"{course}/people/{world.enrolment.id}/marks")
    assert "−10%" in client.text(f"{course}/gradebook")
