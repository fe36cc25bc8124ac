"""The course page: the learner's progress, or how to join."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from flask import Blueprint, abort, current_app, render_template
from flask_login import current_user

from lms.content.items.base import item_type_of
from lms.core import clock, settings
from lms.core.i18n import say_message, to_site_time
from lms.courses import queries as courses
from lms.courses.models import CourseRevision
from lms.enrolment import queries as enrolments
from lms.enrolment.models import Enrolment
from lms.enrolment.queries import Joining
from lms.learning import queries, services
from lms.web.access import password_first, public

bp = Blueprint("learning", __name__)


@bp.app_template_global()
def type_icon(type_: str) -> str:
    return item_type_of(type_).icon


@bp.app_template_global()
def type_name(type_: str) -> str:
    return say_message(item_type_of(type_).label)


@bp.get("/courses/<slug>")
@public
@password_first
def course(slug: str) -> Any:
    found = courses.published(slug) or abort(404)
    row, revision = found
    now = clock.now()
    enrolment = enrolments.enrolment_of(current_user.id, row.id) if current_user.is_authenticated else None
    if enrolment is None:
        return render_template(
            "learning/syllabus.html",
            revision=revision,
            slug=slug,
            contents=courses.contents(revision.id),
            joining=_joining(revision, now),
            pass_mark=services.pass_mark(revision.rule.score),
        )
    today, site = to_site_time(now).date(), settings.values((services.PASS_MARK, services.NEAR_DAYS))
    progress = queries.course_progress(
        enrolment,
        row,
        revision,
        queries.item_progress([enrolment.id])[enrolment.id],
        zone=current_app.config["TIMEZONE"],
        pass_mark=float(site[services.PASS_MARK.name]),
        now=now,
    )
    completion = queries.completion_of(enrolment.id)
    end_reason = None if completion else progress.end_reason(today)
    is_past = _is_past(enrolment, today)
    return render_template(
        "learning/course.html",
        progress=progress,
        slug=slug,
        completion=completion,
        end_reason=end_reason,
        deadline=None if completion else progress.deadline(today, site[services.NEAR_DAYS.name]),
        is_past=is_past,
        extension=None if completion or is_past or end_reason else enrolments.newest_extension(enrolment),
        joining=_joining(revision, now, enrolment.cohort_id) if is_past or end_reason else None,
    )


def _joining(revision: CourseRevision, now: datetime, own_cohort_id: int | None = None) -> Joining:
    """The cohorts one can join, other than one's own."""
    person_id = current_user.id if current_user.is_authenticated else None
    found = enrolments.joining(person_id, revision, to_site_time(now).date())
    return replace(found, cohorts=[run for run in found.cohorts if run.cohort.id != own_cohort_id])


def _is_past(enrolment: Enrolment, today: date) -> bool:
    """True if the deadline has passed: the learner may take the course again."""
    return enrolment.due_on is not None and enrolment.due_on < today
