"""The course of a page for instructors, and the cohort that it is narrowed to."""

from __future__ import annotations

from lms.courses import queries as courses
from lms.courses.models import Course, CourseRevision
from lms.enrolment import queries as enrolments
from lms.enrolment.queries import CohortSummary
from lms.people.rights import Rights


def taught_course(slug: str, person: Rights) -> tuple[Course, CourseRevision] | None:
    """A published course that ``person`` teaches or, for an admin, any, with its revision."""
    found = courses.published(slug)
    return found if found and (person.is_admin or found[0].id in person.taught_course_ids) else None


def cohorts_and_chosen(course_id: int, wanted: int | None) -> tuple[list[CohortSummary], int | None]:
    """All cohorts of the course, and ``wanted`` if it is one of them."""
    runs = enrolments.cohorts_of_course(course_id)
    return runs, wanted if any(run.cohort.id == wanted for run in runs) else None
