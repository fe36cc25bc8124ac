"""The result of an attempt, what can be learned from it, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from flask import current_app, redirect
from flask_login import current_user
from werkzeug.wrappers import Response as HttpResponse

from lms.content.items.quiz import Quiz
from lms.content.items.review import Moment, ReviewTable, Thing
from lms.core import clock
from lms.core.db import db
from lms.core.i18n import to_site_time
from lms.courses import queries as courses
from lms.learning import queries as learning
from lms.learning import reading_again, states
from lms.learning.queries import ItemAccess, ItemContext
from lms.learning.reading_again import ReadAgain
from lms.learning.services import pass_mark
from lms.learning.states import ItemRow
from lms.objections import queries as objections
from lms.objections.services import own_objections
from lms.people import queries as persons
from lms.quizzes import queries, scoring, services
from lms.quizzes.attempt_state import AttemptState
from lms.quizzes.disclosure import Disclosure, disclosure, moment_of, shown_from
from lms.quizzes.gain import Gain
from lms.quizzes.models import AnswerMark
from lms.quizzes.queries import AttemptRow, QuizLocation, regrades
from lms.quizzes.queries.files import files_by_question
from lms.quizzes.shortfall import next_score, shortfall
from lms.quizzes.timing import Obstacle
from lms.quizzes.views.attempt import (
    bp,
    own_attempt,
    own_attempt_for_update,
    time_over_page,
    uncached_page,
)
from lms.quizzes.views.attempt_values import question_url, review_url
from lms.quizzes.views.objecting import told_mark_at
from lms.web.access import signed_in


class QuizResult(NamedTuple):
    """The result over all attempts of a learner at a quiz."""

    effective: Decimal | None
    """None while no attempt has a score."""
    is_passed: bool
    is_running: bool
    obstacle: Obstacle | None
    """What keeps the learner from the next attempt now. None too if the quiz is not the learner's any more."""
    may_retry: bool
    left: int | None
    """Attempts that can still be started; None: no limit."""
    next_score: Decimal
    """What the next attempt needs where the average counts."""


@dataclass(frozen=True)
class CourseAfterAttempt:
    """The learner's course after this attempt: the other item to continue with, and how many are done.

    ``jp`` are those of its certificate, 0 without one.
    """

    next_row: ItemRow | None
    done: int
    total: int
    is_completed: bool
    jp: int


@bp.get("/attempts/<int:attempt_id>/review")
@signed_in
def review(attempt_id: int) -> Any:
    attempt, now = own_attempt(attempt_id), clock.now()
    if attempt.reviewed_at is None:
        is_ready = attempt.submitted_at is not None or services.is_over(attempt, now)
        return time_over_page(attempt) if is_ready else redirect(question_url(attempt, None))
    location = queries.quiz_location(attempt)
    access = _current_access(attempt, location, now)
    context = learning.item_context(access) if access else None
    attempts = queries.attempts_of(attempt.enrolment_id, attempt.item_id)
    in_force = queries.quiz_for(attempt.enrolment_id, attempt.item_id, services.quiz_in_force(attempt))
    mark = pass_mark(in_force.pass_mark)
    result = _result(in_force, attempts, context, mark, now)
    moment = _moment(result, context, now)
    shown = disclosure(in_force.review, moment)
    if attempt.is_practice:
        return _practice(attempt, shown, location)
    state = queries.marked_state(attempt)
    assert attempt.points is not None
    parts = _answers_and_marks(attempt, state) | {"location": location, "disclosure": shown}
    parts |= _hidden_until(in_force.review, shown, moment)
    if attempt.score is None:
        left = sum((one.most for one in state.unmarked), Decimal(0))
        return uncached_page("quizzes/waiting.html", left=left, **parts)
    is_discarded = queries.is_discarded(attempt)
    remarks = regrades.remarks([attempt.id]).get(attempt.id, [])
    asked = [one.asked for one in state.questions]
    return uncached_page(
        "quizzes/review.html",
        before=_before(attempts, attempt.number),
        gain=_gain(in_force, access, attempt),
        quiz=in_force,
        result=result,
        lacks=None if is_discarded else shortfall(asked, attempt.points, attempt.most_points, mark),
        again=_to_read_again(access, state, result, shown),
        ahead=_ahead(access) if access else None,
        deadline=_deadline(access, now) if access else None,
        context=context,
        pass_mark=mark,
        is_discarded=is_discarded,
        remarks=remarks,
        objections=own_objections([services.subject(attempt)], told_mark_at(attempt, remarks), now),
        **parts,
    )


def _answers_and_marks(attempt: AttemptRow, state: AttemptState) -> dict[str, Any]:
    marks = _marks_of_essays(state, attempt)
    return {
        "attempt": attempt,
        "state": state,
        "marks": marks,
        "names": persons.names_of({one.marked_by for one in marks.values()}) if marks else {},
        "files": files_by_question(state.questions),
    }


def _moment(result: QuizResult, context: ItemContext | None, now: datetime) -> Moment:
    return moment_of(
        is_passed=result.is_passed,
        may_retry=result.may_retry,
        is_closed=context is not None and context.closes_at is not None and now >= context.closes_at,
        is_running=result.is_running,
    )


def _hidden_until(review: ReviewTable, shown: Disclosure, moment: Moment) -> dict[str, Any]:
    """The moments from which answers and keys that are hidden now are shown."""
    answers_from = shown_from(review, "answers", moment)
    return {"answers_from": answers_from, "key_from": _key_from(review, shown, moment)}


def _key_from(review: ReviewTable, shown: Disclosure, moment: Moment) -> Moment | None:
    """When the right answers or explanations that are hidden now are shown."""
    things: tuple[tuple[Thing, bool], ...] = (("key", shown.key), ("explanation", shown.explanation))
    moments = (shown_from(review, thing, moment) for thing, is_shown in things if not is_shown)
    return next((one for one in moments if one), None)


def _marks_of_essays(state: AttemptState, attempt: AttemptRow) -> dict[str, AnswerMark]:
    """By question. Most quizzes have no essay, and this makes no query for them."""
    if not any(one.asked.is_marked_by_people for one in state.questions):
        return {}
    return regrades.told_answer_marks(attempt.id)


def _practice(attempt: AttemptRow, shown: Disclosure, location: QuizLocation) -> HttpResponse:
    """Answers, and no mark that could be taken for one that counts."""
    return uncached_page(
        "quizzes/practice.html",
        attempt=attempt,
        state=queries.marked_state(attempt),
        location=location,
        objections=objections.about([services.subject(attempt)]),
        disclosure=shown,
    )


@bp.post("/attempts/<int:attempt_id>/review")
@signed_in
def open_review(attempt_id: int) -> Any:
    """See a result for the first time. This is recorded: what the learner knows now can no longer be answered."""
    attempt, now = own_attempt_for_update(attempt_id), clock.now()
    if services.is_over(attempt, now):
        services.submit_attempt(attempt, now=now)
    services.open_review(attempt, now=now)
    db.session.commit()
    return redirect(review_url(attempt) if attempt.submitted_at else question_url(attempt, None))


def _result(
    quiz: Quiz, attempts: Sequence[AttemptRow], context: ItemContext | None, mark: float, now: datetime
) -> QuizResult:
    """``quiz`` is the one in force."""
    scores = [one.score for one in attempts if one.score is not None]
    effective = scoring.effective_score(scores, quiz.grade) if scores else None
    obstacle = None
    if context is not None:
        obstacle = services.obstacle_of(quiz, attempts, context.closes_at, now)
    return QuizResult(
        effective=effective,
        is_passed=context.state == "done" if context else effective is not None and scoring.passes(effective, mark),
        is_running=any(one.submitted_at is None for one in attempts),
        obstacle=obstacle,
        may_retry=context is not None and (obstacle is None or obstacle.is_temporary),
        left=None if quiz.attempts is None else max(0, quiz.attempts - len(attempts)),
        next_score=next_score(scores, mark),
    )


def _before(attempts: Sequence[AttemptRow], number: int) -> Decimal | None:
    """The score of the attempt before this one."""
    return next((one.score for one in reversed(attempts) if one.number < number and one.score is not None), None)


def _gain(quiz: Quiz, access: ItemAccess | None, attempt: AttemptRow) -> Gain | None:
    """From the first attempt at the course's pretest to this one at its posttest."""
    if quiz.purpose != "posttest" or access is None or attempt.score is None:
        return None
    pretest = next((one for one in access.contents.items if one.purpose == "pretest"), None)
    scores = queries.scores(attempt.enrolment_id, pretest.item_id) if pretest else []
    return Gain(scores[0], attempt.score) if scores else None


def _to_read_again(
    access: ItemAccess | None, state: AttemptState, result: QuizResult, shown: Disclosure
) -> list[ReadAgain]:
    """Nothing once the quiz is passed."""
    if access is None or result.is_passed or not shown.overall:
        return []
    return reading_again.to_read_again(access.rows, access.item, access.course_slug, state.failed_explanations(shown))


def _ahead(access: ItemAccess) -> CourseAfterAttempt:
    counted = [row for row in access.rows if row.item.counts]
    others = [row for row in access.rows if row.item is not access.item]
    return CourseAfterAttempt(
        next_row=states.next_row(others, access.progress, access.contents.rule),
        done=sum(row.is_done for row in counted),
        total=len(counted),
        is_completed=learning.is_completed(access.enrolment_id),
        jp=courses.certificate_jp(access.course_slug),
    )


class RetryDeadline(NamedTuple):
    """``closes_at`` is when the quiz closes; if it stays open, ``on`` is the last day of the learner's course."""

    closes_at: datetime | None
    on: date
    days_left: int


def _deadline(access: ItemAccess, now: datetime) -> RetryDeadline | None:
    closes_at = access.window.item_moment(access.item.item_id, access.item.closes, "closes")
    last_day = access.window.last_day(item.ends for item in access.contents.items)
    on = to_site_time(closes_at).date() if closes_at else last_day
    return RetryDeadline(closes_at, on, (on - to_site_time(now).date()).days) if on else None


def _current_access(attempt: AttemptRow, location: QuizLocation, now: datetime) -> ItemAccess | None:
    """The quiz in the course as it is now; None if it is gone, or if the learner has left or enrolled again."""
    if location.item_slug is None:
        return None
    zone = current_app.config["TIMEZONE"]
    access = learning.item_access(current_user.id, location.course_slug, location.item_slug, zone=zone, now=now)
    return access if access and access.enrolment_id == attempt.enrolment_id else None
