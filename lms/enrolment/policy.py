"""Permissions in a cohort, and the people they cover."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement

from lms.enrolment import queries
from lms.enrolment.models import Cohort
from lms.people import queries as persons
from lms.people.rights import Rights
from lms.people.scopes import EVERYBODY, NOBODY, Scope


@dataclass(frozen=True)
class CohortPermissions:
    """What a person may do in a cohort.

    ``sees``: people whose names are shown. ``manages``: people who may be enrolled, approved, refused and removed.
    ``extends``: people whose deadline may be extended. ``may_set``: may change dates, places and ways in.
    ``may_appoint``: may appoint the committee and repeat the cohort.
    """

    sees: Scope
    manages: Scope
    extends: Scope
    may_set: bool = False
    may_appoint: bool = False

    @property
    def may_manage(self) -> bool:
        return self.manages != NOBODY


def cohort_permissions(person: Rights, cohort: Cohort) -> CohortPermissions | None:
    """None if this person may not see the cohort at all.

    A site admin may do everything; the cohort's committee everything except appoint. An agency admin sees and enrols
    only the people of the agency. An instructor of the course sees everybody and may extend deadlines.
    """
    if person.is_admin:
        return CohortPermissions(EVERYBODY, EVERYBODY, EVERYBODY, may_set=True, may_appoint=True)
    if cohort.id in person.committee_cohort_ids:
        return CohortPermissions(EVERYBODY, EVERYBODY, EVERYBODY, may_set=True)
    office = persons.admin_scope(person) or NOBODY
    if cohort.course_id in person.taught_course_ids:
        return CohortPermissions(EVERYBODY, office, EVERYBODY)
    return CohortPermissions(office, office, office) if person.has_role("agency-admin") else None


def decidable_by(person: Rights) -> ColumnElement[bool]:
    """Condition on ``Application``: the person may approve or refuse it, by ``cohort_permissions``."""
    return queries.applications_in(persons.admin_scope(person) or NOBODY, person.committee_cohort_ids)


def sees_all_cohorts(person: Rights) -> bool:
    """True for site and agency admins, who may enrol their people in any cohort."""
    return person.is_admin or person.has_role("agency-admin")
