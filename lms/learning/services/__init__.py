"""Record progress, results and completion; and the settings that decide about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import bindparam, insert, select, update

from lms.content import stored
from lms.core import ledger, settings
from lms.core.db import db, insert_if_missing
from lms.core.direct_query import DirectQuery, DirectWrite
from lms.core.errors import Refusal
from lms.core.i18n import LazyString, lazy
from lms.core.settings import Setting
from lms.courses import queries as courses
from lms.courses.contents import Contents
from lms.courses.models import ItemRevision
from lms.courses.queries import ItemVersion
from lms.learning import queries
from lms.learning.completion import CourseOutcome
from lms.learning.models import Completion, EnrolmentState, Grade, Progress
from lms.learning.reading_position import ReadingPosition, SentPosition
from lms.learning.results import CourseEvaluation, ItemOutcome, NewGrade, course_evaluation

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


def record_started(enrolment_id: int, item_revision: ItemRevision | ItemVersion, *, now: datetime) -> None:
    """The learner has started (an attempt runs, a draft exists). An item that is done or waiting stays so."""
    progress = _locked_progress(enrolment_id, item_revision, now)
    if progress.state == "failed":
        progress.state = "started"
    db.session.flush()
    evaluate(enrolment_id, item_revision.revision_id, now=now)


class CourseIsCompleted(Refusal):
    """A module that counted towards a completion stays finished."""

    message = lazy("You have completed this course. What counted towards it stays finished; nothing was changed.")


class PositionsTooFast(Refusal):
    """Positions arrive faster than anybody can read."""

    message = lazy("Too many requests. Wait a moment.")
    status = 429


def record_read(
    enrolment_id: int, item_revision: ItemRevision | ItemVersion, *, by_script: bool = False, now: datetime
) -> bool:
    """The learner has finished reading a module, which reading it again does not change. True if it is finished now.

    A script may not say so once the learner has taken it back: then only the learner can.
    """
    progress = _locked_progress(enrolment_id, item_revision, now)
    if by_script and progress.taken_back_at is not None:
        return False
    if progress.state != "done":
        progress.state, progress.done_at, progress.taken_back_at = "done", now, None
        db.session.flush()
        evaluate(enrolment_id, item_revision.revision_id, now=now)
    return True


def record_state(
    enrolment_id: int,
    item_revision: ItemRevision | ItemVersion,
    state: Literal["done", "started"] | None,
    *,
    by_learner: bool,
    now: datetime,
) -> None:
    """Store the state of an item that gives no mark, such as a survey or a live session. None: no part of it is done;
    an item that was not started stays so.

    ``by_learner`` is False if the learner did nothing: when they last worked stays.
    """
    if state is None and item_revision.item_id not in queries.progress_of(enrolment_id):
        return
    locked = _locked_progress if by_learner else _locked_row
    progress = locked(enrolment_id, item_revision, now)
    progress.state = state or "started"
    progress.done_at = (progress.done_at or now) if state == "done" else None
    db.session.flush()
    evaluate(enrolment_id, item_revision.revision_id, touches=by_learner, now=now)


def take_back_read(enrolment_id: int, item_revision: ItemRevision | ItemVersion, *, now: datetime) -> None:
    """A module that is finished is started again; nothing happens to one that is not.

    :raises CourseIsCompleted: it may have counted.
    """
    progress = _locked_progress(enrolment_id, item_revision, now)
    if progress.state != "done":
        return
    if queries.is_completed(enrolment_id):
        raise CourseIsCompleted
    progress.state, progress.done_at, progress.taken_back_at = "started", None, now
    db.session.flush()
    evaluate(enrolment_id, item_revision.revision_id, now=now)


def record_position(
    enrolment_id: int, item_revision: ItemRevision | ItemVersion, sent: SentPosition, *, now: datetime
) -> ReadingPosition:
    """Where the learner is reading, which begins a module. Returns the position that counts: the newer one.

    :raises PositionsTooFast: the one before was sent just now.
    """
    progress = _locked_row(enrolment_id, item_revision, now)
    stored = ReadingPosition(progress.place, progress.place_at) if progress.place and progress.place_at else None
    if progress.state == "done" or not sent.is_newer(stored):
        return stored or sent
    if stored and sent.comes_too_fast(stored):
        if sent.part == stored.part:
            return stored
        raise PositionsTooFast
    position = ReadingPosition(sent.part, max(sent.at, stored.at) if stored else sent.at)
    progress.place, progress.place_at = position.part, position.at
    progress.item_revision_id = item_revision.id
    progress.touched_at = max(progress.touched_at, sent.at)
    db.session.flush()
    evaluate(enrolment_id, item_revision.revision_id, now=now)
    return position


def record_waiting(
    enrolment_id: int, item_revision: ItemRevision | ItemVersion, *, by_learner: bool = True, now: datetime
) -> None:
    """Work was submitted and waits for grading. An item that is done stays done until it is graded again.

    ``by_learner`` is False if it waited before: when the learner last worked stays.
    """
    locked = _locked_progress if by_learner else _locked_row
    progress = locked(enrolment_id, item_revision, now)
    if progress.state != "done":
        progress.state = "waiting"
    db.session.flush()
    evaluate(enrolment_id, item_revision.revision_id, touches=by_learner, now=now)


def record_returned(enrolment_id: int, item_revision: ItemRevision | ItemVersion, *, now: datetime) -> None:
    """Work that waited went back for revision: the item is again as it was before the work was submitted.

    That is not the learner's doing, so the item was last touched when it was.
    """
    progress = _locked_row(enrolment_id, item_revision, now)
    if progress.state == "waiting":
        progress.state = "started" if progress.score is None else "failed"
    db.session.flush()
    evaluate(enrolment_id, item_revision.revision_id, now=now)


_LAST_GRADE = DirectQuery(
    select(Grade.number).where(Grade.source == bindparam("source")).order_by(Grade.number.desc()).limit(1)
)
_GRADE: Any = Grade.__table__
_INSERT_GRADE = DirectWrite(
    insert(_GRADE).values({one.name: bindparam(one.name) for one in _GRADE.c if one.name != "id"})
)


def record_result(
    enrolment_id: int,
    item_revision: ItemRevision | ItemVersion,
    grade: NewGrade,
    outcome: ItemOutcome,
    *,
    by_learner: bool = True,
    now: datetime,
) -> int:
    """Add a mark to the grade ledger, update the item's state and evaluate completion; returns the mark's number.

    ``outcome`` is that of all marked work, so its score may be another than this mark's. If it is final, state and
    score stay unless the work is marked again. ``by_learner`` is False if work of long ago was marked again: when the
    learner last worked stays.
    """
    locked = _locked_progress if by_learner else _locked_row
    progress = locked(enrolment_id, item_revision, now)
    number = record_grade(enrolment_id, item_revision, grade, now=now)
    progress.score = outcome.score
    progress.state = "done" if outcome.is_passed else "failed"
    progress.done_at = (progress.done_at or now) if outcome.is_passed else None
    progress.is_final = outcome.is_final
    db.session.flush()
    evaluate(enrolment_id, item_revision.revision_id, touches=by_learner, now=now)
    return number


def record_grade(
    enrolment_id: int, item_revision: ItemRevision | ItemVersion, grade: NewGrade, *, now: datetime
) -> int:
    """Add a mark to the grade ledger and return its number. What it means for the item is left to ``record_result``."""
    last = _LAST_GRADE.row(source=grade.source)
    number = last.number + 1 if last else 1
    _INSERT_GRADE.run(
        enrolment_id=enrolment_id,
        item_id=item_revision.item_id,
        item_revision_id=item_revision.id,
        source=grade.source,
        number=number,
        score=grade.score,
        graded_by=grade.graded_by,
        reason=grade.reason,
        graded_at=now,
    )
    facts: dict[str, Any] = {"journal": grade.journal_hash} if grade.journal_hash else {}
    facts |= {"paper": grade.paper} if grade.paper else {}
    facts |= {"enrolment": enrolment_id, "score": grade.score, "reason": grade.reason}
    ledger.record(grade.graded_by, "grade", grade.source, now=now, **facts)
    return number


def evaluate(enrolment_id: int, revision_id: int, *, touches: bool = True, now: datetime) -> None:
    """Update the enrolment's state, and record the completion when the course's rule is met for the first time.

    The published revision decides; ``revision_id`` is that of the work, which may be older, for a course that is not
    published. A completion is never removed. Issuing a certificate checks again that the rule is still met. It is work
    of now unless ``touches`` is False.
    """
    contents = courses.contents(queries.published_revision_id(enrolment_id) or revision_id)
    progress = queries.progress_of(enrolment_id)
    result = course_evaluation(contents, progress, pass_mark(), is_completed=queries.is_completed(enrolment_id))
    save_course_result(enrolment_id, contents, result, now=now, touched_at=now if touches else None)


def save_course_result(
    enrolment_id: int, contents: Contents, result: CourseEvaluation, *, now: datetime, touched_at: datetime | None
) -> None:
    """``touched_at`` is None if the learner did nothing: the result was only renewed."""
    if result.is_new_completion:
        _complete(enrolment_id, contents, result.outcome, now)
    values = {name: getattr(result, name) for name in _RESULT}
    if touched_at is None:
        db.session.connection().execute(_RENEW_STATE, values | {"id": enrolment_id})
    else:
        _save_state(enrolment_id, values | {"touched_at": touched_at})


def _complete(enrolment_id: int, contents: Contents, outcome: CourseOutcome, now: datetime) -> None:
    facts = {
        "done": outcome.done,
        "needed": outcome.needed,
        "pass_mark": str(outcome.pass_mark) if outcome.pass_mark is not None else None,
        "rule": stored.dump_rule(contents.rule),
    }
    is_new = insert_if_missing(
        Completion,
        ("enrolment_id",),
        enrolment_id=enrolment_id,
        revision_id=contents.revision_id,
        completed_at=now,
        score=outcome.score,
        facts=facts,
    )
    if is_new:
        ledger.record(None, "complete course", f"enrolment:{enrolment_id}", now=now, score=outcome.score, **facts)


_RESULT = ("state", "done", "needed", "total_done", "total")
_STATE: Any = EnrolmentState.__table__
_RENEW_STATE = (
    update(_STATE).where(_STATE.c.enrolment_id == bindparam("id")).values({name: bindparam(name) for name in _RESULT})
)
_UPDATE_STATE = DirectWrite(_RENEW_STATE.values(touched_at=bindparam("touched_at")).returning(_STATE.c.enrolment_id))
_INSERT_STATE = DirectWrite.insert_if_missing(
    EnrolmentState, ("enrolment_id",), ("enrolment_id", *_RESULT, "touched_at")
)


def _save_state(enrolment_id: int, values: dict[str, Any]) -> None:
    is_there = _UPDATE_STATE.row(id=enrolment_id, **values) is not None
    if not is_there and _INSERT_STATE.row(enrolment_id=enrolment_id, **values) is None:
        _UPDATE_STATE.row(id=enrolment_id, **values)


_LOCKED_PROGRESS = (
    select(Progress)
    .where(Progress.enrolment_id == bindparam("enrolment_id"), Progress.item_id == bindparam("item_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


_PLACE = ("enrolment_id", "item_id")
_INSERT_PROGRESS = DirectWrite.insert_if_missing(
    Progress, _PLACE, (*_PLACE, "item_revision_id", "state", "is_dead_end", "started_at", "touched_at")
)


def _locked_progress(enrolment_id: int, item_revision: ItemRevision | ItemVersion, now: datetime) -> Progress:
    """The locked progress of an item that the learner works on now."""
    progress = _locked_row(enrolment_id, item_revision, now)
    progress.item_revision_id = item_revision.id
    progress.touched_at = now
    return progress


def _locked_row(enrolment_id: int, item_revision: ItemRevision | ItemVersion, now: datetime) -> Progress:
    """The progress row, created if it is missing, locked until the transaction ends."""
    key = {"enrolment_id": enrolment_id, "item_id": item_revision.item_id}
    progress = db.session.scalar(_LOCKED_PROGRESS, key)
    if progress is None:
        moments = {"started_at": now, "touched_at": now}
        _INSERT_PROGRESS.row(**key, item_revision_id=item_revision.id, state="started", is_dead_end=False, **moments)
        progress = db.session.scalars(_LOCKED_PROGRESS, key).one()
    return progress
