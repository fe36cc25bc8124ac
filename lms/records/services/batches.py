"""Issuing records to many people: a row for each of them, issued a few at a time in transactions of their own.

What was issued when a worker is killed stays; the others still wait, and the next run goes on with them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, insert, select, update

from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy, to_site_time
from lms.core.small_transactions import lock_unfinished, next_rows
from lms.courses.models import Course
from lms.enrolment.models import Enrolment
from lms.learning.completion import CourseOutcome
from lms.people import queries as persons
from lms.people.rights import Rights
from lms.records import queries
from lms.records.models import RecordBatch, RecordBatchEntry
from lms.records.services import (
    CannotBePrinted,
    HasLeft,
    NoCertificate,
    NoLongerComplete,
    NotCompleted,
    NumbersUncertain,
    OwnRecord,
    issue_record,
    preview,
)
from lms.records.services.readiness import NoIssuer, NoSignatory

AT_ONCE = 5
"""Records in one transaction. Each takes about 12 ms, in which nobody else can write."""
MayIssue = Callable[[Rights, int], bool]
"""``policy.may_issue``; passed in, because services do not import policies."""


class MayNoLongerIssue(Refusal):
    message = lazy("Whoever started this may no longer issue certificates of this course. Somebody else can issue it.")


class Failed(Refusal):
    message = lazy("An error on the server stopped it. Nothing was issued to this person; please try again later.")


class ChangedSince(Refusal):
    message = lazy("What would be printed has changed since it was looked at. Look at it again, then issue it.")


REFUSALS: dict[str, type[Refusal]] = {
    "own": OwnRecord,
    "not-completed": NotCompleted,
    "left": HasLeft,
    "no-certificate": NoCertificate,
    "lacking": NoLongerComplete,
    "unprintable": CannotBePrinted,
    "no-signatory": NoSignatory,
    "no-issuer": NoIssuer,
    "uncertain": NumbersUncertain,
    "changed": ChangedSince,
    "no-right": MayNoLongerIssue,
    "failed": Failed,
}
"""By the code that an entry stores. Codes are never changed."""


def start_batch(
    course_id: int,
    enrolment_ids: Sequence[int],
    *,
    actor_id: int,
    newest: int | None = None,
    seen: Mapping[int, str] | None = None,
    now: datetime,
) -> RecordBatch | None:
    """Queue the enrolments, in this order. Pressing twice starts one batch, which is returned both times.

    People who have a record, wait in a batch already, or were in a batch that this person has started since ``newest``
    are left out; that is the newest batch of the course when the page was rendered. If nobody is left, the newest batch
    with one of them is returned; None if there never was one.

    ``seen`` has what somebody has looked at, as by ``preview.marks_of``: people who would get another certificate get
    none.
    """
    db.session.scalar(select(Course.id).where(Course.id == course_id).with_for_update(key_share=True))
    left_out = queries.with_record(enrolment_ids) | queries.in_batch(enrolment_ids, _waits())
    if newest is not None:
        own = (RecordBatch.created_by == actor_id) & (RecordBatch.id > newest)
        left_out |= queries.in_batch(enrolment_ids, own)
    wanted = [one for one in enrolment_ids if one not in left_out]
    if not wanted:
        return queries.newest_batch_of(enrolment_ids)
    batch = RecordBatch(course_id=course_id, created_at=now, created_by=actor_id, total=len(wanted))
    db.session.add(batch)
    db.session.flush()
    rows = [{"batch_id": batch.id, "enrolment_id": one, "facts": _as_seen(one, seen)} for one in wanted]
    db.session.execute(insert(RecordBatchEntry), rows)
    return batch


def issue_next(batch_id: int, may_issue: MayIssue, *, count: int = AT_ONCE, now: datetime) -> bool:
    """Issue the next records of a batch. False if none is left, or if another worker issues them just now.

    Whoever started the batch must still have the right; otherwise those who wait are refused.
    """
    batch = lock_unfinished(RecordBatch, batch_id)
    if batch is None:
        return False
    if not _may_go_on(batch, may_issue, now):
        _refuse_waiting(batch_id)
    entries = next_rows(_waiting(batch_id), count)
    present = preview.marks_of([entry.enrolment_id for entry in entries if "seen" in entry.facts])
    for entry in entries:
        if entry.facts.get("seen") != present.get(entry.enrolment_id):
            entry.refusal = "changed"
        else:
            _issue(entry, batch.created_by, now)
    if len(entries) < count:
        batch.finished_at = now
    db.session.flush()
    return batch.finished_at is None


def refuse_next(batch_id: int) -> None:
    """Mark the next entry as failed after an error, so that the others are issued."""
    if lock_unfinished(RecordBatch, batch_id) is not None:
        for entry in next_rows(_waiting(batch_id), 1):
            entry.refusal = "failed"
        db.session.flush()


def refusal_text(entry: RecordBatchEntry) -> str:
    """Why an entry was refused, in the current language."""
    if entry.refusal == "lacking":
        return NoLongerComplete(_outcome(entry.facts)).text
    return REFUSALS[entry.refusal or "failed"]().text


def _as_seen(enrolment_id: int, seen: Mapping[int, str] | None) -> dict[str, str]:
    return {"seen": seen[enrolment_id]} if seen and enrolment_id in seen else {}


def _waits() -> ColumnElement[bool]:
    return RecordBatchEntry.record_id.is_(None) & RecordBatchEntry.refusal.is_(None)


def _waiting(batch_id: int) -> Select[RecordBatchEntry]:
    rows = select(RecordBatchEntry).where(RecordBatchEntry.batch_id == batch_id, _waits())
    return rows.order_by(RecordBatchEntry.id)


def _may_go_on(batch: RecordBatch, may_issue: MayIssue, now: datetime) -> bool:
    person = persons.person(batch.created_by) if batch.created_by is not None else None
    if person is None:
        return batch.created_by is None
    person.today = to_site_time(now).date()
    return person.is_active and may_issue(person, batch.course_id)


def _refuse_waiting(batch_id: int) -> None:
    waiting = update(RecordBatchEntry).where(RecordBatchEntry.batch_id == batch_id, _waits())
    db.session.execute(waiting.values(refusal="no-right").execution_options(synchronize_session=False))


def _issue(entry: RecordBatchEntry, actor_id: int | None, now: datetime) -> None:
    try:
        enrolment = db.session.get_one(Enrolment, entry.enrolment_id)
        entry.record_id = issue_record(enrolment, actor_id=actor_id, now=now).id
    except Refusal as refusal:
        entry.refusal, entry.facts = _stored(refusal)


def _stored(refusal: Refusal) -> tuple[str, dict[str, Any]]:
    code = next((code for code, kind in REFUSALS.items() if type(refusal) is kind), "failed")
    return code, _lacking(refusal.outcome) if isinstance(refusal, NoLongerComplete) else {}


def _lacking(outcome: CourseOutcome) -> dict[str, Any]:
    score, mark = (None if value is None else str(value) for value in (outcome.score, outcome.pass_mark))
    return {"done": outcome.done, "needed": outcome.needed, "score": score, "pass_mark": mark}


def _outcome(facts: Mapping[str, Any]) -> CourseOutcome:
    score, mark = (None if facts[name] is None else Decimal(facts[name]) for name in ("score", "pass_mark"))
    done, needed = facts["done"], facts["needed"]
    return CourseOutcome(done, needed, total_done=done, total=needed, score=score, score_so_far=score, pass_mark=mark)
