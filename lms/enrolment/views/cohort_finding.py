"""Adding people to a cohort by name: found, ticked, enrolled."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user

from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.enrolment import queries, services
from lms.enrolment.forms import FindForm, ParticipantsForm, StartsOverForm
from lms.enrolment.policy import CohortPermissions
from lms.enrolment.views.cohort_access import bp, cohort_or_404
from lms.enrolment.views.cohort_people import MANAGERS, TICKED, FoundPeople, cohort_page, flash_outcome
from lms.people import queries as persons
from lms.people.models import Person
from lms.web.access import require, role
from lms.web.request_limits import row_number

SHOWN = 30
"""People found at once."""


@bp.post("/<int:cohort_id>/people/find")
@role(*MANAGERS)
def find_people(cohort_id: int) -> Any:
    """By POST, because somebody may enter a whole NIP, which must not appear in a URL."""
    summary, permissions = cohort_or_404(cohort_id)
    require(permissions.may_manage)
    form = FindForm()
    empty = ParticipantsForm(formdata=None)
    if not form.validate_on_submit():
        return cohort_page(summary, permissions, empty, find_form=form), 422
    found = persons.people_found(
        form.name.data, scope=permissions.manages, is_active=True, by_parts_of_numbers=False
    ).where(Person.id.not_in(queries.people_inside(cohort_id)))
    people = db.session.scalars(found.limit(SHOWN + 1)).all()
    return cohort_page(
        summary, permissions, empty, find_form=form, found=FoundPeople(people[:SHOWN], len(people) > SHOWN)
    )


@bp.post("/<int:cohort_id>/people/ticked")
@role(*MANAGERS)
def enrol_ticked(cohort_id: int) -> Any:
    summary, permissions = cohort_or_404(cohort_id)
    require(permissions.may_manage)
    form = StartsOverForm(prefix=TICKED)
    people = _ticked(permissions)
    if not people or not form.validate_on_submit():
        flash(_("Nobody was enrolled: tick at least one name."))
        return redirect(url_for(".cohort", cohort_id=cohort_id))
    outcome = services.enrol_people(
        people, summary.cohort, actor_id=current_user.id, now=clock.now(), starts_over=form.starts_over.data
    )
    db.session.commit()
    flash_outcome(outcome)
    return redirect(url_for(".cohort", cohort_id=cohort_id))


def _ticked(permissions: CohortPermissions) -> list[Person]:
    """404 unless the user may enrol each of them."""
    ids = set(request.form.getlist("person", type=row_number))
    allowed = persons.people_found("", scope=permissions.manages, is_active=True).where(Person.id.in_(ids))
    people = list(db.session.scalars(allowed))
    if len(people) != len(ids):
        abort(404)
    return people
