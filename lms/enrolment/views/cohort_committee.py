"""The committee (panitia) of a cohort."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_login import current_user

from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.core.i18n import today
from lms.courses import queries as courses
from lms.enrolment import queries
from lms.enrolment.forms import CommitteeForm
from lms.enrolment.policy import CohortPermissions
from lms.enrolment.queries import CohortSummary
from lms.enrolment.views.cohort_access import active_person, bp, cohort_context, cohort_or_404
from lms.people import queries as persons
from lms.people.services import roles
from lms.web.access import recent_proof, require, role


@bp.get("/<int:cohort_id>/committee")
@role("admin", "agency-admin", "committee", "instructor")
def committee(cohort_id: int) -> Any:
    return _page(*cohort_or_404(cohort_id), CommitteeForm(formdata=None))


def _page(summary: CohortSummary, permissions: CohortPermissions, form: CommitteeForm) -> str:
    return render_template(
        "enrolment/cohort_committee.html",
        form=form,
        members=queries.committee(summary.cohort.id),
        teachers=courses.instructors_of([summary.cohort.course_id])[summary.cohort.course_id],
        today=today(),
        **cohort_context(summary, permissions),
    )


@bp.post("/<int:cohort_id>/committee")
@role("admin")
@recent_proof
def appoint(cohort_id: int) -> Any:
    """A person who is in the committee already gets the new dates."""
    summary, permissions = cohort_or_404(cohort_id)
    require(permissions.may_appoint)
    form = CommitteeForm()
    person = active_person(form.login.data or "") if form.validate_on_submit() else None
    if person is None:
        if not form.errors:
            form.login.errors = [_("Nobody with an active account has this login name.")]
        return _page(summary, permissions, form), 422
    roles.grant_role(
        person,
        "committee",
        cohort_id=cohort_id,
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        actor_id=current_user.id,
        now=clock.now(),
    )
    db.session.commit()
    flash(_("%(name)s is now in the committee.", name=person.full_name), "done")
    return redirect(url_for(".committee", cohort_id=cohort_id))


@bp.post("/<int:cohort_id>/committee/<int:person_id>/remove")
@role("admin")
@recent_proof
def dismiss(cohort_id: int, person_id: int) -> Any:
    _summary, permissions = cohort_or_404(cohort_id)
    require(permissions.may_appoint)
    person = persons.person(person_id) or abort(404)
    roles.revoke_role(person, "committee", cohort_id=cohort_id, actor_id=current_user.id, now=clock.now())
    db.session.commit()
    flash(_("%(name)s is no longer in the committee.", name=person.full_name), "done")
    return redirect(url_for(".committee", cohort_id=cohort_id))
