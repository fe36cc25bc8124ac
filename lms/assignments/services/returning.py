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
    note = note.replace("\r\n", "\n").strip()
    try:
        note_html = render_plain(note)  # before anybody has to wait for this transaction
    except TextTooComplex as error:
        raise FeedbackTooComplex from error
    queries.lock(submission.id)
    db.session.refresh(submission)
    if submission.returned is not None:
        if _is_same(submission.returned, note, until, actor_id, files):
            return submission.returned
        name = queries.full_names([submission.returned.returned_by])[submission.returned.returned_by]
        raise ReturnedMeanwhile(name=name, moment=say_moment(submission.returned.returned_at))
    if submission.is_graded or submission.is_superseded:
        raise NoLongerWaiting
    if until < today:
        raise DayIsPast
    passages.give_notes(submission, 0, grader_id=actor_id)
    if submission.paper is not None:
        submission.paper.is_returned = True
    made = []
    for each in _waiting(submission):
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
        made.append(each.returned)
        each.is_superseded = True
        db.session.flush()
        learning.record_returned(each.enrolment_id, each.item_revision, now=now)
        _record(each, each.returned, is_by_admin=is_by_admin)
    return made[0]


def _is_same(before: SubmissionReturn, note: str, until: date, actor_id: int, files: tuple[GivenFile, ...]) -> bool:
    known = {(file.key, file.name) for file in before.files}
    is_same = (before.note, before.until, before.returned_by) == (note, until, actor_id)
    return is_same and known == {(file.key, file.name) for file in files}


def _waiting(submission: Submission) -> list[Submission]:
    """The submission, and what the other members of a group wait with for the same mark."""
    others = [one for one in groups.paper_rows(submission) if one is not submission]
    return [submission, *(one for one in others if not one.is_graded and not one.is_superseded)]


def _record(submission: Submission, made: SubmissionReturn, *, is_by_admin: bool) -> None:
    facts: dict[str, object] = {"by": "admin"} if is_by_admin else {}
    facts |= {"paper": submission.paper_id} if submission.paper_id else {}
    facts |= {"files": len(made.files)} if made.files else {}
    about, until = f"submission:{submission.id}", made.until.isoformat()
    ledger.record(made.returned_by, "return submission", about, now=made.returned_at, until=until, **facts)
