"""Files of an answer. They are added and removed during the attempt, by the same rules of time and locks as its text,
and each change is an answer in the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from lms.content.file_limits import FileLimits
from lms.content.questions.base import Question
from lms.core import storage
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.core.uploads import FOLDER, FileRefused, NewFile, Upload, accepted_file, has_room
from lms.journal import services as journaling
from lms.quizzes import queries, responses, services
from lms.quizzes.models import Answer, AnswerFile
from lms.quizzes.queries import AttemptRow
from lms.quizzes.queries.files import answer_files
from lms.quizzes.responses import NO_RESPONSE, Response
from lms.quizzes.services import SaveState


class FileCameLate(FileRefused):
    message = lazy("Time was over when “%(name)s” arrived, so it was not taken. What had arrived before counts.")


class FileAfterHandingIn(FileRefused):
    message = lazy(
        "This attempt was already handed in when “%(name)s” arrived, so it was not taken. What had arrived before "
        "counts."
    )


class FileOfLockedAnswer(FileRefused):
    message = lazy("This question is locked, so “%(name)s” was not taken. Your first answer counts.")


NOT_TAKEN: Mapping[SaveState, type[FileRefused]] = {
    "late": FileCameLate,
    "submitted": FileAfterHandingIn,
    "locked": FileOfLockedAnswer,
}


class PracticeTakesNoFiles(Refusal):
    message = lazy("Practice takes no files: nobody reads them. Your text is saved.")


def file_limits(attempt: AttemptRow, question: Question) -> FileLimits | None:
    """What may be attached to the answer; None: nothing, as in practice, which nobody reads."""
    return None if attempt.is_practice else question.attachments


def receive(attempt: AttemptRow, question: Question, upload: Upload, *, now: datetime) -> NewFile:
    """Store a file that came, before the attempt is locked: the storage may be slow. ``attach`` makes it count.

    :raises Refusal: it cannot be accepted, or would come too late.
    """
    limits = file_limits(attempt, question)
    if limits is None:
        raise PracticeTakesNoFiles
    stored = _stored(attempt, question)
    _refuse_late(attempt, stored, upload.name, now)
    there = answer_files(stored.files)
    new = accepted_file(upload, limits)
    if has_room(new, limits, there):
        storage.save(upload.data, FOLDER)  # after the checks: refused files must not fill the disk
    return new


def attach(attempt: AttemptRow, question: Question, new: NewFile, *, now: datetime) -> None:
    """``attempt`` is locked. The same file sent again changes nothing.

    :raises FileRefused: it came too late, or another took its place meanwhile.
    """
    stored, limits = _stored(attempt, question), file_limits(attempt, question)
    assert limits is not None
    _refuse_late(attempt, stored, new.name, now)
    if not has_room(new, limits, answer_files(stored.files)):
        return
    file = AnswerFile(
        person_id=attempt.person_id, attempt_id=attempt.id, question=question.id, uploaded_at=now, **new._asdict()
    )
    db.session.add(file)
    db.session.flush()
    _store(attempt, question, replace(stored, files=(*stored.files, file.id)), now=now)


def remove(attempt: AttemptRow, question: Question, file_id: int, *, now: datetime) -> None:
    """Take a file out of the answer, until it is locked or handed in. Does nothing if it is not there.

    ``attempt`` is locked.
    """
    stored = _stored(attempt, question)
    if file_id not in stored.files or services.save_state(attempt, stored, now) != "saved":
        return
    _store(attempt, question, replace(stored, files=tuple(id for id in stored.files if id != file_id)), now=now)
    for file in answer_files([file_id]):
        db.session.delete(file)
    db.session.flush()


def has_files(attempt: AttemptRow, question: Question) -> bool:
    return bool(_stored(attempt, question).files)


def _stored(attempt: AttemptRow, question: Question) -> Response:
    row = queries.answers(attempt.id).get(question.id)
    return responses.from_json(row.response, question) if row else NO_RESPONSE


def _refuse_late(attempt: AttemptRow, stored: Response, name: str, now: datetime) -> None:
    if refused := NOT_TAKEN.get(services.save_state(attempt, stored, now)):
        raise refused(name=name)


def _store(attempt: AttemptRow, question: Question, response: Response, *, now: datetime) -> None:
    """The event names the contents of the files, so that the record of the attempt proves them."""
    said = responses.to_json(response, question)
    body = {"about": question.id, "response": said, "files": [one.key for one in answer_files(response.files)]}
    event_id = journaling.append(attempt.person_id, services.subject(attempt), "answer", body, now=now)
    mine = Answer.attempt_id == attempt.id, Answer.question == question.id
    answer = db.session.scalars(select(Answer).where(*mine).execution_options(populate_existing=True)).one_or_none()
    if answer is None:
        answer = Answer(attempt_id=attempt.id, question=question.id, is_flagged=False)
        db.session.add(answer)
    answer.response, answer.event_id, answer.answered_at = said, event_id, now
    db.session.flush()
