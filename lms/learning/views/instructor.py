"""For instructors: the participants of a course, their progress and their marks."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask_login import current_user

from lms.core import clock, i18n, settings
from lms.core.hooks import KeyedHook
from lms.core.site import absolute_url
from lms.courses import queries as courses
from lms.courses.models import Course
from lms.enrolment import queries as enrolments
from lms.enrolment.models import Enrolment
from lms.learning import queries, services
from lms.learning.hooks import limit_pages, pages_of
from lms.learning.queries.enrolments import course_states, progress_in_course
from lms.learning.queries.teaching import cohorts_and_chosen, taught_course
from lms.learning.services import renewal
from lms.learning.status import TAGS, Status, learner_status
from lms.learning.work import Work, WorkOf
from lms.web.access import role
from lms.web.paging import Page, ids_of, paginate
from lms.web.request_limits import row_number

bp = Blueprint("teaching", __name__)

stored_work: KeyedHook[WorkOf] = KeyedHook("stored_work")
"""The work that the packages of the item types list on a participant's page, by the type."""


@bp.get("/teach/courses/<slug>")
@role("instructor", "admin")
def participants(slug: str) -> Any:
    course, revision = taught_course(slug, current_user) or abort(404)
    cohorts, chosen = cohorts_and_chosen(course.id, request.args.get("cohort", type=row_number))
    page = _page(course, chosen)
    ids = [enrolment.id for enrolment, _person in page.rows]
    progress = queries.item_progress(ids)
    contents = courses.contents(revision.id)
    pass_mark = services.pass_mark()
    outcomes = {one: queries.outcome_of(contents, revision.rule, progress[one], pass_mark) for one in ids}
    return render_template(
        "learning/participants.html",
        course=course,
        revision=revision,
        left_to_renew=renewal.left_to_renew(course.id),
        page=page,
        cohorts=cohorts,
        chosen=chosen,
        outcomes=outcomes,
        statuses=_statuses([enrolment for enrolment, _person in page.rows]),
        labels=services.STATUS_LABELS,
        tags=TAGS,
        takes_people=course.id in enrolments.next_starts([course.id], i18n.today()),
        address=absolute_url(url_for("learning.course", slug=slug)),
        has_groups=any(courses.item_content(one.item_revision_id).is_for_groups for one in contents.items),
        item_pages=[
            (one, page)
            for one in contents.items
            for page in pages_of(courses.item_content(one.item_revision_id))
            if page.is_for_course
        ],
    )


@bp.get("/teach/courses/<slug>/people/<int:enrolment_id>")
@role("instructor", "admin")
def participant(slug: str, enrolment_id: int) -> Any:
    """All items of one participant, with each attempt and submission."""
    course, revision = taught_course(slug, current_user) or abort(404)
    enrolment, person = enrolments.participant(course.id, enrolment_id) or abort(404)
    progress = progress_in_course(enrolment, course, revision, pass_mark=services.pass_mark(), now=clock.now())
    work: dict[int, list[Work]] = {}
    for work_of in stored_work:
        work |= work_of(enrolment.id)
    return render_template(
        "learning/participant.html",
        course=course,
        revision=revision,
        person=person,
        enrolment=enrolment,
        progress=progress,
        status=_statuses([enrolment])[enrolment.id],
        labels=services.STATUS_LABELS,
        tags=TAGS,
        work=work,
        limit_pages=limit_pages,
    )


def _page(course: Course, cohort_id: int | None) -> Page:
    found = enrolments.participants(course.id, cohort_id)
    return paginate(found, scalars=False, by=ids_of(found, Enrolment.id))


def _statuses(enrolments_shown: list[Enrolment]) -> dict[int, Status]:
    """The status by enrolment, the same as on the completion boards of admins and heads."""
    today, near_days = i18n.today(), settings.value(services.NEAR_DAYS)
    states = course_states([one.id for one in enrolments_shown])
    return {
        one.id: learner_status(
            states.get(one.id),
            is_withdrawn=one.withdrawn_at is not None,
            due_on=one.due_on,
            today=today,
            near_days=near_days,
        )
        for one in enrolments_shown
    }
