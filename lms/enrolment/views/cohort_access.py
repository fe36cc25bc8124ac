"""Blueprint and lookups shared by all pages of a cohort."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort
from flask_login import current_user

from lms.core import i18n
from lms.enrolment import policy, queries
from lms.enrolment.forms import WAYS
from lms.enrolment.models import Cohort, Enrolment
from lms.enrolment.policy import CohortPermissions
from lms.enrolment.queries import CohortSummary
from lms.enrolment.settings import way_of
from lms.people import nip
from lms.people import queries as persons
from lms.people.models import Person
from lms.people.names import login_name

bp = Blueprint("cohorts", __name__, url_prefix="/admin/cohorts")


@bp.app_template_global()
def way_in(cohort: Cohort) -> str:
    return str(WAYS[way_of(cohort.is_open, cohort.needs_approval)])


def cohort_or_404(cohort_id: int) -> tuple[CohortSummary, CohortPermissions]:
    """The cohort and the permissions of the current user; 404 if they have none."""
    summary = queries.cohort_summary(cohort_id, policy.decidable_by(current_user)) or abort(404)
    return summary, policy.cohort_permissions(current_user, summary.cohort) or abort(404)


def member_or_404(cohort_id: int, enrolment_id: int) -> tuple[CohortSummary, CohortPermissions, Enrolment, Person]:
    """Adds a current or former participant; 404 if the current user may not see them."""
    summary, permissions = cohort_or_404(cohort_id)
    enrolment = queries.enrolment(enrolment_id)
    if enrolment is None or enrolment.cohort_id != cohort_id:
        abort(404)
    person = persons.person(enrolment.person_id)
    if person is None or not permissions.sees.covers(person.unit_id):
        abort(404)
    return summary, permissions, enrolment, person


def cohort_context(summary: CohortSummary, permissions: CohortPermissions) -> dict[str, Any]:
    """Template variables of every cohort page."""
    today = i18n.today()
    return {
        "summary": summary,
        "cohort": summary.cohort,
        "permissions": permissions,
        "state": summary.state(today),
        "masked": nip.masked,
    }


def active_person(login: str) -> Person | None:
    """The person with this login name, unless deactivated."""
    person = persons.person_named(login_name(login))
    return person if person is not None and person.is_active else None
