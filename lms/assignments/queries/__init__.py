"""Reads of drafts, submissions, and work that waits for grading."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from lms.assignments.models import Draft, GroupPaper, Marking, Submission, SubmissionReturn, WorkFile
from lms.assignments.queries import anonymity
from lms.assignments.queries.groups import (
    PaperMember,
    attempt_of,
    leads_paper,
    leads_queue,
    lock_enrolments,
    paper_members,
)
from lms.content.items.assignment import Assignment
from lms.core.db import db
from lms.courses import queries as courses
from lms.courses.models import Course, CourseRevision, ItemRevision
from lms.enrolment.models import Enrolment
from lms.journal import queries as journal
from lms.people.models import Person


def assignment_of(item_revision_id: int) -> Assignment:
    return cast(Assignment, courses.item_content(item_revision_id))


def assignment_in_force(submission: Submission) -> Assignment:
    """The assignment as it is published; as it was submitted if the course no longer has it."""
    return assignment_of(courses.published_item_id(submission.item_id) or submission.item_revision_id)


def draft(enrolment_id: int, item_id: int) -> Draft | None:
    return db.session.scalars(_drafts(enrolment_id, item_id)).one_or_none()


def subject(draft: Draft) -> str:
    """The draft's name in the journal."""
    return f"draft:{draft.id}"


class DraftEvent(NamedTuple):
    id: int
    client_seq: str
    """The page and the change that it came from (``journal.events``); empty for a submission and for old events."""


def work_name(submission: Submission) -> str:
    """The submission's name in the ledger of marks."""
    return f"submission:{submission.id}"


def newest_event(draft: Draft) -> DraftEvent | None:
    """The newest change of the draft, or its submission."""
    event = journal.newest(subject(draft))
    return DraftEvent(event.id, journal.entry(event).body.get("turn", "")) if event else None


def draft_for_update(enrolment_id: int, item_id: int) -> Draft:
    """The draft, locked until the transaction ends."""
    locked = _drafts(enrolment_id, item_id).with_for_update(of=Draft).execution_options(populate_existing=True)
    return db.session.scalars(locked).one()


def _drafts(enrolment_id: int, item_id: int) -> Select[Draft]:
    mine = Draft.enrolment_id == enrolment_id, Draft.item_id == item_id
    return select(Draft).where(*mine).options(selectinload(Draft.files))


def submissions(enrolment_id: int, item_id: int) -> Sequence[Submission]:
    """All submissions of an enrolment to an assignment, newest first, with files and markings."""
    return db.session.scalars(
        select(Submission)
        .where(Submission.enrolment_id == enrolment_id, Submission.item_id == item_id)
        .options(
            selectinload(Submission.files),
            selectinload(Submission.markings).selectinload(Marking.files),
            selectinload(Submission.notes),
            joinedload(Submission.item_revision),
            joinedload(Submission.returned).selectinload(SubmissionReturn.files),
            joinedload(Submission.paper),
        )
        .order_by(Submission.number.desc())
        .execution_options(populate_existing=True)
    ).all()


def submissions_by_item(enrolment_ids: Sequence[int]) -> dict[tuple[int, int], list[Submission]]:
    """All submissions of enrolments by enrolment and item, the first one first, with markings, locked."""
    found: dict[tuple[int, int], list[Submission]] = {}
    mine = Submission.enrolment_id.in_(enrolment_ids)
    db.session.execute(select(Submission.id).where(mine).order_by(Submission.id).with_for_update()).all()
    rows = select(Submission).where(mine).order_by(Submission.number)
    rows = rows.options(
        selectinload(Submission.markings), joinedload(Submission.returned), joinedload(Submission.paper)
    )
    rows = rows.execution_options(populate_existing=True)
    for submission in db.session.scalars(rows):
        found.setdefault((submission.enrolment_id, submission.item_id), []).append(submission)
    return found


def submissions_of(enrolment_id: int) -> Sequence[Submission]:
    """At all assignments of the course, the first one first, with their marks."""
    found = select(Submission).where(Submission.enrolment_id == enrolment_id).options(selectinload(Submission.markings))
    return db.session.scalars(found.order_by(Submission.number, Submission.id)).all()


def submission_number(enrolment_id: int, item_id: int, number: int) -> Submission | None:
    return db.session.scalars(
        select(Submission).where(
            Submission.enrolment_id == enrolment_id,
            Submission.item_id == item_id,
            Submission.number == number,
        )
    ).one_or_none()


@dataclass(frozen=True)
class SubmissionDetails:
    """A submission with its learner and course."""

    submission: Submission
    person: Person
    course_id: int
    course_slug: str
    course_title: str
    members: tuple[PaperMember, ...] = ()
    """Everybody who has a group's paper, this learner included; empty for other work."""
    hidden_number: int | None = None
    """Instead of the name, which graders do not see while this is set (``anonymity``)."""

    @property
    def name(self) -> str:
        """What graders call the participant."""
        if self.hidden_number is not None:
            return anonymity.participant(self.hidden_number)
        return self.person.full_name


def submission_details(submission_id: int) -> SubmissionDetails | None:
    row = db.session.execute(
        select(Submission, Person, Enrolment.course_id, Course.slug, CourseRevision.title)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .join(Person, Person.id == Submission.person_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(ItemRevision, ItemRevision.id == Submission.item_revision_id)
        .join(CourseRevision, CourseRevision.id == ItemRevision.revision_id)
        .where(Submission.id == submission_id)
    ).one_or_none()
    if row is None:
        return None
    paper_id = row[0].paper_id
    return SubmissionDetails(
        *row,
        members=tuple(paper_members([paper_id])[paper_id]) if paper_id else (),
        hidden_number=anonymity.hidden_number(row[0]),
    )


def lock(submission_id: int) -> None:
    """Make concurrent graders of a submission, or of any submission of the same group's paper, wait for each other."""
    one = db.session.execute(
        select(Submission.enrolment_id, Submission.paper_id).where(Submission.id == submission_id)
    ).one()
    if one.paper_id is None:
        db.session.execute(select(Submission.id).where(Submission.id == submission_id).with_for_update())
        return
    its = Submission.paper_id == one.paper_id
    lock_enrolments(db.session.scalars(select(Submission.enrolment_id).where(its)).all())
    db.session.execute(select(Submission.id).where(its).order_by(Submission.id).with_for_update()).all()


def markings(submission_id: int) -> Sequence[Marking]:
    """All markings of a submission, oldest first, as they are in the database now."""
    return db.session.scalars(
        select(Marking)
        .where(Marking.submission_id == submission_id)
        .order_by(Marking.number)
        .execution_options(populate_existing=True)
    ).all()


class CountingMark(NamedTuple):
    attempt: int
    """The number of the attempt; returned submissions are not counted."""
    score: Decimal
    paper: GroupPaper | None


def counting_mark(enrolment_id: int, item_id: int) -> CountingMark | None:
    """What counts for the item: the newest marking of the latest graded submission, of those that are not held."""
    earlier = aliased(Submission)
    returned = (
        select(func.count())
        .select_from(SubmissionReturn)
        .join(earlier, earlier.id == SubmissionReturn.submission_id)
        .where(
            earlier.enrolment_id == Submission.enrolment_id,
            earlier.item_id == Submission.item_id,
            earlier.number < Submission.number,
        )
        .scalar_subquery()
    )
    row = db.session.execute(
        select(Submission.number - returned, Marking.final_score, GroupPaper)
        .join(Submission, Submission.id == Marking.submission_id)
        .outerjoin(GroupPaper, GroupPaper.id == Submission.paper_id)
        .where(Submission.enrolment_id == enrolment_id, Submission.item_id == item_id, ~Marking.is_held)
        .order_by(Submission.number.desc(), Marking.number.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    found = CountingMark(*row)
    return found if found.paper is None else found._replace(attempt=attempt_of(enrolment_id, found.paper))


def is_newest_waiting(enrolment_id: int, item_id: int) -> bool:
    """True if the latest submission waits for a mark that its learner is told."""
    is_told = exists().where(Marking.submission_id == Submission.id, ~Marking.is_held)
    row = db.session.execute(
        select(is_told, Submission.is_superseded)
        .where(Submission.enrolment_id == enrolment_id, Submission.item_id == item_id)
        .order_by(Submission.number.desc())
        .limit(1)
    ).first()
    return row is not None and not any(row)


def submission_before(submission: Submission) -> Submission | None:
    """The learner's submission to the same assignment before this one."""
    return submission_number(submission.enrolment_id, submission.item_id, submission.number - 1)


def newer_submission(submission: Submission) -> Submission | None:
    """The learner's latest submission to the same assignment, or None if ``submission`` is the latest."""
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
class QueueFilter:
    """The queue is limited to a course or an assignment; None: all of them."""

    course_id: int | None = None
    item_id: int | None = None


NO_FILTER = QueueFilter()


def waiting(
    course_ids: Collection[int], queue_filter: QueueFilter = NO_FILTER, *, not_by: int | None = None
) -> Select[Any]:
    """Work that waits for grading, oldest first: (Submission, Person, ItemRevision, course title).

    ``not_by`` leaves out this person's own work.
    """
    return _submissions(_is_waiting(course_ids), queue_filter, not_by).order_by(Submission.submitted_at, Submission.id)


def graded(
    course_ids: Collection[int], queue_filter: QueueFilter = NO_FILTER, *, not_by: int | None = None
) -> Select[Any]:
    """Graded work, newest first; rows as in ``waiting``."""
    done = Submission.is_graded.is_(True), Enrolment.course_id.in_(course_ids), leads_paper()
    return _submissions(done, queue_filter, not_by).order_by(Submission.submitted_at.desc(), Submission.id.desc())


def waiting_count(
    course_ids: Collection[int], queue_filter: QueueFilter = NO_FILTER, *, not_by: int | None = None
) -> int:
    return sum(waiting_counts(course_ids, queue_filter, not_by=not_by).values())


def waiting_counts(
    course_ids: Collection[int], queue_filter: QueueFilter = NO_FILTER, *, not_by: int | None = None
) -> dict[int, int]:
    """By course; courses without waiting work are left out."""
    rows = select(Enrolment.course_id, func.count()).select_from(Submission)
    rows = rows.join(Enrolment, Enrolment.id == Submission.enrolment_id)
    rows = rows.where(*_is_waiting(course_ids), *_filtered(queue_filter, not_by))
    return dict(db.session.execute(rows.group_by(Enrolment.course_id)).all())


def next_waiting(
    course_ids: Collection[int],
    queue_filter: QueueFilter,
    after: Submission,
    *,
    not_by: int,
    others: Collection[str] = (),
) -> Submission | None:
    """The submission that follows ``after`` in the queue; after the last one, the first again.

    One that others have open (``others``, by ``work_name``) comes only where there is nothing else.
    """
    queue = waiting(course_ids, queue_filter, not_by=not_by).where(Submission.id != after.id).limit(1)
    later = Submission.submitted_at > after.submitted_at
    at_once = (Submission.submitted_at == after.submitted_at) & (Submission.id > after.id)
    is_open = Submission.id.in_(_ids_of_works(others))
    for which in (
        ([later | at_once, ~is_open], [~is_open], [later | at_once], []) if others else ([later | at_once], [])
    ):
        found: Submission | None = db.session.scalars(queue.where(*which)).first()
        if found is not None:
            return found
    return None


def _ids_of_works(names: Collection[str]) -> list[int]:
    return [int(name.partition(":")[2]) for name in names if name.startswith("submission:")]


@dataclass(frozen=True)
class SubmittedFile:
    """A file. ``course_id`` is set only once the file was submitted: nobody else may read a draft."""

    file: WorkFile
    course_id: int | None


def work_file(file_id: int) -> SubmittedFile | None:
    row = db.session.execute(
        select(WorkFile, Enrolment.course_id)
        .outerjoin(Submission, Submission.id == WorkFile.submission_id)
        .outerjoin(Enrolment, Enrolment.id == Submission.enrolment_id)
        .where(WorkFile.id == file_id)
    ).one_or_none()
    return SubmittedFile(*row) if row else None


def full_names(person_ids: Collection[int]) -> dict[int, str]:
    """By person id."""
    people = db.session.scalars(select(Person).where(Person.id.in_(person_ids)))
    return {person.id: person.full_name for person in people}


def _is_waiting(course_ids: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    return (
        Submission.is_graded.is_(False),
        Submission.is_superseded.is_(False),
        Enrolment.course_id.in_(course_ids),
        Enrolment.withdrawn_at.is_(None),
        leads_queue(),
    )


def _submissions(
    conditions: tuple[ColumnElement[bool], ...], queue_filter: QueueFilter, not_by: int | None
) -> Select[Any]:
    what: Any = select(Submission, Person, ItemRevision, CourseRevision.title)
    rows: Select[Any] = (
        what.select_from(Submission)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .join(Person, Person.id == Submission.person_id)
        .join(ItemRevision, ItemRevision.id == Submission.item_revision_id)
        .join(CourseRevision, CourseRevision.id == ItemRevision.revision_id)
        .where(*conditions, *_filtered(queue_filter, not_by))
        .options(joinedload(Person.unit), joinedload(Submission.paper))
    )
    return rows


def _filtered(queue_filter: QueueFilter, not_by: int | None) -> Iterator[ColumnElement[bool]]:
    if queue_filter.course_id is not None:
        yield Enrolment.course_id == queue_filter.course_id
    if queue_filter.item_id is not None:
        yield Submission.item_id == queue_filter.item_id
    if not_by is not None:
        yield Submission.person_id != not_by
        own = aliased(Submission)
        yield ~exists().where(own.paper_id == Submission.paper_id, own.person_id == not_by)
