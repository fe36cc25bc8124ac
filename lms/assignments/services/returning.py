"""Work goes back to its learner for revision, without a mark."""

from __future__ import annotations

from datetime import date, datetime

from lms.assignments import queries
from lms.assignments.models import Submission, SubmissionReturn
from lms.assignments.queries import groups
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

    Until the end of ``until`` its revision is in time. It leaves the queue and does not count as an attempt; a
    group's paper goes back to each member who waits for its mark. The same note with the same files sent twice
    returns the existing row.

    :raises Refusal: one of this module, or ``FeedbackTooComplex`` or ``passages.PassageIsNoted``.
    """
    queries.lock(submission.id)
    db.session.refresh(submission)
    note = note.replace("\r\n", "\n").strip()
    before = submission.returned
    if before is not None:
        known = {(file.key, file.name) for file in before.files}
        is_same = (before.note, before.until, before.returned_by) == (note, until, actor_id)
        if is_same and known == {(file.key, file.name) for file in files}:
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
    if submission.paper is not None:
        submission.paper.is_returned = True
    more: dict[str, object] = {"by": "admin"} if is_by_admin else {}
    for each in [submission, *(other for other in groups.paper_rows(submission) if other is not submission)]:
        if each.is_graded or each.is_superseded:
            continue
        if each is not submission:
            passages.copy_notes(submission, 0, each, 0)
        each.returned = SubmissionReturn(
            note=note,
            note_html=note_html,
            until=until,
            returned_by=actor_id,
            returned_at=now,
            files=feedback_files.rows(files, now=now),
        )
        each.is_superseded = True
        db.session.flush()
        learning.record_returned(each.enrolment_id, each.item_revision, now=now)
        facts = more | ({"paper": each.paper_id} if each.paper_id else {}) | ({"files": len(files)} if files else {})
        ledger.record(actor_id, "return submission", f"submission:{each.id}", now=now, until=until.isoformat(), **facts)
    assert submission.returned is not None
    return submission.returned
