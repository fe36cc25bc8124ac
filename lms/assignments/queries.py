"""Reads about drafts, work handed in, and what waits for a grader."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from lms.assignments.models import Draft, Marking, Submission, WorkFile
from lms.content.items.assignment import Assignment
from lms.core.db import db
from lms.courses import queries as courses
from lms.courses.models import Course, CourseRevision, ItemRevision
from lms.enrolment.models import Enrolment
from lms.people.models import Person


def assignment_of(item_revision_id: int) -> Assignment:
    """The assignment as one revision has it."""
    return cast(Assignment, courses.item_content(item_revision_id))


def draft(enrolment_id: int, item_id: int) -> Draft | None:
    return db.session.scalars(_drafts(enrolment_id, item_id)).one_or_none()


def draft_to_change(enrolment_id: int, item_id: int) -> Draft:
    """The draft as it is now, locked until the transaction ends: who comes second sees what the first did."""
    locked = _drafts(enrolment_id, item_id).with_for_update(of=Draft).execution_options(populate_existing=True)
    return db.session.scalars(locked).one()


def _drafts(enrolment_id: int, item_id: int) -> Select[Draft]:
    mine = Draft.enrolment_id == enrolment_id, Draft.item_id == item_id
    return select(Draft).where(*mine).options(selectinload(Draft.files))


def handed_in(enrolment_id: int, item_id: int) -> Sequence[Submission]:
    """All that one person handed in for one assignment, newest first, with files and markings."""
    return db.session.scalars(
        select(Submission)
        .where(Submission.enrolment_id == enrolment_id, Submission.item_id == item_id)
        .options(
            selectinload(Submission.files),
            selectinload(Submission.markings),
            joinedload(Submission.item_revision),
        )
        .order_by(Submission.number.desc())
        .execution_options(populate_existing=True)
    ).all()


def numbered(enrolment_id: int, item_id: int, number: int) -> Submission | None:
    """A person's submission ``number`` of one assignment."""
    return db.session.scalars(
        select(Submission).where(
            Submission.enrolment_id == enrolment_id,
            Submission.item_id == item_id,
            Submission.number == number,
        )
    ).one_or_none()


@dataclass(frozen=True)
class Paper:
    """Work handed in, with whose it is and where: what a grader looks at."""

    submission: Submission
    person: Person
    course_id: int
    course_slug: str
    course_title: str


def paper(submission_id: int) -> Paper | None:
    row = db.session.execute(
        select(Submission, Person, Enrolment.course_id, Course.slug, CourseRevision.title)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .join(Person, Person.id == Submission.person_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(ItemRevision, ItemRevision.id == Submission.item_revision_id)
        .join(CourseRevision, CourseRevision.id == ItemRevision.revision_id)
        .where(Submission.id == submission_id)
    ).one_or_none()
    return Paper(*row) if row else None


def lock(submission_id: int) -> None:
    """Hold a submission until the transaction ends: of two graders, one comes after the other."""
    db.session.execute(select(Submission.id).where(Submission.id == submission_id).with_for_update())


def markings(submission_id: int) -> Sequence[Marking]:
    """All judgements of one submission, oldest first, as the database has them now."""
    return db.session.scalars(
        select(Marking)
        .where(Marking.submission_id == submission_id)
        .order_by(Marking.number)
        .execution_options(populate_existing=True)
    ).all()


def counting_score(enrolment_id: int, item_id: int) -> Decimal | None:
    """The mark that counts for the item: the newest one of the latest submission that was graded."""
    return db.session.scalar(
        select(Marking.final_score)
        .join(Submission, Submission.id == Marking.submission_id)
        .where(Submission.enrolment_id == enrolment_id, Submission.item_id == item_id)
        .order_by(Submission.number.desc(), Marking.number.desc())
        .limit(1)
    )


def newest_waits(enrolment_id: int, item_id: int) -> bool:
    """Whether the latest submission has not been graded yet."""
    graded = db.session.scalar(
        select(Submission.is_graded)
        .where(Submission.enrolment_id == enrolment_id, Submission.item_id == item_id)
        .order_by(Submission.number.desc())
        .limit(1)
    )
    return graded is False


def newest_of(submission: Submission) -> Submission | None:
    """What the same person handed in later for the same assignment; None where this is the latest."""
    return db.session.scalars(
        select(Submission)
        .where(
            Submission.enrolment_id == submission.enrolment_id,
            Submission.item_id == submission.item_id,
            Submission.number > submission.number,
        )
        .order_by(Submission.number.desc())
        .limit(1)
    ).first()


@dataclass(frozen=True)
class Choice:
    """What the queue is narrowed to; None: everything."""

    course_id: int | None = None
    item_id: int | None = None


EVERYTHING = Choice()


def waiting(course_ids: Collection[int], choice: Choice = EVERYTHING, *, not_by: int | None = None) -> Select[Any]:
    """Work that waits for a grader, oldest first: (Submission, Person, ItemRevision, course's title).

    ``not_by`` leaves out one's own: nobody grades oneself.
    """
    return _papers(_waits(course_ids), choice, not_by).order_by(Submission.submitted_at, Submission.id)


def graded(course_ids: Collection[int], choice: Choice = EVERYTHING, *, not_by: int | None = None) -> Select[Any]:
    """Work that was graded, newest first; rows as in ``waiting``."""
    done = Submission.is_graded.is_(True), Enrolment.course_id.in_(course_ids)
    return _papers(done, choice, not_by).order_by(Submission.submitted_at.desc(), Submission.id.desc())


def waiting_count(course_ids: Collection[int], choice: Choice = EVERYTHING, *, not_by: int | None = None) -> int:
    """How many papers wait for a grader in these courses."""
    return sum(waiting_counts(course_ids, choice, not_by=not_by).values())


def waiting_counts(
    course_ids: Collection[int], choice: Choice = EVERYTHING, *, not_by: int | None = None
) -> dict[int, int]:
    """The same by course; where none waits, the course is left out."""
    rows = _papers(_waits(course_ids), choice, not_by).with_only_columns(Enrolment.course_id, func.count())
    return dict(db.session.execute(rows.group_by(Enrolment.course_id)).all())


def next_waiting(course_ids: Collection[int], choice: Choice, after: Submission, *, not_by: int) -> Submission | None:
    """The paper that follows ``after`` in the queue; after the last, the first again."""
    queue = waiting(course_ids, choice, not_by=not_by).where(Submission.id != after.id).limit(1)
    later = Submission.submitted_at > after.submitted_at
    at_once = (Submission.submitted_at == after.submitted_at) & (Submission.id > after.id)
    beyond = queue.where(later | at_once)
    return db.session.scalars(beyond).first() or db.session.scalars(queue).first()


@dataclass(frozen=True)
class Filter:
    """A course or assignment the queue can be narrowed to."""

    id: int
    key: str
    title: str


def filter_courses(course_ids: Collection[int]) -> list[Filter]:
    rows = db.session.execute(
        select(Course.id, Course.slug, CourseRevision.title)
        .join(CourseRevision, (CourseRevision.course_id == Course.id) & CourseRevision.is_current)
        .where(Course.id.in_(course_ids))
        .order_by(CourseRevision.title)
    )
    return [Filter(*row) for row in rows]


def filter_items(course_ids: Collection[int]) -> list[Filter]:
    """The assignments of these courses for which anything was handed in; titles of the newest revision."""
    newest = (
        select(func.max(ItemRevision.id))
        .join(Submission, Submission.item_id == ItemRevision.item_id)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .where(Enrolment.course_id.in_(course_ids))
        .group_by(ItemRevision.item_id)
    )
    rows = db.session.execute(
        select(ItemRevision.item_id, ItemRevision.slug, ItemRevision.title)
        .where(ItemRevision.id.in_(newest))
        .order_by(ItemRevision.title)
    )
    return [Filter(*row) for row in rows]


@dataclass(frozen=True)
class KeptFile:
    """A file and who it concerns. ``course_id`` only once it was handed in: a draft is nobody else's business."""

    file: WorkFile
    course_id: int | None


def kept_file(file_id: int) -> KeptFile | None:
    row = db.session.execute(
        select(WorkFile, Enrolment.course_id)
        .outerjoin(Submission, Submission.id == WorkFile.submission_id)
        .outerjoin(Enrolment, Enrolment.id == Submission.enrolment_id)
        .where(WorkFile.id == file_id)
    ).one_or_none()
    return KeptFile(*row) if row else None


def names(person_ids: Collection[int]) -> dict[int, str]:
    """Full names by id."""
    people = db.session.scalars(select(Person).where(Person.id.in_(person_ids)))
    return {person.id: person.full_name for person in people}


def _waits(course_ids: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    return (
        Submission.is_graded.is_(False),
        Submission.is_superseded.is_(False),
        Enrolment.course_id.in_(course_ids),
        Enrolment.withdrawn_at.is_(None),
    )


def _papers(conditions: tuple[ColumnElement[bool], ...], choice: Choice, not_by: int | None) -> Select[Any]:
    what: Any = select(Submission, Person, ItemRevision, CourseRevision.title)
    rows: Select[Any] = (
        what.select_from(Submission)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .join(Person, Person.id == Submission.person_id)
        .join(ItemRevision, ItemRevision.id == Submission.item_revision_id)
        .join(CourseRevision, CourseRevision.id == ItemRevision.revision_id)
        .where(*conditions)
        .options(joinedload(Person.unit))
    )
    if choice.course_id is not None:
        rows = rows.where(Enrolment.course_id == choice.course_id)
    if choice.item_id is not None:
        rows = rows.where(Submission.item_id == choice.item_id)
    return rows if not_by is None else rows.where(Submission.person_id != not_by)
