"""A course's home, and its items: modules are read here, other kinds are shown by their own package."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_login import current_user

from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.core.i18n import local
from lms.courses import queries as courses
from lms.enrolment import queries as enrolments
from lms.enrolment.models import Enrolment
from lms.enrolment.queries import Joining
from lms.learning import queries, services
from lms.learning.queries import Place
from lms.learning.views import reading
from lms.web import kept
from lms.web.access import password_first, public, signed_in
from lms.web.incoming import takes_files

bp = Blueprint("learning", __name__)


@bp.app_context_processor
def _words() -> dict[str, Any]:
    return {"type_name": type_name}


def type_name(kind: str) -> str:
    """The word for a kind of item."""
    names = {"module": _("Module"), "quiz": _("Quiz"), "assignment": _("Assignment")}
    return str(names[kind])


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
            pass_mark=services.pass_mark(revision.completion["score"]),
        )
    journey = queries.journey(
        enrolment,
        row,
        revision,
        queries.marks_of([enrolment.id])[enrolment.id],
        zone=current_app.config["TIMEZONE"],
        pass_mark=services.pass_mark(),
        now=clock.now(),
    )
    return render_template(
        "learning/course.html",
        journey=journey,
        slug=slug,
        completion=queries.completion_of(enrolment.id),
        extension=enrolments.newest_extension(enrolment),
        joining=_joining(row.id) if _is_past(enrolment) else None,
    )


def _joining(course_id: int) -> Joining:
    person_id = current_user.id if current_user.is_authenticated else None
    return enrolments.joining(person_id, course_id, local(clock.now()).date())


def _is_past(enrolment: Enrolment) -> bool:
    """Its last day is over: one may take the course again."""
    return enrolment.due_on is not None and enrolment.due_on < local(clock.now()).date()


@bp.route("/courses/<slug>/<item>", methods=["GET", "POST"])
@takes_files
@signed_in
def item(slug: str, item: str) -> Any:
    zone = current_app.config["TIMEZONE"]
    spot = queries.spot(current_user.id, slug, item, zone=zone, now=clock.now())
    if spot is None:
        return _not_enrolled(slug)
    lock = spot.here.lock
    if lock is None and spot.entry.type == "module" and request.method != "POST":
        return reading.page(spot)
    place = queries.place_at(spot)
    if lock is not None:
        return render_template("learning/locked.html", place=place, lock=lock)
    show = current_app.extensions["lms.activities"].get(place.item.type, _module)
    return show(place)


def _not_enrolled(slug: str) -> Any:
    """Who knows the course but is not in it is shown how to join; other addresses do not exist."""
    if courses.published(slug) is None or request.method != "GET":
        abort(404)
    return redirect(url_for("learning.course", slug=slug))


def _module(place: Place) -> Any:
    """The end of a module was reached; its page is ``reading.page``."""
    if place.item.content["complete"] != "none":
        services.record_read(place.enrolment_id, place.item, now=clock.now())
    db.session.commit()
    if kept.wants_json():
        return {"state": "done"}
    return redirect(_onward(place))


def _onward(place: Place) -> str:
    """Where a finished item leads: the next one, at the end the course's finish or its home."""
    if place.next:
        return url_for("learning.item", slug=place.course_slug, item=place.next.slug)
    if queries.completion_of(place.enrolment_id):
        return url_for("records.finish", slug=place.course_slug)
    return url_for("learning.course", slug=place.course_slug)
