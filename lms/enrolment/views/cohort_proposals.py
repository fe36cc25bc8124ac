"""Deciding proposals, and the waiting list of a cohort."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.core import clock
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext
from lms.enrolment import queries, services
from lms.enrolment.forms import DecisionForm
from lms.enrolment.views.cohort_access import bp, cohort_context, cohort_or_404
from lms.enrolment.views.cohort_people import MANAGERS, flash_outcome
from lms.people import nip
from lms.people import queries as persons
from lms.web.access import require, role
from lms.web.fields import saving
from lms.web.request_limits import row_number


@bp.get("/<int:cohort_id>/proposals")
@role(*MANAGERS)
def proposals(cohort_id: int) -> Any:
    return _page(cohort_id, DecisionForm(formdata=None))


def _page(cohort_id: int, form: DecisionForm) -> str:
    summary, permissions = cohort_or_404(cohort_id)
    require(permissions.may_manage)
    rows = queries.open_applications(cohort_id, permissions.manages)
    return render_template(
        "enrolment/cohort_proposals.html",
        form=form,
        proposed=[row for row in rows if row[0].state == "proposed"],
        waiting=[row for row in rows if row[0].state == "waiting" and row[1] is not None],
        unregistered=[row[0] for row in rows if row[1] is None],
        names=persons.names_of(row[0].proposed_by for row in rows if row[0].proposed_by),
        histories=queries.histories({one.id for _row, one in rows if one is not None}, summary.cohort, clock.now()),
        history_text=services.history_text,
        say_login=_login,
        picked=_ids("pick"),
        start_over=_ids("start-over"),
        **cohort_context(summary, permissions),
    )


def _ids(name: str) -> set[int]:
    return set(request.form.getlist(name, type=row_number))


def _login(login: str) -> str:
    """A NIP is shown in full only to site admins, who look for typing errors; others see it masked."""
    if "@" in login:
        return login
    return nip.formatted(login) if current_user.is_admin else nip.masked(login)


def _refusal_of_all(ticked: int, listed: int) -> str:
    """“Approve all” is ambiguous while only some rows are ticked."""
    words = _(
        "Nobody was approved: only %(ticked)s of %(listed)s are selected. Press “Approve selected” for these, "
        "or clear the selection to approve all.",
        ticked=ticked,
        listed=listed,
    )
    return str(words)


@bp.post("/<int:cohort_id>/proposals")
@role(*MANAGERS)
def decide(cohort_id: int) -> Any:
    """Decides only rows that were on the page, also with "all": nobody is approved unseen.

    "All" while only some rows are ticked is refused: it might approve people who were left out on purpose.
    """
    _summary, permissions = cohort_or_404(cohort_id)
    require(permissions.may_manage)
    form = DecisionForm()
    deed = request.form.get("do", "")
    ticked, listed = _ids("pick"), _ids("all")
    ids = listed if deed == "approve-all" else ticked
    chosen = [row for row, _person in queries.open_applications(cohort_id, permissions.manages) if row.id in ids]
    if not form.validate_on_submit():
        return _page(cohort_id, form), 422
    if not ids:
        form.form_errors.append(_("Nobody was selected, so nothing was changed."))
        return _page(cohort_id, form), 422
    if deed == "approve-all" and ticked and ticked != listed:
        form.form_errors.append(_refusal_of_all(len(ticked), len(listed)))
        return _page(cohort_id, form), 422
    if deed == "refuse" and not form.reason.data:
        form.reason.errors = [_("Give a reason: the person and the head of the unit see it. Nothing was changed.")]
        return _page(cohort_id, form), 422
    with saving(form):
        if not chosen:
            flash(_("These were decided in the meantime. Nothing was changed."))
        elif deed == "refuse":
            count = services.refuse(chosen, form.reason.data, actor_id=current_user.id, now=clock.now())
            flash(ngettext("%(num)s application was refused.", "%(num)s applications were refused.", count), "done")
        else:
            start_over = _ids("start-over")
            flash_outcome(services.approve(chosen, actor_id=current_user.id, now=clock.now(), start_over=start_over))
        return redirect(url_for(".proposals", cohort_id=cohort_id))
    return _page(cohort_id, form), 409
