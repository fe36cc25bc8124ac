"""A course's home, and its items: modules are read here, other kinds are shown by their own package."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_login import current_user

from lms.content.items.base import item_type_of
from lms.core import clock, settings
from lms.core.db import db
from lms.core.i18n import say_message, to_site_time
from lms.courses import queries as courses
from lms.enrolment import queries as enrolments
from lms.enrolment.models import Enrolment
from lms.enrolment.queries import Joining
from lms.learning import queries, services
from lms.learning.queries import Place, Spot
from lms.learning.views import reading
from lms.web import form_recovery
from lms.web.access import password_first, public

bp = Blueprint("learning", __name__)


@bp.app_context_processor
def _words() -> dict[str, Any]:
    return {"type_name": type_name}


def type_name(type_: str) -> str:
    """The word for a type of item."""
    return say_message(item_type_of(type_).label)


@bp.get("/courses/<slug>")
@public
@password_first
def course(slug: str) -> Any:
    found = courses.published(slug) or abort(404)
    row, revision = found
    enrolment = enrolments.enrolment_of(current_user.id, row.id) if current_user.is_authenticated else None
    if enrolment is None:
        return render_template(
            "learning/syllabus.html",
            revision=revision,
            slug=slug,
            contents=courses.contents(revision.id),
            joining=_joining(row.id),
            pass_mark=services.pass_mark(revision.rule.score),
        )
    now = clock.now()
    today, set_here = to_site_time(now).date(), settings.values((services.PASS_MARK, services.NEAR_DAYS))
    journey = queries.journey(
        enrolment,
        row,
        revision,
        queries.marks_of([enrolment.id])[enrolment.id],
        zone=current_app.config["TIMEZONE"],
        pass_mark=float(set_here[services.PASS_MARK.name]),
        now=now,
    )
    completion = queries.completion_of(enrolment.id)
    halt = None if completion else journey.halt(today)
    is_past = _is_past(enrolment, today)
    return render_template(
        "learning/course.html",
        journey=journey,
        slug=slug,
        completion=completion,
        halt=halt,
        last_day=None if completion else journey.last_day(today, set_here[services.NEAR_DAYS.name]),
        is_past=is_past,
        extension=None if completion or is_past or halt else enrolments.newest_extension(enrolment),
        joining=_joining(row.id, enrolment.cohort_id) if is_past or halt else None,
    )


def _joining(course_id: int, own_cohort_id: int | None = None) -> Joining:
    """Without the cohort that one is in: choosing that again would change nothing."""
    person_id = current_user.id if current_user.is_authenticated else None
    found = enrolments.joining(person_id, course_id, to_site_time(clock.now()).date())
    return replace(found, runs=[run for run in found.runs if run.cohort.id != own_cohort_id])


def _is_past(enrolment: Enrolment, today: date) -> bool:
    """Its last day is over: one may take the course again."""
    return enrolment.due_on is not None and enrolment.due_on < today


def show_module(spot: Spot) -> Any:
    """GET shows it; POST: its end was reached, or its reader says so."""
    if request.method != "POST":
        return reading.page(spot)
    place = queries.place_at(spot)
    if spot.entry.counts:
        services.record_read(place.enrolment_id, place.item, now=clock.now())
    db.session.commit()
    if form_recovery.wants_json():
        return {"state": "done"}
    return redirect(_onward(place))


def _onward(place: Place) -> str:
    """Where a finished item leads: the next one, at the end the course's finish or its home."""
    if place.next:
        return url_for("learning.item", slug=place.course_slug, item=place.next.slug)
    if queries.completion_of(place.enrolment_id):
        return url_for("records.finish", slug=place.course_slug)
    return url_for("learning.course", slug=place.course_slug)
