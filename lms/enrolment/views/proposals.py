"""Heads of units propose their people for cohorts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext, today
from lms.enrolment import queries, services
from lms.enrolment.forms import ProposeForm
from lms.enrolment.queries import CohortSummary
from lms.enrolment.services.applications import ProposalOutcome
from lms.people import nip
from lms.people import queries as persons
from lms.web.access import role
from lms.web.fields import saving
from lms.web.paging import paginate, paginate_or_near
from lms.web.request_limits import row_number

bp = Blueprint("proposals", __name__, url_prefix="/team/proposals")
AT_ONCE = 100


@bp.get("")
@role("head")
def list_() -> Any:
    """Cohorts that take proposals, and the proposals made so far."""
    return render_template(
        "enrolment/proposals.html",
        cohorts=_summaries(),
        page=paginate(queries.applications_below(persons.team_scope(current_user)), scalars=False),
    )


def _summaries() -> list[CohortSummary]:
    return queries.cohorts_taking_proposals(today())


@bp.route("/<int:cohort_id>", methods=["GET", "POST"])
@role("head")
def propose(cohort_id: int) -> Any:
    """Ids outside the head's own units are ignored. ``?q=`` searches by name."""
    summary = next((summary for summary in _summaries() if summary.cohort.id == cohort_id), None) or abort(404)
    form, words = ProposeForm(), request.args.get("q", "").strip()[:160]
    team = queries.team(persons.team_scope(current_user))
    if form.validate_on_submit():
        ids = set(request.form.getlist("pick", type=row_number))
        people = queries.among(team, ids)
        if not people:
            form.form_errors.append(_("Nobody was selected, so nobody was proposed."))
        else:
            with saving(form):
                proposed = services.propose(
                    people, summary.cohort, form.note.data, actor_id=current_user.id, now=clock.now()
                )
                _flash_outcome(proposed)
                return redirect(url_for(".list_"))
    page, meant = paginate_or_near(
        words,
        lambda words: paginate(queries.team(persons.team_scope(current_user), words), AT_ONCE),
        lambda: persons.words_meant(words, team),
    )
    shown = render_template(
        "enrolment/propose.html",
        summary=summary,
        form=form,
        page=page,
        histories=queries.histories([person.id for person in page.rows], summary.cohort, clock.now()),
        history_text=services.history_text,
        words=words,
        meant=meant,
        inside=queries.people_inside(cohort_id),
        asking=queries.people_asking(cohort_id),
        picked=set(request.form.getlist("pick", type=row_number)),
        masked=nip.masked,
    )
    return shown, 422 if form.is_submitted() else 200


def _flash_outcome(proposed: ProposalOutcome) -> None:
    if proposed.count or not proposed.not_ready:
        text = ngettext(
            "%(num)s person was proposed. The decision will appear here.",
            "%(num)s people were proposed. The decisions will appear here.",
            proposed.count,
        )
        flash(text, "done")
    if proposed.not_ready:
        flash(services.not_ready_message(proposed.not_ready), "fail")


@bp.post("/withdraw/<int:application_id>")
@role("head")
def withdraw(application_id: int) -> Any:
    """Take back a proposal for one of one's own people."""
    application = queries.application(application_id) or abort(404)
    if application.person is None or not persons.team_scope(current_user).covers(application.person.unit_id):
        abort(404)
    services.withdraw_application(application, actor_id=current_user.id, now=clock.now())
    db.session.commit()
    flash(_("The proposal was withdrawn."), "done")
    return redirect(url_for(".list_"))
