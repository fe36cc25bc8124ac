"""Changed groups and deadlines, for notifications.

Several changes give one notification, so each query that starts from ``since`` goes on to older steps, back to
``LOOK_BACK`` before it: see ``notices.changes``.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import aliased, lazyload

from lms.assignments.models import DeadlineOverride, GroupPaper, Submission
from lms.core.db import db, in_batches
from lms.core.ledger import LedgerEntry
from lms.courses.models import ItemRevision
from lms.enrolment.models import Enrolment, Extension
from lms.learning.models import EnrolmentState
from lms.notices.queries import enrolled_with
from lms.people.models import Person

LOOK_BACK = timedelta(days=3)


def submitted_for_groups(since: datetime) -> Sequence[Any]:
    """Papers that another member handed in: (person id, enrolment id, slug, course title, item slug, item title, paper
    id, group's name, who handed in)"""
    other = aliased(Person)
    rows = enrolled_with(ItemRevision.slug, ItemRevision.title, GroupPaper.id, GroupPaper.group_name, other)
    rows = rows.join(Submission, Submission.enrolment_id == Enrolment.id)
    rows = rows.join(ItemRevision, ItemRevision.id == Submission.item_revision_id)
    rows = rows.join(GroupPaper, GroupPaper.id == Submission.paper_id).join(other, other.id == GroupPaper.handed_in_by)
    new = rows.where(GroupPaper.handed_in_at > since, other.id != Enrolment.person_id)
    return db.session.execute(new.options(lazyload(other.grants)).order_by(Submission.id)).all()


class LedgerStep(NamedTuple):
    id: int
    target_id: int
    at: datetime
    facts: dict[str, Any]


def ledger_steps(verb: str, since: datetime) -> dict[int, list[LedgerStep]]:
    """The entries of each target that has one since then, oldest first; by the target's id."""
    rows = select(LedgerEntry.id, LedgerEntry.target, LedgerEntry.at, LedgerEntry.facts)
    rows = rows.where(LedgerEntry.at > since - LOOK_BACK, LedgerEntry.verb == verb).order_by(LedgerEntry.id)
    found: dict[int, list[LedgerStep]] = {}
    for entry_id, target, at, facts in db.session.execute(rows):
        target_id = int(target.partition(":")[2])
        found.setdefault(target_id, []).append(LedgerStep(entry_id, target_id, at, json.loads(facts)))
    return {target_id: steps for target_id, steps in found.items() if any(one.at > since for one in steps)}


def overridden_deadlines(since: datetime) -> dict[tuple[int, int], list[DeadlineOverride]]:
    """All overrides of each cohort and assignment that got one since then, oldest first."""
    new = select(DeadlineOverride.cohort_id, DeadlineOverride.item_id).where(DeadlineOverride.given_at > since)
    found = {}
    for cohort_id, item_id in db.session.execute(new.distinct().order_by(*new.selected_columns)).all():
        rows = select(DeadlineOverride).where(
            DeadlineOverride.cohort_id == cohort_id, DeadlineOverride.item_id == item_id
        )
        found[cohort_id, item_id] = list(db.session.scalars(rows.order_by(DeadlineOverride.number)))
    return found


def extended(since: datetime) -> dict[int, list[Extension]]:
    """All extensions of each enrolment that was extended since then, oldest first."""
    recent = select(Extension.enrolment_id).where(Extension.given_at > since)
    rows = select(Extension).where(Extension.enrolment_id.in_(recent)).order_by(Extension.id)
    found: dict[int, list[Extension]] = {}
    for one in db.session.scalars(rows):
        found.setdefault(one.enrolment_id, []).append(one)
    return found


def unfinished(enrolment_ids: Collection[int]) -> Mapping[int, Any]:
    """The unfinished among the enrolments: (person id, enrolment id, slug, course title, due day) by enrolment id."""
    rows = enrolled_with(Enrolment.due_on).outerjoin(EnrolmentState, EnrolmentState.enrolment_id == Enrolment.id)
    rows = rows.where(EnrolmentState.state.is_distinct_from("finished"))
    batches = [db.session.execute(rows.where(Enrolment.id.in_(some))).all() for some in in_batches(enrolment_ids)]
    return {row[1]: row for some in batches for row in some}


def in_course(enrolment_ids: Collection[int]) -> Mapping[int, Any]:
    """Whom and what to tell: (person id, enrolment id, slug, course title) by enrolment id."""
    batches = [
        db.session.execute(enrolled_with().where(Enrolment.id.in_(some))).all() for some in in_batches(enrolment_ids)
    ]
    return {row[1]: row for some in batches for row in some}


def people_of(cohort_id: int) -> Sequence[Enrolment]:
    rows = select(Enrolment).where(Enrolment.cohort_id == cohort_id, Enrolment.withdrawn_at.is_(None))
    return db.session.scalars(rows.order_by(Enrolment.id)).all()
