"""What a course page needs to offer enrolment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lms.courses.models import CourseRevision
from lms.enrolment.models import Application
from lms.enrolment.queries.applications import application_of, waiting_position
from lms.enrolment.queries.cohorts import CohortSummary, cohorts_to_join
from lms.enrolment.queries.prerequisites import Prerequisite, completed_courses, prerequisites


@dataclass(frozen=True)
class Joining:
    """``cohorts`` are open to join; ``application`` is the latest one; ``line`` is the waiting list position."""

    cohorts: list[CohortSummary]
    prerequisites: Sequence[Prerequisite]
    application: Application | None = None
    line: int | None = None
    has_completed: bool = False
    """The person has completed the course, and would start over."""

    @property
    def at_once(self) -> list[CohortSummary]:
        """The cohorts that have a free place now, for somebody who is on a waiting list."""
        asked = self.application
        return [
            one
            for one in self.cohorts
            if self.is_ready and not one.cohort.needs_approval and one.left != 0
            if asked is not None and asked.state != "refused" and one.cohort.id != asked.cohort_id
        ]

    @property
    def is_ready(self) -> bool:
        """True if the person has completed all prerequisites."""
        return all(one.is_met for one in self.prerequisites)


def joining(person_id: int | None, slug: str, revision: CourseRevision, today: date) -> Joining:
    """``person_id`` is None for a visitor, who has no application."""
    cohorts = cohorts_to_join(revision.course_id, today)
    application = application_of(person_id, revision.course_id) if person_id else None
    if application is not None and application.state == "refused" and _is_over(application, today):
        application = None
    is_waiting = application is not None and application.state == "waiting"
    return Joining(
        cohorts,
        prerequisites(person_id, revision.prerequisites),
        application,
        waiting_position(application) if application and is_waiting else None,
        person_id is not None and bool(completed_courses([person_id], [slug])),
    )


def _is_over(application: Application, today: date) -> bool:
    return application.cohort.ends_on is not None and application.cohort.ends_on < today
