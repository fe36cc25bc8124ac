"""Questions to the instructors: a page for the participants of a course, and pages for those who answer."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.core import clock
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.courses import queries as courses
from lms.courses.contents import ItemSummary
from lms.enrolment import queries as enrolments
from lms.enrolment.models import Enrolment
from lms.inquiries import queries, services
from lms.inquiries.forms import AnswerInquiryForm, InquiryForm
from lms.inquiries.models import Inquiry
from lms.inquiries.queries import SeenInquiry, TaughtInquiry
from lms.people import queries as persons
from lms.web.access import role, signed_in
from lms.web.fields import saving
from lms.web.paging import Page, ids_of, paginate

bp = Blueprint("inquiries", __name__)
blueprints = (bp,)

FEW = 3
"""On a page for participants, who may be on a slow line."""


@bp.route("/inquiries/<slug>", methods=["GET", "POST"])
@bp.route("/courses/<slug>/<item>/ask", methods=["GET", "POST"])
@signed_in
def of_course(slug: str, item: str | None = None) -> Any:
    """For its participants: the form, their own questions, and those with answers that were shared; of the course, or
    of one of its items.

    Who has left the course, or never took it, is led to its page.
    """
    course, revision = courses.published(slug) or abort(404)
    enrolment = enrolments.enrolment_of(current_user.id, course.id)
    if enrolment is None:
        return redirect(url_for("learning.course", slug=slug))
    about = _item_of(revision.id, item) if item else None
    form, status = InquiryForm(), 200
    if form.validate_on_submit():
        with saving(form):
            _ask(enrolment, about, form)
            flash(_("Sent. The instructors are told, and you are told when they answer."), "done")
            return redirect(url_for(".of_course", slug=slug, item=item), 303)
        status = 409
    elif form.is_submitted():
        status = 422
    if form.own_number is None:
        form.number.data = str(queries.next_number(enrolment.id))
    found = queries.seen_by(current_user.id, course.id, about.item_id if about else None)
    page = paginate(found, FEW, scalars=False, by=ids_of(found, Inquiry.id))
    shown = render_template(
        "inquiries/ask.html",
        course=course,
        revision=revision,
        item=about,
        form=form,
        page=Page([SeenInquiry(*row) for row in page.rows], page.number, page.count, page.total),
        has_instructor=queries.has_instructor(course.id),
    )
    return shown, status


def _item_of(revision_id: int, item_slug: str) -> ItemSummary:
    return next((one for one in courses.contents(revision_id).items if one.slug == item_slug), None) or abort(404)


def _ask(enrolment: Enrolment, item: ItemSummary | None, form: InquiryForm) -> None:
    number = form.own_number or queries.next_number(enrolment.id)
    services.ask(enrolment, item.item_id if item else None, form.text.data, number=number, now=clock.now())


@bp.post("/inquiries/<slug>/<int:inquiry_id>/take-back")
@signed_in
def take_back(slug: str, inquiry_id: int) -> Any:
    if queries.own_inquiry(current_user.id, inquiry_id) is None:
        _refuse_others(inquiry_id)
    else:
        try:
            services.take_back(inquiry_id)
            db.session.commit()
        except Refusal as refusal:
            db.session.rollback()
            flash(refusal.text)
            return redirect(url_for(".of_course", slug=slug), 303)
    flash(_("Taken back. The instructors no longer see it."), "done")
    return redirect(url_for(".of_course", slug=slug), 303)


def _refuse_others(inquiry_id: int) -> None:
    """A second click finds nothing left to take back."""
    if db.session.get(Inquiry, inquiry_id) is not None:
        abort(404)


@bp.get("/teach/inquiries")
@role("instructor", "admin")
def list_() -> str:
    """What waits for an answer, oldest first; with ``?show=answered`` what was answered, newest first."""
    is_answered = request.args.get("show") == "answered"
    found = queries.listed(current_user, is_answered=is_answered)
    page = paginate(found, scalars=False, by=ids_of(found, Inquiry.id))
    return render_template(
        "inquiries/list.html",
        page=Page([TaughtInquiry(*row) for row in page.rows], page.number, page.count, page.total),
        is_answered=is_answered,
        open_count=queries.open_count(current_user),
    )


@bp.route("/teach/inquiries/<int:inquiry_id>", methods=["GET", "POST"])
@role("instructor", "admin")
def inquiry(inquiry_id: int) -> Any:
    """Answer it, or change the answer. Nobody answers their own."""
    asked = queries.taught_inquiry(inquiry_id, current_user) or abort(404)
    one = asked.inquiry
    form, status = (
        AnswerInquiryForm(data={"answer": one.answer, "is_shared": one.is_shared or one.answered_at is None}),
        200,
    )
    if form.validate_on_submit():
        with saving(form):
            services.answer(
                one,
                form.answer.data,
                is_shared=form.is_shared.data,
                version=form.seen_version,
                actor_id=current_user.id,
                now=clock.now(),
            )
            flash(_("Answered. %(name)s is told.", name=asked.person.name), "done")
            return redirect(url_for(".list_"), 303)
        asked, status = queries.taught_inquiry(inquiry_id, current_user) or abort(404), 409
        one = asked.inquiry
    elif form.is_submitted():
        status = 422
    form.version.data = str(one.version)
    page = render_template(
        "inquiries/inquiry.html",
        asked=asked,
        one=one,
        form=form,
        names=persons.names_of({one.answered_by} if one.answered_by else set()),
    )
    return page, status
