"""Keeping what is not handed in yet: text, link and files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lms.assignments import kinds, queries
from lms.assignments.models import Draft, Submission, WorkFile
from lms.assignments.paragraphs import tidy
from lms.content.items.assignment import Assignment
from lms.core import storage
from lms.core.db import db, insert_unless_there
from lms.core.errors import Refusal
from lms.core.i18n import lazy, say_number
from lms.journal import services as journal
from lms.learning import services as learning
from lms.learning.queries import ItemContext


class FileRefused(Refusal):
    """The file was not taken; the text beside it is kept all the same."""

    status = 422


class FileIsEmpty(FileRefused):
    message = lazy("“%(name)s” is empty and was not taken. Please look whether it opens on your device.")


class FileIsTooLarge(FileRefused):
    message = lazy(
        "“%(name)s” is larger than %(most)s MB and was not taken. "
        "Photos become smaller when you send them in a lower resolution; a document when you save it as PDF."
    )


class KindIsNotTaken(FileRefused):
    message = lazy("“%(name)s” was not taken. This assignment takes files of these kinds only: %(types)s.")


class FileHasMacros(FileRefused):
    message = lazy("“%(name)s” contains macros (small programs) and was not taken. Save it without macros, or as PDF.")


class TooManyFiles(FileRefused):
    message = lazy("There are %(most)s files already; more are not possible. Remove one to add another.")


class FilesAreTooLarge(FileRefused):
    message = lazy("“%(name)s” was not taken: all files together may have %(most)s MB.")


class DraftIsNotEmpty(Refusal):
    message = lazy(
        "There is a draft already, and it was left as it is. Empty it first to begin with what you handed in last."
    )


@dataclass(frozen=True)
class Upload:
    """A file as it arrived, under the name its sender gave it."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Work:
    """What stands in the form: text and link always, a file where one was chosen."""

    text: str
    link: str = ""
    upload: Upload | None = None


def save(context: ItemContext, work: Work, *, number: int, now: datetime) -> Draft:
    """Keep ``work`` as the draft of submission ``number``; every change of the text is an event of the journal.

    A save that a slow line brings after the handing-in of the very same is over already.

    :raises FileRefused: the file cannot be taken. Text and link are kept even then.
    """
    draft = open_draft(context, now=now)
    done = queries.numbered(context.enrolment_id, context.item_revision.item_id, number)
    if done is None or work.upload is not None or tidied(work) != (done.text, done.link):
        keep(draft, context, work, now=now)
    return draft


def open_draft(context: ItemContext, *, now: datetime) -> Draft:
    """The person's one draft of this assignment, made where it is missing, locked for this transaction."""
    item = context.item_revision
    is_new = insert_unless_there(
        Draft,
        ("enrolment_id", "item_id"),
        enrolment_id=context.enrolment_id,
        item_id=item.item_id,
        text="",
        link="",
        saved_at=now,
    )
    if is_new:
        learning.record_started(context.enrolment_id, item, now=now)
    return queries.draft_to_change(context.enrolment_id, item.item_id)


def keep(draft: Draft, context: ItemContext, work: Work, *, now: datetime) -> None:
    """As ``save``, into a draft that is already open."""
    text, link = tidied(work)
    if (text, link) != (draft.text, draft.link):
        body = {"text": text, "link": link}
        journal.append(context.person_id, subject=f"draft:{draft.id}", kind="draft", body=body, now=now)
    draft.text, draft.link, draft.saved_at = text, link, now
    db.session.flush()
    if work.upload is not None:
        _add_file(draft, context, work.upload, now=now)


def tidied(work: Work) -> tuple[str, str]:
    """Text and link as they are kept."""
    return tidy(work.text), work.link.strip()


def remove_file(context: ItemContext, file_id: int, *, now: datetime) -> None:
    """Take a file out of the draft; one that is no longer there needs no taking out."""
    draft = open_draft(context, now=now)
    for file in [file for file in draft.files if file.id == file_id]:
        draft.files.remove(file)
        db.session.delete(file)
    draft.saved_at = now
    db.session.flush()


def start_from(context: ItemContext, submission: Submission, *, now: datetime) -> Draft:
    """Begin a further try with what was handed in before; asked twice, it is done once.

    :raises DraftIsNotEmpty: there is something else in the draft, which stays as it is.
    """
    draft = open_draft(context, now=now)
    if (draft.text, draft.link) == (submission.text, submission.link) and len(draft.files) == len(submission.files):
        return draft
    if draft.text or draft.link or draft.files:
        raise DraftIsNotEmpty
    keep(draft, context, Work(submission.text, submission.link), now=now)
    for file in submission.files:
        draft.files.append(_copy(file, now=now))
    db.session.flush()
    return draft


def _copy(file: WorkFile, *, now: datetime) -> WorkFile:
    return WorkFile(
        person_id=file.person_id,
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        key=file.key,
        uploaded_at=now,
    )


def _add_file(draft: Draft, context: ItemContext, upload: Upload, *, now: datetime) -> None:
    task = queries.assignment_of(context.item_revision.id)
    kind = _checked(upload, task)
    stored = storage.named(upload.data, "work")
    name = kinds.clean_name(upload.name, kind)
    if any(file.key == stored.key and file.name == name for file in draft.files):
        return
    if len(draft.files) >= task.files.most:
        raise TooManyFiles(most=task.files.most)
    if sum(file.size for file in draft.files) + stored.size > task.files.total_size:
        raise FilesAreTooLarge(name=name, most=_megabytes(task.files.total_size))
    storage.save(upload.data, "work")  # only now: what is refused must not fill the disk
    draft.files.append(
        WorkFile(
            person_id=context.person_id,
            name=name,
            content_type=kind.content_type,
            size=stored.size,
            key=stored.key,
            uploaded_at=now,
        )
    )
    db.session.flush()


def _checked(upload: Upload, task: Assignment) -> kinds.Kind:
    """What the file is, once it is clear that it may be taken."""
    if not upload.data:
        raise FileIsEmpty(name=upload.name)
    if len(upload.data) > task.files.largest:
        raise FileIsTooLarge(name=upload.name, most=_megabytes(task.files.largest))
    look = kinds.look_at(upload.data, upload.name)
    if look.has_macros:
        raise FileHasMacros(name=upload.name)
    if look.kind is None or "files" not in task.submit or not kinds.is_taken(look.kind, task.files.types):
        raise KindIsNotTaken(name=upload.name, types=", ".join(task.files.types))
    return look.kind


def _megabytes(size: int) -> str:
    return say_number(round(size / (1024 * 1024), 1), 1)
