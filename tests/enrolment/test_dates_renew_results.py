"""An extension, and other dates of a cohort, move the ends of running attempts and renew late penalties."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from assignment_factories import content as assignment_content
from assignment_factories import make_submission
from factories import NOON, item_of, make_cohort, make_course, make_enrolment, make_item_context, make_person
from quiz_factories import MINUTE
from quiz_factories import content as quiz_content

from lms.assignments.models import Marking
from lms.assignments.services.grading import GradeDecision, GradedMeanwhile, grade_submission
from lms.core import settings
from lms.core.db import db
from lms.enrolment import services
from lms.enrolment.settings import CohortSettings, way_of
from lms.learning import queries as learning
from lms.learning.models import Grade, Progress
from lms.learning.queries.enrolments import enrolment_rules
from lms.learning.services import PASS_MARK, renewal
from lms.ops.services import evidence
from lms.people.models import Person
from lms.quizzes import jobs
from lms.quizzes import services as quizzes

TODAY = NOON.date()
AT_TWELVE = {"base": "end", "moment": None, "days": 0, "at": "12:05"}
"""Five minutes after NOON on the site's clock."""


@pytest.fixture
def cohort(session):
    quiz = {"slug": "kuis", "type": "quiz", "content": quiz_content(), "closes": AT_TWELVE}
    task = {"slug": "tugas", "type": "assignment", "content": LATE_TASK}
    return make_cohort(make_course(items=(quiz, task)), starts_on=TODAY - timedelta(days=7), ends_on=TODAY)


LATE_TASK = assignment_content(rubric=[], due=AT_TWELVE, late={"until": None, "penalty": 10.0})


def start(cohort, slug="kuis"):
    enrolment = make_enrolment(make_person(), cohort.course, cohort=cohort, due_on=cohort.ends_on)
    context = make_item_context(enrolment, item_of(cohort.course, slug), window=window(enrolment))
    return enrolment, context


def window(enrolment):
    return enrolment_rules([enrolment.id], "Asia/Jayapura")[enrolment.id].window


def extend(*enrolments, days=12):
    return services.extend(enrolments, TODAY + timedelta(days=days), "Sakit", actor_id=None, now=NOON)


def test_an_extension_moves_the_end_of_a_running_attempt(session, cohort):
    enrolment, context = start(cohort)
    attempt = quizzes.start_attempt(context, seed=1, now=NOON)
    assert attempt.deadline_at == NOON + 5 * MINUTE
    extend(enrolment)
    session.commit()
    jobs.submit_overdue_attempts()
    session.expire_all()
    assert attempt.submitted_at is None
    assert attempt.deadline_at.date() == TODAY + timedelta(days=12)
    assert attempt.deadline_at == window(enrolment).moment(context.summary.closes, "closes")


def test_so_it_does_for_many_at_once_before_any_job(session, cohort, monkeypatch):
    monkeypatch.setattr(renewal, "AT_ONCE", 1)
    both = [start(cohort) for _ in range(3)]
    attempts = [quizzes.start_attempt(context, seed=1, now=NOON) for _one, context in both]
    assert extend(*(one for one, _context in both)) == 3
    session.expire_all()
    assert {one.deadline_at.date() for one in attempts} == {TODAY + timedelta(days=12)}


def test_a_time_limit_still_ends_the_attempt(session, cohort):
    item_of(cohort.course, "kuis").content = quiz_content(time_limit=120)
    enrolment, context = start(cohort)
    attempt = quizzes.start_attempt(context, seed=1, now=NOON)
    extend(enrolment)
    assert attempt.deadline_at == NOON + 2 * MINUTE


def change_dates(cohort, ends_on: date) -> None:
    settings = CohortSettings(cohort.name, cohort.starts_on, ends_on, way_of(cohort.is_open, cohort.needs_approval))
    services.change_cohort(cohort, settings, actor_id=None, now=NOON)
    db.session.expire_all()


def test_other_dates_of_a_cohort_move_the_ends_but_never_forward(session, cohort):
    _enrolment, context = start(cohort)
    attempt = quizzes.start_attempt(context, seed=1, now=NOON)
    change_dates(cohort, TODAY + timedelta(days=3))
    assert attempt.deadline_at == NOON + 5 * MINUTE + timedelta(days=3)
    change_dates(cohort, TODAY)
    assert attempt.deadline_at == NOON + 5 * MINUTE + timedelta(days=3)


def test_who_comes_back_has_the_dates_of_that_day(session, cohort):
    enrolment, context = start(cohort)
    attempt = quizzes.start_attempt(context, seed=1, now=NOON)
    services.withdraw(enrolment, actor_id=None, now=NOON)
    change_dates(cohort, TODAY + timedelta(days=3))
    services.places.enrol(db.session.get_one(Person, enrolment.person_id), cohort, actor_id=None, now=NOON)
    db.session.expire_all()
    assert attempt.deadline_at == NOON + 5 * MINUTE + timedelta(days=3)


def late_paper(cohort, grader=None):
    """Handed in a second late, and marked with 70 of 100: it loses 10 %."""
    enrolment, context = start(cohort, "tugas")
    submission = make_submission(None, context=context, now=NOON + 5 * MINUTE + timedelta(seconds=1))
    assert submission.late_days == 1
    if grader:
        decision = GradeDecision(points=Decimal(70))
        grade_submission(submission, decision, grader_id=grader.id, seen=0, now=NOON)
    return enrolment, submission


def result(enrolment):
    db.session.expire_all()
    row = db.session.query(Progress).filter_by(enrolment_id=enrolment.id).one()
    return row.state, row.score


def test_an_extension_renews_the_penalty_of_a_paper_that_was_late(session, cohort):
    grader = make_person()
    enrolment, submission = late_paper(cohort, grader)
    assert result(enrolment) == ("failed", 63)
    extend(enrolment)
    assert result(enrolment) == ("done", 70)
    assert submission.late_days == 0
    first, second = submission.markings
    assert (first.final_score, second.final_score, second.score, second.is_renewed) == (63, 70, 70, True)
    grades = session.query(Grade).order_by(Grade.number).all()
    assert [(one.score, one.graded_by) for one in grades] == [(63, grader.id), (70, None)]
    session.commit()
    assert list(evidence.examine()) == []


def test_it_is_renewed_once(session, cohort):
    enrolment, _submission = late_paper(cohort, make_person())
    extend(enrolment)
    renewal.renew([enrolment.id], now=NOON)
    assert session.query(Marking).count() == 2


def test_an_extension_takes_nothing_back_from_who_completed_the_course(session, cohort):
    settings.change(PASS_MARK, 60.0, actor_id=None, now=NOON)
    item_of(cohort.course, "kuis").is_required = False
    cohort.course.revision.completion = {"items": "required", "score": 0}
    enrolment, submission = late_paper(cohort, make_person())
    assert result(enrolment) == ("done", 63)
    assert learning.is_completed(enrolment.id)
    settings.change(PASS_MARK, 90.0, actor_id=None, now=NOON)
    extend(enrolment)
    assert (submission.late_days, result(enrolment)) == (0, ("done", 70))


def test_a_paper_that_is_not_marked_yet_is_marked_without_penalty(session, cohort):
    enrolment, submission = late_paper(cohort)
    extend(enrolment)
    assert submission.late_days == 0
    assert result(enrolment) == ("waiting", None)


def test_a_paper_that_was_in_time_stays_in_time(session, cohort):
    _enrolment, context = start(cohort, "tugas")
    submission = make_submission(None, context=context, now=NOON)
    change_dates(cohort, TODAY - timedelta(days=2))
    assert submission.late_days == 0


def test_who_grades_while_a_penalty_is_renewed_is_not_told_that_somebody_else_graded(session, cohort):
    grader = make_person()
    enrolment, submission = late_paper(cohort, grader)
    extend(enrolment)
    decision = GradeDecision(points=Decimal(80), reason="Salah hitung")
    grade_submission(submission, decision, grader_id=grader.id, seen=1, now=NOON)
    assert result(enrolment) == ("done", 80)
    with pytest.raises(GradedMeanwhile):
        grade_submission(
            submission, GradeDecision(points=Decimal(90), reason="x"), grader_id=grader.id, seen=2, now=NOON
        )
