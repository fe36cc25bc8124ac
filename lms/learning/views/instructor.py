"""For instructors: the participants of a course, their progress and their marks."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request
from flask_login import current_user

from lms.core import i18n, settings
from lms.courses import queries as courses
from lms.courses.models import Course, CourseRevision
from lms.enrolment import queries as enrolments
from lms.enrolment.models import Enrolment
from lms.enrolment.queries import CohortSummary
from lms.learning import policy, queries, services
from lms.learning.status import TAGS, Status, learner_status
from lms.web.access import require, role
from lms.web.paging import paged
from lms.web.request_limits import row_number

bp = Blueprint("teaching", __name__)


@bp.get("/teach/courses/<slug>")
@role("instructor", "admin")
def participants(slug: str) -> Any:
    course, revision = _own_course(slug)
    runs, chosen = _runs(course)
    page = paged(enrolments.participants(course.id, chosen), scalars=False)
    ids = [enrolment.id for enrolment, _person in page.rows]
    progress = queries.item_progress(ids)
    contents = courses.contents(revision.id)
    pass_mark = services.pass_mark()
    outcomes = {one: queries.outcome_of(contents, revision.rule, progress[one], pass_mark) for one in ids}
    return render_template(
        "learning/participants.html",
        course=course,
        revision=revision,
        page=page,
        runs=runs,
        chosen=chosen,
        outcomes=outcomes,
        statuses=_statuses([enrolment for enrolment, _person in page.rows]),
        labels=services.STATUS_LABELS,
        tags=TAGS,
    )


@bp.get("/teach/courses/<slug>/gradebook")
@role("instructor", "admin")
def gradebook(slug: str) -> Any:
    course, revision = _own_course(slug)
    runs, chosen = _runs(course)
    page = paged(enrolments.participants(course.id, chosen), scalars=False)
    ids = [enrolment.id for enrolment, _person in page.rows]
    return render_template(
        "learning/gradebook.html",
        course=course,
        revision=revision,
        page=page,
        runs=runs,
        chosen=chosen,
        progress=queries.item_progress(ids),
        items=[item for item in courses.contents(revision.id).items if item.is_graded],
    )


def _statuses(enrolments_shown: list[Enrolment]) -> dict[int, Status]:
    """The status by enrolment, the same as on the completion boards of admins and heads."""
    today, near_days = i18n.today(), settings.value(services.NEAR_DAYS)
    states = queries.course_states([one.id for one in enrolments_shown])
    return {
        one.id: learner_status(
            states.get(one.id), is_withdrawn=False, due_on=one.due_on, today=today, near_days=near_days
        )
        for one in enrolments_shown
    }


def _runs(course: Course) -> tuple[list[CohortSummary], int | None]:
    """The course's cohorts, and the id of the one that the address asks for."""
    runs, wanted = enrolments.cohorts_of_course(course.id), request.args.get("cohort", type=row_number)
    return runs, next((run.cohort.id for run in runs if run.cohort.id == wanted), None)


def _own_course(slug: str) -> tuple[Course, CourseRevision]:
    found = courses.published(slug) or abort(404)
    require(policy.may_teach(current_user, found[0].id), status=404)
    return found
