"""For instructors: who takes the course and how far they are, and all marks."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request
from flask_login import current_user

from lms.core import clock, settings
from lms.core.i18n import to_site_time
from lms.courses import queries as courses
from lms.courses.models import Course, CourseRevision
from lms.enrolment import queries as enrolments
from lms.enrolment.models import Enrolment
from lms.enrolment.queries import Run
from lms.learning import policy, queries, services
from lms.learning.vocabulary import SIGNS, State, state
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
    marks = queries.marks_of(ids)
    contents = courses.contents(revision.id)
    pass_mark = services.pass_mark()
    outcomes = {one: queries.outcome_of(contents, revision.rule, marks[one], pass_mark) for one in ids}
    return render_template(
        "learning/participants.html",
        course=course,
        revision=revision,
        page=page,
        runs=runs,
        chosen=chosen,
        outcomes=outcomes,
        standing=_standing([enrolment for enrolment, _person in page.rows]),
        words=services.WORDS,
        signs=SIGNS,
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
        marks=queries.marks_of(ids),
        entries=[entry for entry in courses.contents(revision.id).items if entry.is_graded],
    )


def _standing(shown: list[Enrolment]) -> dict[int, State]:
    """Where each of them stands, by enrolment, as the boards of the office and of heads say it."""
    today, near_days = to_site_time(clock.now()).date(), settings.value(services.NEAR_DAYS)
    begun = queries.states_of([one.id for one in shown])
    return {
        one.id: state(begun.get(one.id), is_withdrawn=False, due_on=one.due_on, today=today, near_days=near_days)
        for one in shown
    }


def _runs(course: Course) -> tuple[list[Run], int | None]:
    """The course's cohorts, and the id of the one that the address asks for."""
    runs, wanted = enrolments.runs_of(course.id), request.args.get("cohort", type=row_number)
    return runs, next((run.cohort.id for run in runs if run.cohort.id == wanted), None)


def _own_course(slug: str) -> tuple[Course, CourseRevision]:
    found = courses.published(slug) or abort(404)
    require(policy.may_teach(current_user, found[0].id), status=404)
    return found
