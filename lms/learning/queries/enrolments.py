"""Reads of one or many whole enrolments."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import select

from lms.core import i18n
from lms.core.db import db
from lms.courses import queries as courses
from lms.courses.models import Course, CourseRevision
from lms.enrolment import queries as enrolments
from lms.enrolment.models import Cohort, Enrolment
from lms.enrolment.queries import CourseResult, window_of
from lms.learning.completion import CourseOutcome, ItemProgress
from lms.learning.explaining import LedgerLine
from lms.learning.models import Completion, EnrolmentState, Grade
from lms.learning.queries import CourseProgress, completed_among, course_progress, item_progress, outcome_of
from lms.learning.results import EnrolmentRules, progress_by_score


def enrolment_rules(enrolment_ids: Collection[int], zone: str) -> dict[int, EnrolmentRules]:
    """What decides about the results of enrolments, without those of people who left and of unpublished courses."""
    rows = db.session.execute(
        select(Enrolment, Cohort, CourseRevision.id, Completion.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(CourseRevision, (CourseRevision.course_id == Enrolment.course_id) & CourseRevision.is_current)
        .outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
        .where(Enrolment.id.in_(enrolment_ids), Enrolment.withdrawn_at.is_(None))
        .order_by(Enrolment.id)
    )
    return {
        one.id: EnrolmentRules(
            one.id, courses.contents(revision_id), window_of(one, cohort, zone), completion_id is not None
        )
        for one, cohort, revision_id, completion_id in rows
    }


def course_states(enrolment_ids: list[int]) -> dict[int, str]:
    """``EnrolmentState.state`` by enrolment; enrolments that were not started are left out."""
    found = select(EnrolmentState.enrolment_id, EnrolmentState.state)
    return dict(db.session.execute(found.where(EnrolmentState.enrolment_id.in_(enrolment_ids))).all())


def completed_courses(person_ids: Collection[int], slugs: Collection[str]) -> set[tuple[int, str]]:
    """Pairs of a person and the slug of a course that the person has completed, in any cohort."""
    rows = db.session.execute(
        select(Enrolment.person_id, Course.slug)
        .join(Completion, Completion.enrolment_id == Enrolment.id)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Enrolment.person_id.in_(person_ids), Course.slug.in_(slugs))
        .distinct()
    )
    return {(person_id, slug) for person_id, slug in rows}


def progress_in_course(
    enrolment: Enrolment, course: Course, revision: CourseRevision, *, pass_mark: float, now: datetime
) -> CourseProgress:
    """``course_progress`` of one enrolment, with its items."""
    own = item_progress([enrolment.id])[enrolment.id]
    return course_progress(enrolment, course, revision, own, zone=i18n.zone(), pass_mark=pass_mark, now=now)


def running_courses(person_id: int, *, zone: str, pass_mark: float, now: datetime, today: date) -> list[CourseProgress]:
    """The courses of a person that can still be completed."""
    taken = enrolments.courses_of(person_id)
    ids = [enrolment.id for enrolment, _revision, _course in taken]
    completed, progress = completed_among(ids), item_progress(ids)
    found = [
        course_progress(enrolment, course, revision, progress[enrolment.id], zone=zone, pass_mark=pass_mark, now=now)
        for enrolment, revision, course in taken
        if enrolment.id not in completed
    ]
    return [one for one in found if one.end_reason(today) is None]


def course_results(enrolment_ids: Collection[int]) -> dict[int, CourseResult]:
    """How far enrolments have come, without those that were not started."""
    rows = db.session.execute(
        select(EnrolmentState.enrolment_id, *EnrolmentState.shown_count(), Completion.completed_at)
        .outerjoin(Completion, Completion.enrolment_id == EnrolmentState.enrolment_id)
        .where(EnrolmentState.enrolment_id.in_(enrolment_ids))
    )
    return {enrolment_id: CourseResult(done, total, at) for enrolment_id, done, total, at in rows}


def outcomes_in_force(
    enrolment_ids: list[int],
    revision: CourseRevision,
    pass_mark: float,
    progress: Mapping[int, Mapping[int, ItemProgress]] | None = None,
) -> dict[int, CourseOutcome]:
    """How the rules in force would judge enrolments of the published ``revision``, as if nothing had been completed.

    ``pass_mark`` is the site's, in percent. ``progress`` by enrolment and item stands for what is stored.
    """
    contents = courses.contents(revision.id)
    graded = {item.item_id: courses.item_content(item.item_revision_id) for item in contents.items if item.is_graded}
    limits = {key: getattr(item, "pass_mark", None) for key, item in graded.items()}
    outcomes = {}
    for enrolment_id, own in (progress or item_progress(enrolment_ids)).items():
        present = {key: progress_by_score(one, limits.get(key), pass_mark) for key, one in own.items()}
        outcomes[enrolment_id] = outcome_of(contents, revision.rule, present, pass_mark)
    return outcomes


def grades(enrolment_id: int) -> dict[int, list[LedgerLine]]:
    """All marks of an enrolment by item, in the order in which they were given."""
    rows = db.session.execute(
        select(Grade.item_id, Grade.source, Grade.number, Grade.score, Grade.graded_by, Grade.reason, Grade.graded_at)
        .where(Grade.enrolment_id == enrolment_id)
        .order_by(Grade.id)
    )
    found: dict[int, list[LedgerLine]] = {}
    for item_id, source, number, score, by, reason, at in rows:
        found.setdefault(item_id, []).append(LedgerLine(source, number, score, by, reason, at))
    return found
