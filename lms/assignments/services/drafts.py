"""Save work that is not submitted yet: text, link and files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from lms.assignments import queries
from lms.assignments.models import Draft, Submission, WorkFile
from lms.assignments.plain_text import tidy
from lms.core import storage
from lms.core.db import db, insert_if_missing
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.core.uploads import FOLDER, FileTypeNotAccepted, Upload, accepted_file, has_room
from lms.journal import services as journaling
from lms.journal.events import ClientSeq
from lms.learning import services as learning
from lms.learning.queries import ItemContext


class DraftNotEmpty(Refusal):
    message = lazy(
        "There is a draft already; it was not changed. Empty it first to start from what you handed in last."
    )


class DraftReplaced(Refusal):
    """Both texts are kept: the page shows the one that was sent, and the draft stays as it is."""

    message = lazy(
        "The draft was changed on another page or device after this page was opened. That text is saved. "
        "What you wrote here is still on this page."
    )


@dataclass(frozen=True)
class DraftContent:
    """What the form contains; ``upload`` if a file was chosen.

    ``base_event_id`` is the newest event of the draft that the page knew when it was opened, 0 if there was none; None
    does not ask for a check. ``client_seq`` names the page and the change.
    """

    text: str
    link: str = ""
    upload: Upload | None = None
    base_event_id: int | None = None
    client_seq: str = ""


def save_draft(context: ItemContext, content: DraftContent, *, number: int, now: datetime) -> Draft:
    """Save ``content`` as the draft of submission ``number``. Every change of the text is an event of the journal.

    Does nothing if a slow connection delivers a draft after the same content was submitted.

    :raises FileRefused: the file cannot be accepted. Text and link are saved even then.
    :raises DraftReplaced: another page has changed the draft meanwhile.
    """
    draft = open_draft(context, now=now)
    done = queries.submission_number(context.enrolment_id, context.item_revision.item_id, number)
    if done is None or content.upload is not None or normalise_content(content) != (done.text, done.link):
        update_draft(draft, context, content if done is None else unchecked_if_empty(draft, content), now=now)
    return draft


def unchecked_if_empty(draft: Draft, content: DraftContent) -> DraftContent:
    """``content`` of a page that was opened before its number was handed in. That emptied the draft: a page that knows
    nothing of it replaces nothing."""
    return content if draft.text or draft.link else replace(content, base_event_id=None)


def open_draft(context: ItemContext, *, now: datetime) -> Draft:
    """The learner's draft of this assignment, created if it is missing, locked until the transaction ends."""
    revision = context.item_revision
    is_new = insert_if_missing(
        Draft,
        ("enrolment_id", "item_id"),
        enrolment_id=context.enrolment_id,
        item_id=revision.item_id,
        text="",
        link="",
        saved_at=now,
    )
    if is_new:
        learning.record_started(context.enrolment_id, revision, now=now)
    return queries.draft_for_update(context.enrolment_id, revision.item_id)


def update_draft(draft: Draft, context: ItemContext, content: DraftContent, *, now: datetime) -> None:
    """Like ``save_draft``, for a draft that is already locked. A file is added in any case."""
    text, link = normalise_content(content)
    verdict = _verdict(draft, content, is_same=(text, link) == (draft.text, draft.link))
    if verdict == "store":
        body = {"text": text, "link": link} | ({"turn": content.client_seq} if content.client_seq else {})
        journaling.append(context.person_id, subject=queries.subject(draft), kind="draft", body=body, now=now)
        draft.text, draft.link = text, link
    if verdict != "replaced":
        draft.saved_at = now
    db.session.flush()
    if content.upload is not None:
        _add_file(draft, context, content.upload, now=now)
    if verdict == "replaced":
        raise DraftReplaced


def _verdict(draft: Draft, content: DraftContent, *, is_same: bool) -> Literal["store", "same", "replaced"]:
    """A counted change is stored even if it is the same, so that an older request that arrives after it is known to be
    older (as for answers to questions, ``quizzes.responses``)."""
    newest = queries.newest_event(draft)
    sent, last = ClientSeq.parse(content.client_seq), ClientSeq.parse(newest.client_seq if newest else None)
    if sent and last and sent.page == last.page:
        is_current = sent.number > last.number if sent.number else True
    else:
        is_current = newest is None or content.base_event_id in (None, newest.id)
    if is_same:
        return "store" if is_current and sent and sent.number else "same"
    return "store" if is_current else "replaced"


def normalise_content(content: DraftContent) -> tuple[str, str]:
    """Text and link as they are stored."""
    return tidy(content.text), content.link.strip()


def remove_file(context: ItemContext, file_id: int, *, now: datetime) -> None:
    """Remove a file from the draft. Does nothing if it is already gone."""
    draft = open_draft(context, now=now)
    for file in [file for file in draft.files if file.id == file_id]:
        draft.files.remove(file)
        db.session.delete(file)
    draft.saved_at = now
    db.session.flush()


def copy_to_draft(context: ItemContext, submission: Submission, *, now: datetime) -> Draft:
    """Start the next submission from an earlier one. A second call changes nothing.

    :raises DraftNotEmpty: the draft contains something else, which stays as it is.
    """
    draft = open_draft(context, now=now)
    there = (draft.text, draft.link, {(file.key, file.name) for file in draft.files})
    if there == (submission.text, submission.link, {(file.key, file.name) for file in submission.files}):
        return draft
    if draft.text or draft.link or draft.files:
        raise DraftNotEmpty
    update_draft(draft, context, DraftContent(submission.text, submission.link), now=now)
    for file in submission.files:
        draft.files.append(copy_of(file, context.person_id, now=now))
    db.session.flush()
    return draft


def copy_of(file: WorkFile, person_id: int, *, now: datetime) -> WorkFile:
    """Another row for the same stored file."""
    return WorkFile(
        person_id=person_id,
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        key=file.key,
        uploaded_at=now,
    )


def _add_file(draft: Draft, context: ItemContext, upload: Upload, *, now: datetime) -> None:
    assignment = queries.assignment_of(context.item_revision.id)
    if "files" not in assignment.submit:
        raise FileTypeNotAccepted(name=upload.name, types=", ".join(assignment.files.types))
    new = accepted_file(upload, assignment.files)
    if not has_room(new, assignment.files, draft.files):
        return
    storage.save(upload.data, FOLDER)  # after the checks: refused files must not fill the disk
    draft.files.append(WorkFile(person_id=context.person_id, uploaded_at=now, **new._asdict()))
    db.session.flush()
