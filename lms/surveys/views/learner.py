"""A survey as somebody who takes the course answers it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from lms.content.items.base import Item
from lms.content.items.survey import Survey
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.learning import queries as learning_queries
from lms.learning.queries import ItemAccess
from lms.surveys import queries, services
from lms.surveys.forms import ANONYMOUS, SurveyForm


def show(access: ItemAccess) -> Any:
    """The page of an item of type survey, GET and POST. Access and locks are already checked."""
    survey = queries.survey_of(access.item.item_revision_id)
    reply = queries.own_reply(access.enrolment_id, access.item.item_id)
    form = SurveyForm(survey, reply.answers if reply else {}, request.form if request.method == "POST" else None)
    if request.method != "POST":
        return _page(access, survey, form)
    answers = form.read()
    if form.errors:
        return _page(access, survey, form), 422
    context = learning_queries.item_context(access)
    as_anonymous = form.promised == ANONYMOUS
    try:
        services.answer_survey(context, survey, answers, as_anonymous=as_anonymous, seen=form.seen, now=access.now)
    except services.SurveyAnswered as refusal:
        db.session.rollback()
        flash(refusal.text)
        return redirect(request.path, 303)
    except Refusal as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.text)
        return _page(access, survey, form), 422
    db.session.commit()
    flash(_("Thank you. Your answers have arrived."), "done")
    return redirect(request.path, 303)


def _page(access: ItemAccess, survey: Survey, form: SurveyForm) -> str:
    context = learning_queries.item_context(access)
    reply = queries.own_reply(context.enrolment_id, context.item_revision.item_id)
    return render_template(
        "surveys/survey.html",
        context=context,
        survey=survey,
        form=form,
        reply=reply,
        has_answered=queries.has_answered(context.enrolment_id, context.item_revision.item_id),
        is_closed=services.is_closed(context, access.now),
        group_size=services.group_size(),
        next_page=_next_page(access),
    )


def _next_page(access: ItemAccess) -> str:
    """The course page; once the course is completed, the page with its result."""
    endpoint = "records.finish" if access.is_completed else "learning.course"
    return url_for(endpoint, slug=access.course_slug)


def preview(item: Item, body_html: str, *, has_keys: bool = True) -> str:
    assert isinstance(item, Survey)
    form = SurveyForm(item, {})
    return render_template(
        "surveys/_preview.html", survey=item, body_html=body_html, form=form, group_size=services.group_size()
    )
