"""Handing in: a draft becomes a submission, which nobody edits."""

from __future__ import annotations

from datetime import datetime

from lms.assignments import queries
from lms.assignments.lateness import Deadline, deadline
from lms.assignments.links import is_https
from lms.assignments.models import Draft, Submission
from lms.assignments.paragraphs import as_paragraphs
from lms.assignments.services import drafts
from lms.assignments.services.drafts import Work
from lms.core import ledger
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.journal import services as journal
from lms.learning import services as learning
from lms.learning.queries import ItemContext


class NothingToHandIn(Refusal):
    message = lazy("There is nothing to hand in yet: write something or add a file first.")


class LinkIsNotHttps(Refusal):
    message = lazy("The link must be a whole address that begins with https://. It is kept in your draft.")


class DeadlineIsOver(Refusal):
    message = lazy(
        "The last moment for handing in has passed. Your text and files are kept as a draft. "
        "If something held you up, please talk to your instructor."
    )


class NoTryLeft(Refusal):
    message = lazy("All your tries are used. Your text and files are kept as a draft.")


class HandedInElsewhere(Refusal):
    message = lazy(
        "This assignment was handed in meanwhile from another page or device. What you have here was not handed in; "
        "it is kept as a draft. Look at both, then decide."
    )


def deadline_of(context: ItemContext) -> Deadline:
    """The assignment's moments for this person."""
    task = queries.assignment_of(context.item_revision.id)
    return deadline(
        context.moment(task.due, "closes"),
        late=task.late is not None,
        until=context.moment(task.late.until, "closes") if task.late else None,
        penalty=task.penalty,
        closes=context.closes_at,
    )


def hand_in(context: ItemContext, work: Work, *, number: int, now: datetime) -> Submission:
    """Hand in what stands in the form and in the draft, as this person's submission ``number``.

    The same again (a double click, a post sent twice by a poor line) gives the
    submission there already is. Refused or not, ``work`` is kept as the draft:
    the caller commits either way.

    :raises Refusal: one of the above, or of ``drafts``.
    """
    draft = drafts.open_draft(context, now=now)
    earlier = queries.handed_in(context.enrolment_id, context.item_revision.item_id)
    same = next((one for one in earlier if one.number == number), None)
    if same is not None and _is_the_same(same, draft, work):
        return same
    drafts.keep(draft, context, work, now=now)
    if same is not None:
        raise HandedInElsewhere
    _check(context, draft, tries=len(earlier), now=now)
    for one in earlier:
        one.is_superseded = one.is_superseded or not one.is_graded
    return _submit(context, draft, number=len(earlier) + 1, now=now)


def _is_the_same(submission: Submission, draft: Draft, work: Work) -> bool:
    """Whether ``work`` says what was handed in. Files moved along, so an untouched draft is empty."""
    text, link = drafts.tidied(work)
    upload = work.upload
    return (
        (text, link) == (submission.text, submission.link)
        and not (draft.text or draft.link or draft.files)
        and (upload is None or any(file.size == len(upload.data) for file in submission.files))
    )


def _check(context: ItemContext, draft: Draft, *, tries: int, now: datetime) -> None:
    task = queries.assignment_of(context.item_revision.id)
    if not (draft.text or draft.link or draft.files):
        raise NothingToHandIn
    if draft.link and not is_https(draft.link):
        raise LinkIsNotHttps
    if deadline_of(context).is_over(now):
        raise DeadlineIsOver
    if task.attempts is not None and tries >= task.attempts:
        raise NoTryLeft


def _submit(context: ItemContext, draft: Draft, *, number: int, now: datetime) -> Submission:
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
        late_days=deadline_of(context).days_late(now),
        is_graded=False,
        is_superseded=False,
    )
    db.session.add(submission)
    for file in list(draft.files):
        draft.files.remove(file)
        submission.files.append(file)
    draft.text, draft.link = "", ""
    db.session.flush()
    body = {"number": number, "files": [file.key for file in submission.files]}
    journal.append(context.person_id, subject=f"draft:{draft.id}", kind="submit", body=body, now=now)
    learning.record_waiting(context.enrolment_id, context.item_revision, now=now)
    facts = {"number": number, "late_days": submission.late_days, "files": len(submission.files)}
    ledger.record(context.person_id, "hand in", f"submission:{submission.id}", now=now, **facts)
    return submission
