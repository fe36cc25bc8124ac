"""A draft becomes a submission, which is never edited."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from lms.assignments import queries
from lms.assignments.lateness import Deadline, deadline
from lms.assignments.models import Draft, Submission
from lms.assignments.plain_text import as_paragraphs, is_https
from lms.assignments.services import drafts, numbering
from lms.assignments.services.drafts import DraftContent
from lms.core import ledger, storage
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.journal import services as journal
from lms.learning import services as learning
from lms.learning.queries import ItemContext


class NothingToSubmit(Refusal):
    message = lazy("There is nothing to hand in yet: write something or add a file first.")


class LinkNotHttps(Refusal):
    message = lazy("The link must be a complete address that begins with https://. It is kept in your draft.")


class DeadlineOver(Refusal):
    message = lazy(
        "It is too late to hand in. Your text and files are kept as a draft. "
        "If something held you up, please talk to your instructor."
    )


class NoSubmissionsLeft(Refusal):
    message = lazy("You have used all your attempts. Your text and files are kept as a draft.")


class SubmittedElsewhere(Refusal):
    message = lazy(
        "This assignment was handed in from another page or device in the meantime. Your work here was not handed in; "
        "it is kept as a draft. Compare both, then decide."
    )


def deadline_of(context: ItemContext, newest: Submission | None = None) -> Deadline:
    """The assignment's deadline for this learner. ``newest`` is the latest submission: if it was returned, its
    revision has its own time."""
    assignment = queries.assignment_of(context.item_revision.id)
    own = deadline(
        context.moment(assignment.due, "closes"),
        late=assignment.late is not None,
        until=context.moment(assignment.late.until, "closes") if assignment.late else None,
        penalty=assignment.penalty,
        closes=context.closes_at,
    )
    return own.extended(context.window.end_of(newest.returned.until)) if newest and newest.returned else own


def attempts_used(submissions: Iterable[Submission]) -> int:
    """What was returned is no attempt."""
    return sum(one.returned is None for one in submissions)


def submit_assignment(context: ItemContext, content: DraftContent, *, number: int, now: datetime) -> Submission:
    """Submit the content of the form and the draft as this learner's submission ``number``.

    The same content again (a double click, a repeated request) returns the existing submission. If the submission is
    refused, ``content`` is saved as the draft, so the caller commits in any case.

    :raises Refusal: one of this module or of ``drafts``.
    """
    draft = drafts.open_draft(context, now=now)
    earlier = queries.submissions(context.enrolment_id, context.item_revision.item_id)
    same = next((one for one in earlier if one.number == number), None)
    if same is not None and _is_same(same, draft, content):
        return same
    drafts.update_draft(draft, context, content, now=now)
    if same is not None:
        raise SubmittedElsewhere
    newest = earlier[0] if earlier else None
    due = deadline_of(context, newest)
    _check(context, draft, due, tries=attempts_used(earlier), now=now)
    for one in earlier:
        one.is_superseded = one.is_superseded or not one.is_graded
    return _submit(context, draft, due, number=len(earlier) + 1, now=now)


def _is_same(submission: Submission, draft: Draft, content: DraftContent) -> bool:
    """True if ``content`` equals the submission. An untouched draft is empty, because its files have moved."""
    text, link = drafts.normalized(content)
    upload = content.upload
    return (
        (text, link) == (submission.text, submission.link)
        and not (draft.text or draft.link or draft.files)
        and (upload is None or storage.named(upload.data, "work").key in {file.key for file in submission.files})
    )


def _check(context: ItemContext, draft: Draft, due: Deadline, *, tries: int, now: datetime) -> None:
    assignment = queries.assignment_of(context.item_revision.id)
    if not (draft.text or draft.link or draft.files):
        raise NothingToSubmit
    if draft.link and not is_https(draft.link):
        raise LinkNotHttps
    if due.is_over(now):
        raise DeadlineOver
    if assignment.attempts is not None and tries >= assignment.attempts:
        raise NoSubmissionsLeft


def _submit(context: ItemContext, draft: Draft, due: Deadline, *, number: int, now: datetime) -> Submission:
    submission = Submission(
        enrolment_id=context.enrolment_id,
        person_id=context.person_id,
        item_id=context.item_revision.item_id,
        item_revision_id=context.item_revision.id,
        number=number,
        text=draft.text,
        text_html=as_paragraphs(draft.text),
        link=draft.link,
        submitted_at=now,
        late_days=due.days_late(now),
        is_graded=False,
        is_superseded=False,
    )
    db.session.add(submission)
    for file in list(draft.files):
        draft.files.remove(file)
        submission.files.append(file)
    draft.text, draft.link = "", ""
    if queries.assignment_of(submission.item_revision_id).anonymous:
        numbering.draw_number(submission.enrolment_id, submission.item_id)
    db.session.flush()
    body = {"number": number, "files": [file.key for file in submission.files]}
    journal.append(context.person_id, subject=queries.subject(draft), kind="submit", body=body, now=now)
    learning.record_waiting(context.enrolment_id, context.item_revision, now=now)
    facts = {"number": number, "late_days": submission.late_days, "files": len(submission.files)}
    ledger.record(context.person_id, "hand in", f"submission:{submission.id}", now=now, **facts)
    return submission
