"""Participants of a cohort: the list, enrolling people, and the page of one participant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext, say_date
from lms.courses import queries as courses
from lms.enrolment import queries, services
from lms.enrolment.forms import ExtendForm, FindForm, LeaveForm, ParticipantsForm, StartsOverForm, SubstituteForm
from lms.enrolment.models import Enrolment
from lms.enrolment.policy import CohortPermissions
from lms.enrolment.queries import CohortSummary
from lms.enrolment.services import EnrolmentOutcome, LoginList
from lms.enrolment.views.cohort_access import active_person, bp, cohort_context, cohort_or_404, member_or_404
from lms.people import queries as persons
from lms.people.models import Person
from lms.web.access import require, role
from lms.web.fields import saving
from lms.web.paging import ids_of, paginate

STAFF = ("admin", "agency-admin", "committee", "instructor")
MANAGERS = ("admin", "agency-admin", "committee")
TICKED = "ticked-"
"""Prefix of the form for people who were found by name, beside the one for a list."""
SHOWN_PROBLEMS = 8


@bp.get("/<int:cohort_id>")
@role(*STAFF)
def cohort(cohort_id: int) -> Any:
    return cohort_page(*cohort_or_404(cohort_id), ParticipantsForm(formdata=None))


class FoundPeople(NamedTuple):
    """People who may be enrolled, found by name; ``is_cut`` if there are more."""

    people: Sequence[Person]
    is_cut: bool


def cohort_page(
    summary: CohortSummary,
    permissions: CohortPermissions,
    form: ParticipantsForm,
    *,
    find_form: FindForm | None = None,
    found: FoundPeople | None = None,
) -> str:
    members = queries.members(summary.cohort.id, permissions.sees)
    return render_template(
        "enrolment/cohort.html",
        page=paginate(members, scalars=False, by=ids_of(members, Enrolment.id)),
        teachers=courses.instructors_of([summary.cohort.course_id])[summary.cohort.course_id],
        form=form,
        find_form=find_form or FindForm(formdata=None),
        found=found,
        ticked_form=StartsOverForm(formdata=None, prefix=TICKED),
        **cohort_context(summary, permissions),
    )


@bp.post("/<int:cohort_id>/people")
@role(*MANAGERS)
def enrol_by_list(cohort_id: int) -> Any:
    """All or nothing. Login names without an account are stored and enrolled once they have one."""
    summary, permissions = cohort_or_404(cohort_id)
    require(permissions.may_manage)
    form = ParticipantsForm()
    if not form.validate_on_submit():
        return cohort_page(summary, permissions, form), 422
    listed = services.read_login_list(form.lines(), permissions.manages)
    if listed.problems:
        form.logins.errors = [_problems_text(listed)]
        return cohort_page(summary, permissions, form), 422
    now = clock.now()
    with saving(form.logins):
        outcome = services.enrol_people(
            listed.people, summary.cohort, actor_id=current_user.id, now=now, starts_over=form.starts_over.data
        )
        noted = services.put_on_list(listed.unknown, summary.cohort, actor_id=current_user.id, now=now)
    if form.errors:
        return cohort_page(*cohort_or_404(cohort_id), form), 409
    flash_outcome(outcome)
    if noted:
        flash(
            ngettext(
                "%(num)s person is not registered yet and will be enrolled once they have an account.",
                "%(num)s people are not registered yet and will be enrolled once they have an account.",
                noted,
            )
        )
    return redirect(url_for(".cohort", cohort_id=cohort_id))


def _problems_text(listed: LoginList) -> str:
    lines = [f"{line}: {problem}" for line, problem in listed.problems[:SHOWN_PROBLEMS]]
    more = len(listed.problems) - len(lines)
    rest = [_("… and %(n)s more", n=more)] if more else []
    return " ".join([_("Nobody was enrolled."), *lines, *rest])


def flash_outcome(outcome: EnrolmentOutcome) -> None:
    for text, category in services.outcome_messages(outcome):
        flash(text, category)


@bp.get("/<int:cohort_id>/people/<int:enrolment_id>")
@role(*STAFF)
def member(cohort_id: int, enrolment_id: int) -> Any:
    return _member_page(cohort_id, enrolment_id)


def _member_page(cohort_id: int, enrolment_id: int, **forms: Any) -> str:
    summary, permissions, enrolment, person = member_or_404(cohort_id, enrolment_id)
    extensions = queries.extensions(enrolment.id)
    seen = [(one, other) for one, other in queries.neighbours(enrolment) if permissions.sees.covers(other.unit_id)]
    ids = {row.given_by for row in extensions} | {enrolment.withdrawn_by}
    return render_template(
        "enrolment/cohort_member.html",
        enrolment=enrolment,
        person=person,
        extensions=extensions,
        replaced=[(one, other) for one, other in seen if one.id == enrolment.replaces_id],
        replaced_by=[(one, other) for one, other in seen if one.replaces_id == enrolment.id],
        names=persons.names_of(one for one in ids if one),
        may_manage=permissions.manages.covers(person.unit_id),
        may_extend=permissions.extends.covers(person.unit_id),
        **{
            "extend_form": ExtendForm(formdata=None, prefix="extend-"),
            "leave_form": LeaveForm(formdata=None, prefix="leave-"),
            "substitute_form": SubstituteForm(formdata=None, prefix="substitute-"),
        }
        | forms,
        **cohort_context(summary, permissions),
    )


@bp.post("/<int:cohort_id>/people/<int:enrolment_id>/extend")
@role(*STAFF)
def extend(cohort_id: int, enrolment_id: int) -> Any:
    _summary, permissions, enrolment, person = member_or_404(cohort_id, enrolment_id)
    require(permissions.extends.covers(person.unit_id))
    form = ExtendForm(prefix="extend-")
    if form.validate_on_submit():
        until, reason = form.until.data, form.reason.data
        with saving(form.until):
            count = services.extend(
                [enrolment], until, reason, actor_id=current_user.id, now=clock.now(), may_shorten=True
            )
            # A double click submits twice; the second time changes nothing.
            if count or enrolment.extended_until == until:
                flash(_("%(name)s now has until %(day)s.", name=person.full_name, day=say_date(until)), "done")
                return _back(cohort_id, enrolment_id)
            form.until.errors = [_("Choose a day after the current deadline. Nothing was changed.")]
    return _member_page(cohort_id, enrolment_id, extend_form=form), 422


@bp.post("/<int:cohort_id>/people/<int:enrolment_id>/withdraw")
@role(*MANAGERS)
def withdraw(cohort_id: int, enrolment_id: int) -> Any:
    _summary, permissions, enrolment, person = member_or_404(cohort_id, enrolment_id)
    require(permissions.manages.covers(person.unit_id))
    form = LeaveForm(prefix="leave-")
    if not form.validate_on_submit():
        return _member_page(cohort_id, enrolment_id, leave_form=form), 422
    services.withdraw(enrolment, reason=form.reason.data, actor_id=current_user.id, now=clock.now())
    db.session.commit()
    flash(_("%(name)s is no longer in this cohort. Their work was kept.", name=person.full_name), "done")
    return _back(cohort_id, enrolment_id)


@bp.post("/<int:cohort_id>/people/<int:enrolment_id>/substitute")
@role(*MANAGERS)
def substitute(cohort_id: int, enrolment_id: int) -> Any:
    """Both people must be within ``manages``."""
    _summary, permissions, enrolment, person = member_or_404(cohort_id, enrolment_id)
    require(permissions.manages.covers(person.unit_id))
    form = SubstituteForm(prefix="substitute-")
    if form.validate_on_submit():
        other = active_person(form.login.data or "")
        if other is None or not permissions.manages.covers(other.unit_id):
            form.login.errors = [_("Nobody with an active account has this login name.")]
        else:
            with saving(form.login):
                made = services.substitute(
                    enrolment,
                    other,
                    form.reason.data,
                    actor_id=current_user.id,
                    now=clock.now(),
                    starts_over=form.starts_over.data,
                )
                message = _("%(new)s now has the place of %(old)s.", new=other.full_name, old=person.full_name)
                flash(message, "done")
                return _back(cohort_id, made.id)
    return _member_page(cohort_id, enrolment_id, substitute_form=form), 422


def _back(cohort_id: int, enrolment_id: int) -> Response:
    return redirect(url_for(".member", cohort_id=cohort_id, enrolment_id=enrolment_id))
