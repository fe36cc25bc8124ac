"""Renew stored results when what they depend on has changed (``docs/decisions/0011``).

Whoever changes a dependency calls ``mark`` in the same transaction. The results of few people are renewed in it, too;
the job ``renew results`` does those of many, and all of them once more: work that was handed in at the same moment may
have been judged by the old rules.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, distinct, func, insert, literal, select

from lms.core.db import db
from lms.core.hooks import KeyedHook
from lms.core.i18n import zone
from lms.core.settings import Setting
from lms.enrolment.models import Enrolment
from lms.learning import queries, services
from lms.learning.models import EnrolmentState, Progress, Renewal
from lms.learning.queries.enrolments import enrolment_rules
from lms.learning.results import EnrolmentRules, ItemOutcome, course_evaluation, item_score, item_state

AT_ONCE = 25
"""People whose results are renewed in one transaction."""

Renew = Callable[[Mapping[int, EnrolmentRules], datetime], Mapping[tuple[int, int], ItemOutcome]]
"""Renews what the package of an item type stores; returns its learners' outcomes by enrolment and item."""
item_renewals: KeyedHook[Renew] = KeyedHook("item_renewals")
"""By the item type; types that store no work of their own are left out."""


def setting_was_changed(setting: Setting, now: datetime) -> None:
    if setting is services.PASS_MARK:
        mark(now=now)


def mark(*which: ColumnElement[bool], now: datetime) -> None:
    """Have the results of enrolments renewed: at once where they are few."""
    started = select(EnrolmentState.enrolment_id).join(Enrolment, Enrolment.id == EnrolmentState.enrolment_id)
    started = started.where(Enrolment.withdrawn_at.is_(None), *which).order_by(EnrolmentState.enrolment_id)
    db.session.flush()
    rows = started.add_columns(literal(now, Renewal.__table__.c.marked_at.type))
    db.session.execute(insert(Renewal).from_select(["enrolment_id", "marked_at"], rows))
    few = db.session.scalars(started.limit(AT_ONCE + 1)).all()
    if len(few) <= AT_ONCE:
        renew(few, now=now)


def left_to_renew(course_id: int | None = None) -> int:
    """How many enrolments, of one course or of all, have results that are still to be renewed.

    ``coalesce`` keeps SQLite from beginning with everybody who took the course: mostly nothing is marked.
    """
    found = select(func.count(distinct(Renewal.enrolment_id)))
    if course_id is not None:
        found = found.join(Enrolment, Enrolment.id == Renewal.enrolment_id)
        found = found.where(func.coalesce(Enrolment.course_id, 0) == course_id)
    return db.session.scalar(found) or 0


def renew_marked(count: int | None = None, *, skip: Collection[int] = (), now: datetime) -> int:
    """Renew the enrolments of the first ``count`` marks, without those in ``skip``; returns how many: 0 if none is
    left."""
    marks = db.session.execute(_marks(skip).limit(count or AT_ONCE)).all()
    ids = {one.enrolment_id for one in marks}
    renew(ids, now=now)
    db.session.execute(delete(Renewal).where(Renewal.id.in_([one.id for one in marks])))
    return len(ids)


def next_marked(skip: Collection[int] = ()) -> int | None:
    """The enrolment that is renewed next."""
    row = db.session.execute(_marks(skip).limit(1)).first()
    return row.enrolment_id if row else None


def _marks(skip: Collection[int]) -> Select[int, int]:
    marks = select(Renewal.id, Renewal.enrolment_id).where(Renewal.enrolment_id.not_in(skip))
    return marks.order_by(Renewal.enrolment_id, Renewal.id)


def renew(enrolment_ids: Collection[int], *, now: datetime) -> None:
    """Compute the results of enrolments from scratch, and store what is different. A completion stays.

    Locks as learners and graders do: the enrolment, its attempts and submissions, its progress.
    """
    db.session.execute(
        select(Enrolment.id)
        .where(Enrolment.id.in_(enrolment_ids))
        .order_by(Enrolment.id)
        .with_for_update(key_share=True)
    ).all()
    rules = enrolment_rules(enrolment_ids, zone())
    if not rules:
        return
    outcomes: dict[tuple[int, int], ItemOutcome] = {}
    for renew_items in item_renewals:
        outcomes |= renew_items(rules, now)
    for row in _locked_progress(list(rules)):
        outcome = outcomes.get((row.enrolment_id, row.item_id))
        if outcome is not None:
            _renew_item(row, outcome, is_completed=rules[row.enrolment_id].is_completed, now=now)
    db.session.flush()
    progress = queries.item_progress(list(rules))
    pass_mark = services.pass_mark()
    for one in rules.values():
        own = progress[one.enrolment_id]
        result = course_evaluation(one.contents, own, pass_mark, is_completed=one.is_completed)
        services.save_course_result(one.enrolment_id, one.contents, result, now=now, touched_at=None)


def _locked_progress(enrolment_ids: list[int]) -> list[Progress]:
    found = select(Progress).where(Progress.enrolment_id.in_(enrolment_ids)).order_by(Progress.id).with_for_update()
    return list(db.session.scalars(found.execution_options(populate_existing=True)))


def _renew_item(row: Progress, outcome: ItemOutcome, *, is_completed: bool, now: datetime) -> None:
    row.state = item_state(row.state, outcome, is_completed=is_completed)
    row.score = item_score(row.score, outcome, is_completed=is_completed)
    row.is_final = outcome.is_final
    row.done_at = (row.done_at or now) if row.state == "done" else None
