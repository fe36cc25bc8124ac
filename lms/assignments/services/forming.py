"""Form the groups of a cohort. What was handed in before stays with those who were members then."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from lms.assignments.grouping import free_names, split_into_groups
from lms.assignments.models import GroupMember, WorkGroup
from lms.assignments.queries import groups
from lms.core import ledger
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.enrolment.models import Cohort, Enrolment
from lms.learning.services import renewal


class GroupNameTaken(Refusal):
    message = lazy("There is a group with this name already. Nothing was changed. Please choose another name.")


class NobodyTicked(Refusal):
    message = lazy("Nobody was ticked. Nothing was changed. Tick those who are to be moved, then choose again.")


class EverybodyGrouped(Refusal):
    message = lazy("Everybody is in a group already. Nothing was changed.")


class GroupHasPapers(Refusal):
    message = lazy(
        "This group has handed in, so it stays. Nothing was changed. You can move its members to other groups."
    )


def form_group(cohort: Cohort, name: str, *, actor_id: int | None, now: datetime) -> WorkGroup:
    """:raises GroupNameTaken:"""
    groups.lock_groups(cohort.id)
    _check_name(cohort.id, name)
    group = WorkGroup(cohort_id=cohort.id, name=name, formed_by=actor_id, formed_at=now)
    db.session.add(group)
    db.session.flush()
    ledger.record(actor_id, "form group", f"group:{group.id}", now=now, cohort=cohort.id, name=name)
    return group


def rename_group(group: WorkGroup, name: str, *, actor_id: int | None, now: datetime) -> None:
    """Papers keep the name that the group had when it handed in.

    :raises GroupNameTaken:
    """
    groups.lock_groups(group.cohort_id)
    if name == group.name:
        return
    _check_name(group.cohort_id, name, renamed=group)
    before, group.name = group.name, name
    db.session.flush()
    ledger.record(actor_id, "rename group", f"group:{group.id}", now=now, name=name, before=before)


def _check_name(cohort_id: int, name: str, renamed: WorkGroup | None = None) -> None:
    taken = {one.name.casefold() for one in groups.groups_of_cohort(cohort_id) if one is not renamed}
    if name.casefold() in taken:
        raise GroupNameTaken


def move_people(
    cohort: Cohort,
    enrolment_ids: Collection[int],
    group: WorkGroup | None,
    *,
    actor_id: int | None,
    now: datetime,
) -> int:
    """Put people of the cohort in a group, or with None in no group; returns how many were somewhere else before.

    :raises NobodyTicked:
    """
    groups.lock_groups(cohort.id)
    here = select(Enrolment.id).where(Enrolment.id.in_(enrolment_ids), Enrolment.cohort_id == cohort.id)
    people = db.session.scalars(here.order_by(Enrolment.id)).all()
    if not people:
        raise NobodyTicked
    before = groups.memberships(people)
    target = group.id if group else None
    moved = [one for one in people if (before[one].group_id if one in before else None) != target]
    names = {one: before[one].group.name if one in before else "" for one in moved}
    for one in moved:
        if group is None:
            db.session.delete(before[one])
        elif one in before:
            before[one].group_id, before[one].joined_at = group.id, now
        else:
            db.session.add(GroupMember(group_id=group.id, enrolment_id=one, joined_at=now))
    db.session.flush()
    facts = {f"enrolment:{one}": {"group": group.name if group else "", "before": names[one]} for one in moved}
    ledger.record_all(actor_id, "move to group", facts, now=now)
    if moved:  # which attempts are left is a matter of the group
        renewal.mark(Enrolment.id.in_(moved), now=now)
    return len(moved)


def divide(cohort: Cohort, size: int, word: str, *, actor_id: int | None, now: datetime) -> Sequence[WorkGroup]:
    """Put everybody who is in no group in new groups of at most ``size``, at random. ``word`` begins their names.

    :raises EverybodyGrouped:
    """
    groups.lock_groups(cohort.id)
    found = groups.cohort_groups(cohort.id)
    if not found.left:
        raise EverybodyGrouped
    parts = split_into_groups([one.enrolment.id for one in found.left], size)
    names = free_names(word, [one.group.name for one in found.groups], len(parts))
    formed = []
    for name, part in zip(names, parts, strict=True):
        group = form_group(cohort, name, actor_id=actor_id, now=now)
        move_people(cohort, part, group, actor_id=actor_id, now=now)
        formed.append(group)
    return formed


def dissolve_group(group: WorkGroup, cohort: Cohort, *, actor_id: int | None, now: datetime) -> None:
    """Delete a group that has handed in nothing. Its members are then in no group.

    :raises GroupHasPapers:
    """
    groups.lock_groups(cohort.id)
    if groups.has_papers(group.id):
        raise GroupHasPapers
    people = db.session.scalars(select(GroupMember.enrolment_id).where(GroupMember.group_id == group.id)).all()
    if people:
        move_people(cohort, people, None, actor_id=actor_id, now=now)
    ledger.record(actor_id, "dissolve group", f"group:{group.id}", now=now, cohort=cohort.id, name=group.name)
    db.session.delete(group)
    db.session.flush()
