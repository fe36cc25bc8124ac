"""Who may look after a cohort, and after whom in it."""

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
    """``sees`` whose names are shown; ``manages`` who may be enrolled, decided about, taken out; ``extends`` whose
    end may be put off. ``may_set``: dates, places and ways in. ``may_appoint``: the committee, and another run."""

    sees: Scope
    manages: Scope
    extends: Scope
    may_set: bool = False
    may_appoint: bool = False

    @property
    def may_manage(self) -> bool:
        return self.manages != NOBODY


def cohort_permissions(person: Rights, cohort: Cohort) -> CohortPermissions | None:
    """What somebody may do at a cohort; None: for this person there is no such cohort.

    The site's admin may all, the cohort's committee all but appoint. The admin of an
    agency enrols and sees the own people only. An instructor of the course sees
    everybody and may put off ends.
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
    """The proposals that ``permissions`` lets somebody decide about, at whichever cohort."""
    return queries.applications_in(persons.admin_scope(person) or NOBODY, person.committee_cohort_ids)


def sees_all_cohorts(person: Rights) -> bool:
    """Whether all cohorts of the site are listed: the admins of both kinds put their people into them."""
    return person.is_admin or person.has_role("agency-admin")
