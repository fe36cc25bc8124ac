"""Reads of groups that hand in together, and of their papers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload, lazyload

from lms.assignments.models import GroupMember, GroupPaper, Marking, Submission, WorkGroup
from lms.core.db import db
from lms.core.i18n import zone
from lms.enrolment import queries as enrolments
from lms.enrolment.models import Cohort, Enrolment
from lms.enrolment.windows import Window
from lms.people.models import Person


class EnrolledPerson(NamedTuple):
    """An enrolment in a cohort, in a group or not."""

    enrolment: Enrolment
    person: Person


@dataclass(frozen=True)
class OwnGroup:
    """The group of a learner as it is now, without people who left the course."""

    group: WorkGroup
    members: tuple[EnrolledPerson, ...]

    @property
    def names(self) -> list[str]:
        return [one.person.full_name for one in self.members]


def group(group_id: int) -> WorkGroup | None:
    return db.session.get(WorkGroup, group_id)


def own_group(enrolment_id: int) -> OwnGroup | None:
    found = db.session.scalar(_group_of(enrolment_id))
    return OwnGroup(found, members(found.id)) if found else None


def own_group_locked(enrolment_id: int) -> OwnGroup | None:
    """Locked until the transaction ends: nobody joins or leaves, and no other member hands in. So are the enrolments
    of its members, as before a renewal of results."""
    locked = _group_of(enrolment_id).with_for_update(of=WorkGroup).execution_options(populate_existing=True)
    found = db.session.scalar(locked)
    while found is not None and (now := db.session.scalar(_group_of(enrolment_id))) is not found:
        found = db.session.scalar(locked) if now else None  # moved while this waited for the lock
    if found is None:
        return None
    own = OwnGroup(found, members(found.id))
    lock_enrolments([one.enrolment.id for one in own.members])
    return own


def _group_of(enrolment_id: int) -> Select[WorkGroup]:
    rows = select(WorkGroup).join(GroupMember, GroupMember.group_id == WorkGroup.id)
    return rows.where(GroupMember.enrolment_id == enrolment_id)


def lock_enrolments(enrolment_ids: Collection[int]) -> None:
    """In the order and the mode of ``learning.services.renewal``, so that neither waits for the other."""
    rows = select(Enrolment.id).where(Enrolment.id.in_(enrolment_ids)).order_by(Enrolment.id)
    db.session.execute(rows.with_for_update(key_share=True)).all()


def lock_groups(cohort_id: int) -> None:
    """All groups of a cohort, and the cohort itself, before groups are formed or change."""
    cohort = select(Cohort.id).where(Cohort.id == cohort_id)
    db.session.execute(cohort.with_for_update(key_share=True))
    rows = select(WorkGroup.id).where(WorkGroup.cohort_id == cohort_id).order_by(WorkGroup.id)
    db.session.execute(rows.with_for_update()).all()


def members(group_id: int) -> tuple[EnrolledPerson, ...]:
    """By name."""
    rows = _people().join(GroupMember, GroupMember.enrolment_id == Enrolment.id)
    return tuple(EnrolledPerson(*row) for row in db.session.execute(rows.where(GroupMember.group_id == group_id)))


def _people() -> Select[Any]:
    what: Any = select(Enrolment, Person)
    rows: Select[Any] = (
        what.join(Person, Person.id == Enrolment.person_id)
        .options(joinedload(Enrolment.cohort), joinedload(Person.unit), lazyload(Person.grants))
        .where(Enrolment.withdrawn_at.is_(None))
        .order_by(func.lower(Person.name), Enrolment.id)
    )
    return rows


@dataclass(frozen=True)
class FormedGroup:
    group: WorkGroup
    members: tuple[EnrolledPerson, ...]
    has_papers: bool


@dataclass(frozen=True)
class CohortGroups:
    """``left`` are the people in no group."""

    left: tuple[EnrolledPerson, ...]
    groups: tuple[FormedGroup, ...]


def cohort_groups(cohort_id: int) -> CohortGroups:
    """Three queries, however many people."""
    rows = db.session.execute(
        _people()
        .outerjoin(GroupMember, GroupMember.enrolment_id == Enrolment.id)
        .add_columns(GroupMember.group_id)
        .where(Enrolment.cohort_id == cohort_id)
    )
    found: dict[int | None, list[EnrolledPerson]] = {}
    for enrolment, person, group_id in rows:
        found.setdefault(group_id, []).append(EnrolledPerson(enrolment, person))
    with_papers = set(
        db.session.scalars(
            select(GroupPaper.group_id)
            .join(WorkGroup, WorkGroup.id == GroupPaper.group_id)
            .where(WorkGroup.cohort_id == cohort_id)
        )
    )
    groups = [
        FormedGroup(one, tuple(found.get(one.id, ())), one.id in with_papers) for one in groups_of_cohort(cohort_id)
    ]
    return CohortGroups(tuple(found.get(None, ())), tuple(groups))


def groups_of_cohort(cohort_id: int) -> Sequence[WorkGroup]:
    """In the order in which they were formed."""
    return db.session.scalars(select(WorkGroup).where(WorkGroup.cohort_id == cohort_id).order_by(WorkGroup.id)).all()


def memberships(enrolment_ids: Collection[int]) -> dict[int, GroupMember]:
    """By enrolment; people in no group are left out."""
    rows = select(GroupMember).where(GroupMember.enrolment_id.in_(enrolment_ids)).options(joinedload(GroupMember.group))
    return {one.enrolment_id: one for one in db.session.scalars(rows.execution_options(populate_existing=True))}


def has_papers(group_id: int) -> bool:
    return bool(db.session.scalar(select(exists().where(GroupPaper.group_id == group_id))))


def attempts_used(group_id: int, item_id: int, upto: int | None = None) -> int:
    """How many papers of a group count as attempts; ``upto`` the number of one of them."""
    rows = select(func.count()).select_from(GroupPaper)
    rows = rows.where(GroupPaper.group_id == group_id, GroupPaper.item_id == item_id, ~GroupPaper.is_returned)
    return db.session.scalar(rows.where(GroupPaper.number <= upto) if upto else rows) or 0


def next_number(group_id: int, item_id: int) -> int:
    rows = select(func.max(GroupPaper.number))
    return (db.session.scalar(rows.where(GroupPaper.group_id == group_id, GroupPaper.item_id == item_id)) or 0) + 1


def attempt_of(enrolment_id: int, paper: GroupPaper) -> int:
    """Which of a person's attempts a paper is. People who have moved have the attempts of their new group."""
    own = memberships([enrolment_id]).get(enrolment_id)
    if own is None or own.group_id == paper.group_id:
        return attempts_used(paper.group_id, paper.item_id, paper.number)
    return attempts_used(own.group_id, paper.item_id)


def paper_rows(submission: Submission) -> Sequence[Submission]:
    """What each member has of the submission's paper; the submission itself if it is no group's."""
    if submission.paper_id is None:
        return [submission]
    rows = select(Submission).where(Submission.paper_id == submission.paper_id).order_by(Submission.id)
    rows = rows.options(joinedload(Submission.item_revision)).execution_options(populate_existing=True)
    return db.session.scalars(rows).all()


def newest_markings(submission_ids: Collection[int]) -> dict[int, Marking]:
    """By submission; unmarked ones are left out."""
    rows = select(Marking).where(Marking.submission_id.in_(submission_ids)).order_by(Marking.number)
    return {one.submission_id: one for one in db.session.scalars(rows)} if submission_ids else {}


class PaperMember(NamedTuple):
    """Somebody who was in the group when its paper was handed in."""

    submission_id: int
    person_id: int
    name: str


def paper_members(paper_ids: Collection[int]) -> Mapping[int | None, list[PaperMember]]:
    """By paper, each by name; empty without a query where there are none."""
    found: dict[int | None, list[PaperMember]] = {}
    if not paper_ids:
        return found
    rows = (
        select(Submission.paper_id, Submission.id, Person)
        .join(Person, Person.id == Submission.person_id)
        .options(lazyload(Person.grants))
        .where(Submission.paper_id.in_(paper_ids))
        .order_by(func.lower(Person.name), Submission.id)
    )
    for paper_id, submission_id, person in db.session.execute(rows):
        found.setdefault(paper_id, []).append(PaperMember(submission_id, person.id, person.full_name))
    return found


def paper_windows(paper_ids: Collection[int]) -> Mapping[int | None, list[Window]]:
    """By paper, the dates of everybody who has it, without people who left."""
    found: dict[int | None, list[Window]] = {}
    if not paper_ids:
        return found
    rows = db.session.execute(
        select(Submission.paper_id, Enrolment, Cohort)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Submission.paper_id.in_(paper_ids), Enrolment.withdrawn_at.is_(None))
    )
    for paper_id, enrolment, cohort in rows:
        found.setdefault(paper_id, []).append(enrolments.window_of(enrolment, cohort, zone()))
    return found


def windows(own: OwnGroup) -> list[Window]:
    return [enrolments.window_of(one.enrolment, one.enrolment.cohort, zone()) for one in own.members]


def with_group_members(which: ColumnElement[bool]) -> ColumnElement[bool]:
    """``which``, a condition on ``Enrolment``, widened to everybody who shares a group's paper with these people."""
    own, other = aliased(Submission), aliased(Submission)
    theirs = select(other.enrolment_id).join(own, own.paper_id == other.paper_id)
    theirs = theirs.where(own.enrolment_id.in_(select(Enrolment.id).where(which).correlate(None)))
    return or_(which, Enrolment.id.in_(theirs))


def leads_queue() -> ColumnElement[bool]:
    """True for the first waiting submission of a group's paper, which is graded once, and for papers of one person."""
    before, owner = aliased(Submission), aliased(Enrolment)
    earlier = select(before.id).join(owner, owner.id == before.enrolment_id)
    waits = ~before.is_graded, ~before.is_superseded, owner.withdrawn_at.is_(None)
    earlier = earlier.where(before.paper_id == Submission.paper_id, before.id < Submission.id, *waits)
    return ~earlier.exists()


def leads_paper() -> ColumnElement[bool]:
    before = aliased(Submission)
    return ~exists().where(before.paper_id == Submission.paper_id, before.id < Submission.id)
