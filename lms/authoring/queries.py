"""Reads for editing: the course if this person may edit it, its draft and revisions, and whom a change concerns."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, case, func, literal, or_, select

from lms.authoring.models import CourseCheck, CourseDraft, CourseDraftFile, QuestionOrigin, ScheduledPublication
from lms.content.folder.outline import COURSE_FILE
from lms.core.db import db
from lms.courses.models import Course, CourseFile, CourseRevision, ItemRevision
from lms.enrolment.models import Enrolment
from lms.learning.models import EnrolmentState, Progress
from lms.people.rights import Rights
from lms.quizzes.models import Attempt

MAX_REVISIONS = 200


def course_to_edit(slug: str, person: Rights) -> tuple[Course, CourseRevision | None] | None:
    """A course that ``person`` teaches or administers, with its published revision if it has one."""
    wanted = (
        select(Course, CourseRevision)
        .outerjoin(CourseRevision, (CourseRevision.course_id == Course.id) & CourseRevision.is_current)
        .where(Course.slug == slug)
    )
    if not person.is_admin:
        wanted = wanted.where(Course.id.in_(person.taught_course_ids))
    row = db.session.execute(wanted).first()
    return (row[0], row[1]) if row else None


def revision(course_id: int, number: int, person: Rights) -> CourseRevision | None:
    """A revision of a course that ``person`` teaches or administers."""
    if not (person.is_admin or course_id in person.taught_course_ids):
        return None
    return db.session.scalar(
        select(CourseRevision).where(CourseRevision.course_id == course_id, CourseRevision.number == number)
    )


def revisions(course_id: int) -> Sequence[CourseRevision]:
    """The newest first."""
    wanted = select(CourseRevision).where(CourseRevision.course_id == course_id)
    return db.session.scalars(wanted.order_by(CourseRevision.number.desc()).limit(MAX_REVISIONS)).all()


def draft(course_id: int) -> CourseDraft | None:
    wanted = select(CourseDraft).where(CourseDraft.course_id == course_id)
    return db.session.scalar(wanted.execution_options(populate_existing=True))


def waiting_publication(course_id: int) -> ScheduledPublication | None:
    """The publication that a job is to make."""
    wanted = select(ScheduledPublication).where(
        ScheduledPublication.course_id == course_id, ScheduledPublication.state == "waiting"
    )
    return db.session.scalar(wanted.execution_options(populate_existing=True))


def course_check(course_id: int) -> CourseCheck | None:
    wanted = select(CourseCheck).where(CourseCheck.course_id == course_id)
    return db.session.scalar(wanted.execution_options(populate_existing=True))


def waiting_checks() -> Sequence[int]:
    """The ids of the courses that a job is to check, in the order of the requests."""
    wanted = select(CourseCheck.course_id).where(CourseCheck.result.is_(None))
    return db.session.scalars(wanted.order_by(CourseCheck.asked_at, CourseCheck.course_id)).all()


def open_publications(course_ids: Collection[int]) -> dict[int, ScheduledPublication]:
    """By course: the publication that waits, or the newest one if it was refused and nothing was published since."""
    newest = select(func.max(ScheduledPublication.id)).where(ScheduledPublication.course_id.in_(course_ids))
    since = select(CourseRevision.published_at).where(
        CourseRevision.course_id == ScheduledPublication.course_id, CourseRevision.is_current
    )
    wanted = select(ScheduledPublication).where(
        ScheduledPublication.id.in_(newest.group_by(ScheduledPublication.course_id)),
        or_(
            ScheduledPublication.state == "waiting",
            and_(
                ScheduledPublication.state == "refused",
                func.coalesce(since.scalar_subquery(), ScheduledPublication.scheduled_at)
                <= ScheduledPublication.ended_at,
            ),
        ),
    )
    return {one.course_id: one for one in db.session.scalars(wanted)}


def due_publications(now: datetime) -> Sequence[int]:
    """The ids of those that are to be published now, the earliest first."""
    wanted = select(ScheduledPublication.id).where(
        ScheduledPublication.state == "waiting", ScheduledPublication.publish_at <= now
    )
    return db.session.scalars(wanted.order_by(ScheduledPublication.publish_at, ScheduledPublication.id)).all()


def draft_files(draft_id: int, *, removed: bool = False) -> Sequence[CourseDraftFile]:
    """The files of the draft, or with ``removed`` those that were taken out of it."""
    wanted = select(CourseDraftFile).where(CourseDraftFile.draft_id == draft_id).order_by(CourseDraftFile.path)
    is_removed = CourseDraftFile.removed_at.is_not(None)
    wanted = wanted.where(is_removed if removed else ~is_removed)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).all()


def revision_files(revision_id: int) -> Sequence[CourseFile]:
    return db.session.scalars(
        select(CourseFile).where(CourseFile.revision_id == revision_id).order_by(CourseFile.path)
    ).all()


class People(NamedTuple):
    """How many people are enrolled and have not left."""

    total: int
    learning: int
    finished: int

    @property
    def waiting(self) -> int:
        return self.total - self.learning - self.finished


def people_inside(course_id: int) -> People:
    finished = case((EnrolmentState.state == "finished", 1), else_=0)
    row = db.session.execute(
        select(func.count(), func.count(EnrolmentState.enrolment_id), func.sum(finished))
        .select_from(Enrolment)
        .outerjoin(EnrolmentState, EnrolmentState.enrolment_id == Enrolment.id)
        .where(Enrolment.course_id == course_id, Enrolment.withdrawn_at.is_(None))
    ).one()
    done = row[2] or 0
    return People(total=row[0], learning=row[1] - done, finished=done)


def people_done(item_ids: Collection[int]) -> dict[int, int]:
    """How many people have done each item."""
    rows = db.session.execute(
        select(Progress.item_id, func.count())
        .join(Enrolment, Enrolment.id == Progress.enrolment_id)
        .where(Progress.item_id.in_(item_ids), Progress.state == "done", Enrolment.withdrawn_at.is_(None))
        .group_by(Progress.item_id)
    )
    return dict(rows.all())


def submitted_attempt_counts(item_ids: Collection[int]) -> dict[int, int]:
    """How many attempts were submitted, by item."""
    rows = db.session.execute(
        select(Attempt.item_id, func.count())
        .where(Attempt.item_id.in_(item_ids), Attempt.submitted_at.is_not(None))
        .group_by(Attempt.item_id)
    )
    return dict(rows.all())


def people_marked(item_ids: Collection[int]) -> dict[int, int]:
    """How many people have a mark for each item."""
    rows = db.session.execute(
        select(Progress.item_id, func.count())
        .join(Enrolment, Enrolment.id == Progress.enrolment_id)
        .where(Progress.item_id.in_(item_ids), Progress.score.is_not(None), Enrolment.withdrawn_at.is_(None))
        .group_by(Progress.item_id)
    )
    return dict(rows.all())


def attempts_running(course_id: int) -> int:
    """Attempts that go on with the questions and keys of the revision that they began with."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Attempt)
            .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
            .where(Enrolment.course_id == course_id, Attempt.submitted_at.is_(None))
        )
        or 0
    )


class ItemInRevision(NamedTuple):
    """The text of an item in a revision, by its path and its key in the storage."""

    number: int
    created_at: datetime
    path: str
    key: str


def revisions_of_item(course_id: int, slug: str) -> list[ItemInRevision]:
    """The texts of the item that has this slug in its newest revision, the newest first. Its slug may have changed."""
    newest = (
        select(ItemRevision.item_id)
        .join(CourseRevision, CourseRevision.id == ItemRevision.revision_id)
        .where(CourseRevision.course_id == course_id, ItemRevision.slug == slug)
        .order_by(CourseRevision.number.desc())
        .limit(1)
    )
    rows = db.session.execute(
        select(CourseRevision.number, CourseRevision.created_at, CourseFile.path, CourseFile.key, ItemRevision.slug)
        .join(ItemRevision, ItemRevision.revision_id == CourseRevision.id)
        .join(CourseFile, CourseFile.revision_id == CourseRevision.id)
        .where(ItemRevision.item_id == newest.scalar_subquery())
        .where(CourseFile.path.like(literal("%-") + ItemRevision.slug + ".md"))
        .order_by(CourseRevision.number.desc(), CourseFile.path)
        .limit(MAX_REVISIONS)
    )
    return [ItemInRevision(*row[:4]) for row in rows if posixpath.basename(row.path)[3:-3] == row.slug]


def origins(course_id: int) -> dict[str, QuestionOrigin]:
    """Where questions of a course were copied from, by their id."""
    found = db.session.scalars(select(QuestionOrigin).where(QuestionOrigin.course_id == course_id))
    return {one.question_id: one for one in found}


def copies(course_id: int, question_id: str = "") -> list[tuple[QuestionOrigin, Course, CourseRevision | None]]:
    """Questions that were copied from a course, or from one question of it, with the courses that have them."""
    wanted = (
        select(QuestionOrigin, Course, CourseRevision)
        .join(Course, Course.id == QuestionOrigin.course_id)
        .outerjoin(CourseRevision, (CourseRevision.course_id == Course.id) & CourseRevision.is_current)
        .where(QuestionOrigin.from_course_id == course_id)
        .order_by(QuestionOrigin.copied_at)
    )
    if question_id:
        wanted = wanted.where(QuestionOrigin.from_question_id == question_id)
    return [(row[0], row[1], row[2]) for row in db.session.execute(wanted)]


def courses_with_questions(person: Rights) -> list[tuple[Course, CourseRevision | None]]:
    """Courses of which ``person`` may copy questions: those that they edit, and published ones that share theirs."""
    wanted = (
        select(Course, CourseRevision)
        .outerjoin(CourseRevision, (CourseRevision.course_id == Course.id) & CourseRevision.is_current)
        .order_by(CourseRevision.title, Course.slug)
    )
    if not person.is_admin:
        is_shared = Course.shares_questions & CourseRevision.id.is_not(None)
        wanted = wanted.where(Course.id.in_(person.taught_course_ids) | is_shared)
    return [(row[0], row[1]) for row in db.session.execute(wanted)]


def number_of(revision_id: int) -> int:
    return db.session.get_one(CourseRevision, revision_id).number


def course_files_being_written(course_ids: Collection[int]) -> dict[int, bytes]:
    """The file ``course.md`` of each draft, by course."""
    rows = db.session.execute(
        select(CourseDraft.course_id, CourseDraftFile.content)
        .join(CourseDraftFile, CourseDraftFile.draft_id == CourseDraft.id)
        .where(CourseDraft.course_id.in_(course_ids), CourseDraftFile.path == COURSE_FILE)
    )
    return {course_id: content or b"" for course_id, content in rows}


MAX_REVISIONS_COMPARED = 30


def hashes_of_revisions(course_id: int) -> list[dict[str, str]]:
    """The hashes of the files by path, for each of the newest revisions, the newest first."""
    newest = (
        select(CourseRevision.id)
        .where(CourseRevision.course_id == course_id)
        .order_by(CourseRevision.number.desc())
        .limit(MAX_REVISIONS_COMPARED)
    )
    found: dict[int, dict[str, str]] = {one: {} for one in db.session.scalars(newest)}
    rows = db.session.execute(
        select(CourseFile.revision_id, CourseFile.path, CourseFile.sha256).where(
            CourseFile.revision_id.in_(list(found))
        )
    )
    for revision_id, path, sha256 in rows:
        found[revision_id][path] = sha256
    return list(found.values())


def file_sizes(hashes: Collection[str]) -> dict[str, int]:
    """Bytes of files that any revision has, by their hash."""
    wanted = select(CourseFile.sha256, func.max(CourseFile.size)).where(CourseFile.sha256.in_(hashes))
    return dict(db.session.execute(wanted.group_by(CourseFile.sha256)).all())
