"""What this package stores about a person. Roles are here, since some are for a course or a cohort."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from lms.core.i18n import lazy
from lms.core.personal_data import OTHERS, DataArea, left_to_the_agency, rows
from lms.courses.models import Course
from lms.enrolment.models import Application, Cohort, Enrolment, Extension
from lms.people.models import RoleGrant, Unit


def _enrolments(person_id: int) -> dict[str, Any]:
    enrolments = (
        select(
            Enrolment.id.label("enrolment"),
            Course.slug.label("course"),
            Cohort.name.label("cohort"),
            Enrolment.cycle,
            Enrolment.enrolled_at,
            Enrolment.due_on,
            Enrolment.extended_until,
            Enrolment.withdrawn_at,
            Enrolment.withdraw_reason,
        )
        .join(Course, Course.id == Enrolment.course_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.person_id == person_id)
        .order_by(Enrolment.id)
    )
    extensions = (
        select(Extension.enrolment_id.label("enrolment"), Extension.until, Extension.reason, Extension.given_at)
        .join(Enrolment, Enrolment.id == Extension.enrolment_id)
        .where(Enrolment.person_id == person_id)
        .order_by(Extension.id)
    )
    applications = (
        select(
            Course.slug.label("course"),
            Cohort.name.label("cohort"),
            Application.state,
            Application.starts_over,
            Application.note,
            Application.proposed_at,
            Application.decided_at,
            Application.reason,
        )
        .join(Cohort, Cohort.id == Application.cohort_id)
        .join(Course, Course.id == Cohort.course_id)
        .where(Application.person_id == person_id)
        .order_by(Application.id)
    )
    return {"enrolments": rows(enrolments), "extensions": rows(extensions), "applications": rows(applications)}


def _roles(person_id: int) -> dict[str, Any]:
    grants = (
        select(
            RoleGrant.role,
            Unit.name.label("unit"),
            Course.slug.label("course"),
            Cohort.name.label("cohort"),
            RoleGrant.is_deputy,
            RoleGrant.starts_on,
            RoleGrant.ends_on,
            RoleGrant.granted_at,
        )
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .outerjoin(Cohort, Cohort.id == RoleGrant.cohort_id)
        .outerjoin(Course, (Course.id == RoleGrant.course_id) | (Course.id == Cohort.course_id))
        .where(RoleGrant.person_id == person_id)
        .order_by(RoleGrant.id)
    )
    return {"roles": rows(grants)}


AREAS = (
    DataArea(
        name="roles",
        title=lazy("Roles"),
        what=lazy("Roles such as instructor, head or admin, with their dates and who granted them."),
        why=lazy("To decide who may see and do what."),
        who=lazy("The person and the admins. Participants see the names of their instructors."),
        how_long=left_to_the_agency,
        tables=("role_grant",),
        copied=_roles,
        not_copied={"role_grant.granted_by": OTHERS},
    ),
    DataArea(
        name="enrolments",
        title=lazy("Enrolments"),
        what=lazy("Courses and cohorts, applications and proposals with their reasons, deadlines and extensions."),
        why=lazy("To give places and to know what is due when."),
        who=lazy("The person, the instructors and the committee, the heads of the unit and the admins."),
        how_long=left_to_the_agency,
        tables=("enrolment", "application", "extension"),
        copied=_enrolments,
        not_copied={
            "enrolment.withdrawn_by": OTHERS,
            "application.login_name": "is empty once there is an account",
            "enrolment.item_dates": "the same as the moments in the limits at quizzes, which are copied",
        },
    ),
)
