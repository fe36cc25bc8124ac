"""The course page: the learner's progress, or how to join."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

from flask import Blueprint, abort, current_app, render_template
from flask_login import current_user

from lms.content.items.base import item_type_of
from lms.core import clock, settings
from lms.core.i18n import gettext, say_message, to_site_time
from lms.courses import queries as courses
from lms.courses.models import Course, CourseRevision
from lms.courses.services import JP_MINUTES
from lms.enrolment import queries as enrolments
from lms.enrolment.queries import Joining
from lms.learning import policy, queries, services
from lms.learning.queries.enrolments import progress_in_course
from lms.learning.states import minutes_left
from lms.learning.syllabus import outlooks
from lms.web.access import password_first, public

bp = Blueprint("learning", __name__)


@bp.app_template_global()
def type_icon(type_: str) -> str:
    return item_type_of(type_).icon


@bp.app_template_global()
def type_name(type_: str) -> str:
    return say_message(item_type_of(type_).label)


@bp.app_template_global()
def own_time(type_: str, minutes: int) -> str:
    """What an item takes without its practice, such as "reading about 8 min"."""
    return gettext(item_type_of(type_).own_time.template, own=minutes)


class CatalogueState(NamedTuple):
    """What a card of the catalogue says of a course, to this reader."""

    is_taken: bool
    is_completed: bool
    is_open: bool
    starts_on: date | None
    """When the next cohort starts; None: it may be begun at once, if ``is_open``."""


@bp.app_template_global()
def catalogue_states(course_ids: list[int]) -> dict[int, CatalogueState]:
    """The states that the catalogue shows; it is in a lower package."""
    person_id = current_user.id if current_user.is_authenticated else None
    taken = enrolments.enrolments_among(person_id, course_ids) if person_id is not None else {}
    completed = queries.completed_among(list(taken.values())) if taken else set()
    starts = enrolments.next_starts(course_ids, to_site_time(clock.now()).date())
    return {
        one: CatalogueState(one in taken, taken.get(one) in completed, one in starts, starts.get(one))
        for one in course_ids
    }


@bp.get("/courses/<slug>")
@public
@password_first
def course(slug: str) -> Any:
    found = courses.published(slug) or abort(404)
    row, revision = found
    now = clock.now()
    enrolment = enrolments.enrolment_of(current_user.id, row.id) if current_user.is_authenticated else None
    today, site = to_site_time(now).date(), settings.values((services.PASS_MARK, services.NEAR_DAYS, JP_MINUTES))
    if enrolment is None:
        return _syllabus(row, revision, now, site)
    progress = progress_in_course(enrolment, row, revision, pass_mark=float(site[services.PASS_MARK.name]), now=now)
    completion = queries.completion_of(enrolment.id)
    end_reason = None if completion else progress.end_reason(today)
    is_past = progress.due_on is not None and progress.due_on < today
    return render_template(
        "learning/course.html",
        progress=progress,
        slug=slug,
        is_archived=row.archived_at is not None,
        jp_minutes=site[JP_MINUTES.name],
        completion=completion,
        end_reason=end_reason,
        deadline=None if completion else progress.deadline(today, site[services.NEAR_DAYS.name]),
        is_past=is_past,
        may_plan=minutes_left(progress.eligible_rows) > 0,
        now=now,
        extension=None if completion or is_past or end_reason else enrolments.newest_extension(enrolment),
        joining=_joining(slug, revision, now, enrolment.cohort_id) if is_past or end_reason else None,
    )


def _syllabus(course: Course, revision: CourseRevision, now: datetime, site: dict[str, Any]) -> str:
    """The page for people who do not take the course."""
    joining, contents = _joining(course.slug, revision, now), courses.contents(revision.id)
    asked = joining.application if joining.application and joining.application.state != "refused" else None
    cohorts = [asked.cohort] if asked else [summary.cohort for summary in joining.cohorts]
    score = revision.rule.score
    return render_template(
        "learning/syllabus.html",
        revision=revision,
        slug=course.slug,
        is_archived=course.archived_at is not None,
        may_teach=current_user.is_authenticated and policy.may_teach(current_user, course.id),
        contents=contents,
        joining=joining,
        today=to_site_time(now).date(),
        now=now,
        outlooks=outlooks(cohorts, contents, zone=current_app.config["TIMEZONE"], now=now),
        site_pass_mark=site[services.PASS_MARK.name],
        pass_mark=site[services.PASS_MARK.name] if score is None else score,
        jp_minutes=site[JP_MINUTES.name],
    )


def _joining(slug: str, revision: CourseRevision, now: datetime, own_cohort_id: int | None = None) -> Joining:
    """The cohorts one can join, without one's own."""
    person_id = current_user.id if current_user.is_authenticated else None
    found = enrolments.joining(person_id, slug, revision, to_site_time(now).date())
    return replace(found, cohorts=[one for one in found.cohorts if one.cohort.id != own_cohort_id])
