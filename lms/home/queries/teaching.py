"""What the first page of an instructor shows: the courses, and the work that waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from lms.assignments import queries as assignments
from lms.authoring import queries as drafts
from lms.authoring.models import ScheduledPublication
from lms.authoring.services import checking as authoring
from lms.authoring.services.reviewing import courses_to_review
from lms.core.db import db
from lms.courses import queries as courses
from lms.courses.models import Course, CourseRevision
from lms.enrolment import queries as enrolments
from lms.people.account import Account
from lms.quizzes.queries import essays
from lms.records import queries as records


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
    """Work to grade, essays of quizzes included, and completions to confirm, in all of an instructor's courses."""

    submissions: int = 0
    completions: int = 0


def instructor_tasks(person: Account) -> InstructorTasks:
    """Makes no query for people who teach nothing."""
    ids = person.taught_course_ids
    if not ids:
        return InstructorTasks()
    ready = records.ready_counts(ids, not_of=person.id)
    in_quizzes = sum(essays.waiting_counts(ids, not_by=person.id).values())
    return InstructorTasks(assignments.waiting_count(ids, not_by=person.id) + in_quizzes, sum(ready.values()))
