"""Announcements: those of a course for its instructors, and what its participants read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.announcements import queries, services
from lms.announcements.forms import AnnouncementForm, CorrectionForm
from lms.announcements.models import Announcement
from lms.announcements.queries import AnnouncementLink, Audience, ShownAnnouncement
from lms.core import clock, i18n
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext
from lms.courses import queries as courses
from lms.courses.models import Course, CourseRevision
from lms.enrolment import queries as enrolments
from lms.enrolment.models import Enrolment
from lms.learning.queries.teaching import taught_course
from lms.web.access import role, signed_in
from lms.web.fields import saving
from lms.web.paging import Page, ids_of, paginate
from lms.web.request_limits import row_number

bp = Blueprint("announcements", __name__)
blueprints = (bp,)

SHOWN_FOR = timedelta(weeks=4)
"""How long an announcement stands on the course page."""

FEW, MANY = 5, 15
"""On a page for participants, who may be on a slow line, and for instructors."""


class NewestAnnouncements(NamedTuple):
    """On the page of a course: ``recent`` ones, and whether there are any at all."""

    recent: list[AnnouncementLink]
    has_any: bool


@bp.app_template_global()
def newest_announcements(enrolment: Enrolment) -> NewestAnnouncements:
    """A template global: the course page is in a lower package, which cannot import this one."""
    found, since = queries.newest(enrolment.course_id, enrolment.cohort_id), clock.now() - SHOWN_FOR
    return NewestAnnouncements([one for one in found if one.created_at > since], bool(found))


@bp.get("/announcements/<slug>")
@signed_in
def of_course(slug: str) -> Any:
    """For its participants. Who has left the course, or never took it, is led to its page."""
    course, revision = courses.published(slug) or abort(404)
    enrolment = enrolments.enrolment_of(current_user.id, course.id)
    if enrolment is None:
        return redirect(url_for("learning.course", slug=slug))
    page = _page(queries.listed_for(enrolment), FEW)
    return render_template("announcements/of_course.html", course=course, revision=revision, page=page)


@bp.route("/teach/courses/<slug>/announcements", methods=["GET", "POST"])
@role("instructor", "admin")
def list_(slug: str) -> Any:
    """Those of a course, and a new one: its form, a look at it, sending it."""
    course, revision = taught_course(slug, current_user) or abort(404)
    audiences = queries.audiences(course.id, i18n.today())
    form = AnnouncementForm(data={"cohort": request.args.get("cohort", type=row_number)})
    form.offer(audiences, [_label(one) for one in audiences])
    step, is_refused = request.form.get("do"), False
    if form.validate_on_submit() and step != "edit":
        chosen = next(one for one in audiences if (one.cohort.id if one.cohort else None) == form.cohort.data)
        if step != "send":
            return _look(course, revision, form, chosen)
        with saving(form):
            _announce(course, form, now=clock.now())
            flash(_sent(chosen), "done")
            return redirect(url_for(".list_", slug=slug), 303)
        is_refused = True
    if is_refused or form.own_number is None:
        form.number.data = str(queries.next_number(course.id, current_user.id))
    page = render_template(
        "announcements/list.html",
        course=course,
        revision=revision,
        form=form,
        page=_page(queries.listed(course.id), MANY),
    )
    return page, 409 if is_refused else 422 if form.errors else 200


def _announce(course: Course, form: AnnouncementForm, *, now: datetime) -> None:
    number = form.own_number or queries.next_number(course.id, current_user.id)
    services.announce(course.id, form.cohort.data, form.words, number=number, actor_id=current_user.id, now=now)


def _look(course: Course, revision: CourseRevision, form: AnnouncementForm, chosen: Audience) -> str:
    return render_template(
        "announcements/look.html",
        course=course,
        revision=revision,
        form=form,
        people=chosen.people,
        whom=_label(chosen),
    )


@bp.route("/teach/courses/<slug>/announcements/<int:announcement_id>", methods=["GET", "POST"])
@role("instructor", "admin")
def announcement(slug: str, announcement_id: int) -> Any:
    """Correct one."""
    course, revision, one = _taught(slug, announcement_id)
    form = CorrectionForm(data={"title": one.title, "text": one.text})
    if form.validate_on_submit():
        with saving(form):
            services.correct(
                one,
                form.words,
                version=form.seen_version,
                tells_again=form.tells_again.data,
                actor_id=current_user.id,
                now=clock.now(),
            )
            if form.tells_again.data:
                flash(_("Corrected. The participants are notified again within a few minutes."), "done")
            else:
                flash(_("Corrected. Whoever opens the announcement reads it as it is now."), "done")
            return redirect(url_for(".list_", slug=slug), 303)
        course, revision, one = _taught(slug, announcement_id)
    form.version.data = str(one.version)
    page = render_template("announcements/announcement.html", course=course, revision=revision, one=one, form=form)
    return page, 422 if form.is_submitted() else 200


@bp.route("/teach/courses/<slug>/announcements/<int:announcement_id>/withdraw", methods=["GET", "POST"])
@role("instructor", "admin")
def withdraw(slug: str, announcement_id: int) -> Any:
    course, revision, one = _taught(slug, announcement_id)
    if request.method == "GET":
        return render_template("announcements/withdraw.html", course=course, revision=revision, one=one)
    services.withdraw(one, actor_id=current_user.id, now=clock.now())
    db.session.commit()
    flash(_("Withdrawn. Participants read that it was withdrawn, and no longer what it said."), "done")
    return redirect(url_for(".list_", slug=slug), 303)


def _taught(slug: str, announcement_id: int) -> tuple[Course, CourseRevision, Announcement]:
    course, revision = taught_course(slug, current_user) or abort(404)
    return course, revision, queries.announcement(course.id, announcement_id) or abort(404)


def _page(found: Any, most: int) -> Page:
    page = paginate(found, most, scalars=False, by=ids_of(found, Announcement.id))
    return Page([ShownAnnouncement(*row) for row in page.rows], page.number, page.count, page.total)


def _label(audience: Audience) -> str:
    people = ngettext("%(num)s participant", "%(num)s participants", audience.people)
    cohort, whole = audience.cohort, _("All who take the course now")
    name = whole if cohort is None else cohort.name or _("Without dates")
    return f"{name} ({people})"


def _sent(audience: Audience) -> str:
    if not audience.people:
        return _("Sent. Nobody is there yet; who enrols later reads it on the page of the course.")
    return ngettext(
        "Sent to %(num)s participant, who is notified within a few minutes.",
        "Sent to %(num)s participants, who are notified within a few minutes.",
        audience.people,
    )
