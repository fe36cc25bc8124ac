"""What the first page of an instructor shows: the courses, and the work that waits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sqlalchemy import and_, func, select

from lms.assignments import queries as assignments
from lms.attendance.queries.teaching import late_code_count
from lms.authoring import queries as drafts
from lms.authoring.models import ScheduledPublication
from lms.authoring.services import checking as authoring
from lms.authoring.services.reviewing import courses_to_review
from lms.core.db import db
from lms.courses import queries as courses
from lms.courses.models import Course, CourseRevision
from lms.enrolment import queries as enrolments
from lms.enrolment.models import Cohort, Enrolment
from lms.learning.models import EnrolmentState
from lms.learning.status import Status
from lms.people.account import Account
from lms.quizzes.queries import essays
from lms.records import queries as records
from lms.reports.queries import state_of


@dataclass(frozen=True)
class TaughtCourse:
    course: Course
    revision: CourseRevision | None
    title: str
    """From the revision or, before there is one, from the draft."""
    participants: int
    waiting: int
    ready: int
    has_review: bool
    """Somebody else has asked that its draft is looked at."""
    scheduled: ScheduledPublication | None
    """The publication of its draft that waits or was refused."""


def instructor_home(person: Account) -> list[TaughtCourse]:
    """The courses a person teaches, with the work to grade and the completions to confirm."""
    taught = db.session.scalars(courses.courses_taught_by(person)).all()
    ids = [course.id for course in taught]
    counts = enrolments.participant_counts(ids)
    titles = authoring.titles_being_written([course.id for course in taught if course.revision is None])
    waiting, in_quizzes = (
        assignments.waiting_counts(ids, not_by=person.id),
        essays.waiting_counts(ids, not_by=person.id),
    )
    ready = records.ready_counts(ids, not_of=person.id)
    reviews, scheduled = courses_to_review(ids, not_by=person.id), drafts.open_publications(ids)
    listed = [
        TaughtCourse(
            course=course,
            revision=course.revision,
            title=course.revision.title if course.revision else titles.get(course.id) or course.slug,
            participants=counts.get(course.id, 0),
            waiting=waiting.get(course.id, 0) + in_quizzes.get(course.id, 0),
            ready=ready.get(course.id, 0),
            has_review=course.id in reviews,
            scheduled=scheduled.get(course.id),
        )
        for course in taught
    ]
    return sorted(listed, key=lambda one: one.title.casefold())


class InstructorTasks(NamedTuple):
    """Work to grade, essays of quizzes included, completions to confirm and late attendance codes to decide on, in all
    of an instructor's courses."""

    submissions: int = 0
    completions: int = 0
    late_codes: int = 0


def instructor_tasks(person: Account) -> InstructorTasks:
    """Makes no query for people who teach nothing."""
    ids = person.taught_course_ids
    if not ids:
        return InstructorTasks()
    ready = records.ready_counts(ids, not_of=person.id)
    in_quizzes = sum(essays.waiting_counts(ids, not_by=person.id).values())
    submissions = assignments.waiting_count(ids, not_by=person.id) + in_quizzes
    return InstructorTasks(submissions, sum(ready.values()), late_code_count(ids, not_of=person.id))


@dataclass
class CohortNow:
    """A cohort with dates that is not over, and its participants by state, without those who withdrew."""

    cohort: Cohort
    slug: str
    title: str
    states: dict[Status, int] = field(default_factory=dict)

    @property
    def participants(self) -> int:
        return sum(self.states.values())

    def has_begun(self, today: date) -> bool:
        return self.cohort.starts_on is None or self.cohort.starts_on <= today


def cohorts_now(course_ids: Collection[int], today: date, near_days: int) -> list[CohortNow]:
    """The cohorts of published courses that run or are to come, the first to end first."""
    found = (
        select(Cohort, Course.slug, CourseRevision.title)
        .join(Course, Course.id == Cohort.course_id)
        .join(CourseRevision, and_(CourseRevision.course_id == Course.id, CourseRevision.is_current))
        .where(Cohort.course_id.in_(course_ids), Cohort.starts_on.is_not(None))
        .where(func.coalesce(Cohort.ends_on, today) >= today)
        .order_by(Cohort.starts_on > today, Cohort.ends_on.is_(None), Cohort.ends_on, Cohort.id)
    )
    by_id = {row[0].id: CohortNow(*row) for row in db.session.execute(found)} if course_ids else {}
    state = state_of(today, near_days).label("state")
    each = (
        select(Enrolment.cohort_id, state)
        .outerjoin(EnrolmentState, EnrolmentState.enrolment_id == Enrolment.id)
        .where(Enrolment.cohort_id.in_(by_id), Enrolment.withdrawn_at.is_(None))
        .subquery()
    )
    counted = select(each.c.cohort_id, each.c.state, func.count()).group_by(each.c.cohort_id, each.c.state)
    for cohort_id, one, count in db.session.execute(counted) if by_id else ():
        by_id[cohort_id].states[one] = count
    return list(by_id.values())
