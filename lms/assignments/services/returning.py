"""Work goes back to its learner for revision, without a mark."""

from __future__ import annotations

from datetime import date, datetime

from lms.assignments import queries
from lms.assignments.models import Submission, SubmissionReturn
from lms.assignments.services import feedback_files, passages
from lms.assignments.services.feedback_files import GivenFile
from lms.assignments.services.grading import FeedbackTooComplex
from lms.content.rendering.markdown_html import TextTooComplex, render_plain
from lms.core import ledger
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy, say_moment
from lms.learning import services as learning


class ReturnedMeanwhile(Refusal):
    message = lazy(
        "%(name)s returned this work in the meantime, on %(moment)s. Your note was not sent; it is still here."
    )


class NoLongerWaiting(Refusal):
    message = lazy(
        "This work was graded or handed in again in the meantime, so it was not returned. Your note is still here."
    )


class DayIsPast(Refusal):
    message = lazy("This day is past. Choose today or a later day.")


def return_submission(
    submission: Submission,
    note: str,
    until: date,
    *,
    actor_id: int,
    today: date,
    now: datetime,
    files: tuple[GivenFile, ...] = (),
    is_by_admin: bool = False,
) -> SubmissionReturn:
    """Return the submission with a note, files and the actor's notes on passages.

    Until the end of ``until`` its revision is in time.

    It leaves the queue and counts as no attempt. The same note with the same files sent twice returns the existing row.

    :raises Refusal: one of this module, or ``FeedbackTooComplex`` or ``passages.PassageIsNoted``.
    """
    queries.lock(submission.id)
    db.session.refresh(submission)
    note = note.replace("\r\n", "\n").strip()
    before = submission.returned
    if before is not None:
        known = {(one.key, one.name) for one in before.files}
        is_same = (before.note, before.until, before.returned_by) == (note, until, actor_id)
        if is_same and known == {(one.key, one.name) for one in files}:
            return before
        name = queries.full_names([before.returned_by])[before.returned_by]
        raise ReturnedMeanwhile(name=name, moment=say_moment(before.returned_at))
    if submission.is_graded or submission.is_superseded:
        raise NoLongerWaiting
    if until < today:
        raise DayIsPast
    try:
        note_html = render_plain(note)
    except TextTooComplex as error:
        raise FeedbackTooComplex from error
    passages.give_notes(submission, 0, grader_id=actor_id)
    submission.returned = SubmissionReturn(
        note=note,
        note_html=note_html,
        until=until,
        returned_by=actor_id,
        returned_at=now,
        files=feedback_files.rows(files, now=now),
    )
    submission.is_superseded = True
    db.session.flush()
    learning.record_returned(submission.enrolment_id, submission.item_revision, now=now)
    facts: dict[str, object] = {"until": until.isoformat()}
    if is_by_admin:
        facts["by"] = "admin"
    if files:
        facts["files"] = len(files)
    ledger.record(actor_id, "return submission", f"submission:{submission.id}", now=now, **facts)
    return submission.returned
