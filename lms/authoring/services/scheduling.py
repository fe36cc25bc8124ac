"""Publishing a draft at a moment that was chosen: exactly what was checked then, or nothing, with the reason."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from lms.authoring import queries
from lms.authoring.models import CourseDraft, ScheduledPublication
from lms.authoring.review import Review
from lms.authoring.services import DraftChanged, Source, SourceFile, delete_draft, draft_files, lock, source
from lms.authoring.services.publishing import PreparedDraft, TooHeavy, justify_weight, prepare, put_in_force
from lms.core import ledger
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy, to_site_time
from lms.courses.models import Course, CourseRevision
from lms.courses.services import CourseHasProblems
from lms.people import queries as persons
from lms.people.models import Person

FURTHEST = timedelta(days=366)
MayPublish = Callable[[Person, int, Review | None], bool]
"""``policy.may_publish``; passed in, because services do not import policies."""


class MomentPassed(Refusal):
    message = lazy("This moment has passed. Nothing was published; choose a later one, or publish now.")
    status = 422


class MomentTooFar(Refusal):
    message = lazy("Choose a moment within a year.")
    status = 422


class NothingScheduled(Refusal):
    message = lazy("This publication was cancelled, replaced or carried out in the meantime. Nothing was done.")


class MayNoLongerPublish(Refusal):
    message = lazy("Whoever scheduled it may no longer publish this course.")


class AnotherInForce(Refusal):
    message = lazy("Another revision was published in the meantime.")


class NoLongerSound(Refusal):
    message = lazy("The check finds faults by now, for example because a course that it asks for is gone.")


class PublicationFailed(Refusal):
    message = lazy("An error on the server stopped it.")


REFUSALS: dict[str, type[Refusal]] = {
    "no-right": MayNoLongerPublish,
    "overtaken": AnotherInForce,
    "faults": NoLongerSound,
    "heavy": TooHeavy,
    "failed": PublicationFailed,
}
"""By the code that a row stores. Codes are never changed."""


def schedule(
    ready: PreparedDraft,
    publish_at: datetime,
    *,
    opens: bool = False,
    reason: str = "",
    review: Review | None = None,
    actor_id: int,
    now: datetime,
) -> ScheduledPublication:
    """Have a job publish what was prepared, in place of what was scheduled before. Pressing twice schedules once.

    The draft stays, with the ids that were missing. What is saved in it from now on is no part of the publication.

    :param review: the request by which ``actor_id`` may publish. It is answered with this.
    :raises MomentPassed: nothing was scheduled, nor with ``MomentTooFar``.
    :raises TooHeavy: nothing was scheduled.
    :raises DraftChanged: the draft is another one now. Nothing was scheduled.
    """
    if publish_at <= now:
        raise MomentPassed
    if publish_at > now + FURTHEST:
        raise MomentTooFar
    lock(ready.course_id)
    before = queries.waiting_publication(ready.course_id)
    if before is not None and (before.digest, before.publish_at) == (ready.content.digest, publish_at):
        return before
    if source(ready.course_id).state != ready.state or _in_force(ready.course_id) != ready.in_force:
        raise DraftChanged
    justify_weight(ready.weight, reason, ready.course_id, actor_id=actor_id, now=now)
    if before is not None:
        _end(before, "cancelled", now, actor_id)
    row = ScheduledPublication(
        course_id=ready.course_id,
        publish_at=publish_at,
        state="waiting",
        title=ready.content.course.title[:200],
        digest=ready.content.digest,
        files={path: list(where) for path, where in ready.files.items()},
        revision_id=ready.in_force,
        opens=opens and ready.in_force is None,
        reason=reason or None,
        review_asked_by=review.asked_by if review else None,
        scheduled_at=now,
        scheduled_by=actor_id,
    )
    db.session.add(row)
    db.session.flush()
    if draft := queries.draft(ready.course_id):
        _keep_ids(draft, ready)
        draft.scheduled_id = row.id
        draft.review_state = draft.review_asked_at = draft.review_asked_by = None
    facts = {"digest": row.digest, "publish_at": publish_at.isoformat()}
    ledger.record(actor_id, "schedule publication", f"course:{ready.course_id}", now=now, **facts)
    db.session.flush()
    return row


def cancel(course_id: int, scheduled_id: int, *, actor_id: int, now: datetime) -> ScheduledPublication:
    """Cancel a publication before its moment. The draft stays as it is.

    :raises NothingScheduled: it does not wait any more, or another one does.
    """
    lock(course_id)
    row = queries.waiting_publication(course_id)
    if row is None or row.id != scheduled_id:
        raise NothingScheduled
    _end(row, "cancelled", now, actor_id)
    facts = {"digest": row.digest, "publish_at": row.publish_at.isoformat()}
    ledger.record(actor_id, "cancel publication", f"course:{course_id}", now=now, **facts)
    db.session.flush()
    return row


def has_later_changes(row: ScheduledPublication, draft: Source) -> bool:
    """True if the draft differs from what is scheduled."""
    return draft.hashes != {path: sha256 for path, (_key, sha256) in row.files.items()}


@dataclass(frozen=True)
class DuePublication:
    """A publication that is ready, or the code of the reason why it cannot be made (``REFUSALS``)."""

    scheduled_id: int
    ready: PreparedDraft | None
    refusal: str = ""


def prepare_due(scheduled_id: int) -> DuePublication:
    """Check and render again what was checked when it was scheduled: a release or another course may have changed.
    Slow; changes no rows."""
    row = db.session.get_one(ScheduledPublication, scheduled_id)
    course = db.session.get_one(Course, row.course_id)
    files = {path: _stored_file(path, key, sha256) for path, (key, sha256) in row.files.items()}
    try:
        ready = prepare(course.slug, course.id, Source(row.revision_id, True, files))
    except CourseHasProblems:
        return DuePublication(scheduled_id, None, "faults")
    return DuePublication(scheduled_id, ready, "" if ready.content.digest == row.digest else "failed")


def publish_due(due: DuePublication, may_publish: MayPublish, *, now: datetime) -> CourseRevision | None:
    """Publish one that is ready, or write down why not. None: nothing was published.

    A draft that says the same ends. One that goes on from it stays, and is now one of the new revision.

    :raises lms.courses.services.ImportedMeanwhile: nothing was done; the next run looks again.
    """
    course_id = db.session.get_one(ScheduledPublication, due.scheduled_id).course_id
    lock(course_id)
    row = queries.waiting_publication(course_id)
    if row is None or row.id != due.scheduled_id:
        return None
    refusal = due.refusal or _refusal(row, may_publish, now)
    if refusal or due.ready is None:
        refuse(row, refusal or "failed", now=now)
        return None
    try:
        justify_weight(due.ready.weight, row.reason or "", course_id, actor_id=row.scheduled_by, now=now)
    except TooHeavy:
        refuse(row, "heavy", now=now)
        return None
    revision = put_in_force(due.ready.content, opens=row.opens, actor_id=row.scheduled_by, now=now).revision
    _end(row, "published", now, None)
    row.published_id = revision.id
    if draft := queries.draft(course_id):
        _go_on(draft, row, revision)
    db.session.flush()
    return revision


def refuse(row: ScheduledPublication, code: str, *, now: datetime) -> None:
    row.refusal = code
    _end(row, "refused", now, None)
    db.session.flush()


def _go_on(draft: CourseDraft, row: ScheduledPublication, revision: CourseRevision) -> None:
    if not has_later_changes(row, Source(draft.revision_id, True, draft_files(draft))):
        delete_draft(draft)
    elif draft.scheduled_id == row.id:
        draft.revision_id = revision.id


def _refusal(row: ScheduledPublication, may_publish: MayPublish, now: datetime) -> str:
    if _in_force(row.course_id) != row.revision_id:
        return "overtaken"
    person = persons.person(row.scheduled_by)
    review = Review(row.review_asked_by, row.scheduled_at) if row.review_asked_by is not None else None
    if person is None or not person.is_active:
        return "no-right"
    person.today = to_site_time(now).date()
    return "" if may_publish(person, row.course_id, review) else "no-right"


def _keep_ids(draft: CourseDraft, ready: PreparedDraft) -> None:
    """Add the ids to the draft too, or its next publication would get other ones."""
    for row in queries.draft_files(draft.id):
        if content := ready.with_ids.get(row.path):
            row.content, row.sha256 = content, hashlib.sha256(content).hexdigest()
            row.version += 1


def _in_force(course_id: int) -> int | None:
    wanted = select(CourseRevision.id).where(CourseRevision.course_id == course_id, CourseRevision.is_current)
    return db.session.scalar(wanted)


def _end(row: ScheduledPublication, state: str, now: datetime, actor_id: int | None) -> None:
    row.state, row.ended_at, row.ended_by = state, now, actor_id
    db.session.flush()  # another one may take its place only then


def _stored_file(path: str, key: str, sha256: str) -> SourceFile:
    return SourceFile(path, sha256, None, key)
