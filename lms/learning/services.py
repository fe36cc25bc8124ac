"""Record progress, results and completion; and the settings that decide about them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select, update

from lms.content import stored
from lms.core import ledger, settings
from lms.core.db import db, insert_unless_there
from lms.core.i18n import LazyString, lazy
from lms.core.settings import Setting
from lms.courses import queries as courses
from lms.courses.models import CourseRevision, ItemRevision
from lms.learning import queries
from lms.learning.completion import CourseOutcome
from lms.learning.models import Completion, EnrolmentState, Grade, Progress
from lms.learning.states import CourseState, course_state

PASS_MARK = Setting(
    "pass_mark",
    70.0,
    group=lazy("Assessment"),
    label=lazy("Pass mark"),
    hint=lazy("Percent. Used if a course, quiz or assignment has no pass mark of its own."),
    check=lambda value: None if 0 <= value <= 100 else str(lazy("Between 0 and 100.")),
)
NEAR_DAYS = Setting(
    "near_deadline_days",
    7,
    group=lazy("Board"),
    label=lazy("Near the deadline (days before)"),
    hint=lazy("People who have not finished count as near their deadline this many days before it."),
    check=lambda value: None if 0 <= value <= 60 else str(lazy("Between 0 and 60.")),
)
STATUS_LABELS: dict[str, LazyString] = {
    "not-started": lazy("not started"),
    "in-progress": lazy("in progress"),
    "waiting": lazy("waiting for grading"),
    "near": lazy("near the deadline"),
    "overdue": lazy("overdue"),
    "finished": lazy("finished"),
    "failed": lazy("failed"),
    "withdrawn": lazy("withdrawn"),
}
"""Labels of ``status.Status``, the same on every page and in every export."""


def pass_mark(own: float | None = None) -> float:
    """An item's or course's own pass mark (percent), else the site's."""
    return own if own is not None else float(settings.value(PASS_MARK))


def record_started(enrolment_id: int, item_revision: ItemRevision, *, now: datetime) -> None:
    """The learner has started (an attempt runs, a draft exists). An item that is done or waiting stays so."""
    progress = _locked_progress(enrolment_id, item_revision, now)
    if progress.state == "failed":
        progress.state = "started"
    db.session.flush()
    evaluate(enrolment_id, item_revision.revision_id, now=now)


def record_read(enrolment_id: int, item_revision: ItemRevision, *, now: datetime) -> None:
    """The learner has finished reading a module. Reading it again changes nothing."""
    progress = _locked_progress(enrolment_id, item_revision, now)
    if progress.state != "done":
        progress.state, progress.done_at = "done", now
        db.session.flush()
        evaluate(enrolment_id, item_revision.revision_id, now=now)


def record_waiting(enrolment_id: int, item_revision: ItemRevision, *, now: datetime) -> None:
    """Work was submitted and waits for grading. An item that is done stays done until it is graded again."""
    progress = _locked_progress(enrolment_id, item_revision, now)
    if progress.state != "done":
        progress.state = "waiting"
    db.session.flush()
    evaluate(enrolment_id, item_revision.revision_id, now=now)


def record_result(
    enrolment_id: int,
    item_revision: ItemRevision,
    *,
    source: str,
    score: Decimal,
    effective: Decimal,
    is_passed: bool,
    graded_by: int | None = None,
    reason: str = "",
    is_last_try: bool = False,
    journal_hash: str | None = None,
    now: datetime,
) -> None:
    """Add a mark to the grade ledger, update the item's state and evaluate completion.

    ``source`` is what was marked (``attempt:17``); marking it again adds the next number. ``score`` is this mark,
    ``effective`` the item's score by its own rule (highest, average ...), both in percent. After ``is_last_try`` no
    attempt is left: state and score then stay unless the work is marked again. ``journal_hash`` is the hash of the
    newest event that the mark rests on: with it, the ledger vouches for all events before.
    """
    progress = _locked_progress(enrolment_id, item_revision, now)
    before = db.session.scalar(select(func.max(Grade.number)).where(Grade.source == source)) or 0
    db.session.add(
        Grade(
            enrolment_id=enrolment_id,
            item_id=item_revision.item_id,
            item_revision_id=item_revision.id,
            source=source,
            number=before + 1,
            score=score,
            graded_by=graded_by,
            reason=reason,
            graded_at=now,
        )
    )
    facts = {"journal": journal_hash} if journal_hash else {}
    ledger.record(graded_by, "grade", source, now=now, enrolment=enrolment_id, score=score, reason=reason, **facts)
    progress.score = effective
    progress.state = "done" if is_passed else "failed"
    progress.done_at = (progress.done_at or now) if is_passed else None
    progress.is_final = is_last_try
    db.session.flush()
    evaluate(enrolment_id, item_revision.revision_id, now=now)


def evaluate(enrolment_id: int, revision_id: int, *, now: datetime) -> Completion | None:
    """Update the enrolment's state, and record the completion when the course's rule is met for the first time.

    A completion is never removed. Issuing a certificate checks again that the rule is still met.
    """
    revision = db.session.get(CourseRevision, revision_id)
    assert revision is not None
    contents, rule = courses.contents(revision_id), revision.rule
    progress = queries.item_progress([enrolment_id])[enrolment_id]
    outcome = queries.outcome_of(contents, rule, progress, pass_mark())
    completion = queries.completion_of(enrolment_id)
    if completion is None and outcome.is_complete:
        completion = _complete(enrolment_id, revision, outcome, now)
    state = course_state(outcome, progress.values(), is_completed=completion is not None)
    _save_state(enrolment_id, state, outcome, now)
    return completion


def _complete(enrolment_id: int, revision: CourseRevision, outcome: CourseOutcome, now: datetime) -> Completion:
    facts = {
        "done": outcome.done,
        "needed": outcome.needed,
        "pass_mark": str(outcome.pass_mark) if outcome.pass_mark is not None else None,
        "rule": stored.dump_rule(revision.rule),
    }
    is_new = insert_unless_there(
        Completion,
        ("enrolment_id",),
        enrolment_id=enrolment_id,
        revision_id=revision.id,
        completed_at=now,
        score=outcome.score,
        facts=facts,
    )
    if is_new:
        ledger.record(None, "complete course", f"enrolment:{enrolment_id}", now=now, score=outcome.score, **facts)
    completion = queries.completion_of(enrolment_id)
    assert completion is not None
    return completion


def _save_state(enrolment_id: int, state: CourseState, outcome: CourseOutcome, now: datetime) -> None:
    done = min(outcome.done, outcome.needed)
    values = {"state": state, "done": done, "needed": outcome.needed, "touched_at": now}
    if not insert_unless_there(EnrolmentState, ("enrolment_id",), enrolment_id=enrolment_id, **values):
        db.session.execute(update(EnrolmentState).where(EnrolmentState.enrolment_id == enrolment_id).values(**values))


def _locked_progress(enrolment_id: int, item_revision: ItemRevision, now: datetime) -> Progress:
    """The progress row, created if it is missing, locked until the transaction ends."""
    insert_unless_there(
        Progress,
        ("enrolment_id", "item_id"),
        enrolment_id=enrolment_id,
        item_id=item_revision.item_id,
        item_revision_id=item_revision.id,
        state="started",
        started_at=now,
        touched_at=now,
    )
    progress = db.session.scalars(
        select(Progress)
        .where(Progress.enrolment_id == enrolment_id, Progress.item_id == item_revision.item_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    progress.item_revision_id = item_revision.id
    progress.touched_at = now
    return progress
