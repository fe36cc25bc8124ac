"""Files that come with the form of a question, and what its page shows of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import abort, get_template_attribute, request

from lms.content.documents import file_types
from lms.content.file_limits import FileLimits
from lms.content.questions.base import Question
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.core.uploads import NewFile, Upload
from lms.quizzes.attempt_state import AttemptQuestion
from lms.quizzes.forms import ATTACH, AnswerForm
from lms.quizzes.models import AnswerFile
from lms.quizzes.queries import AttemptRow, quiz_of_revision
from lms.quizzes.queries.files import answer_files
from lms.quizzes.services import answer_files as services


@dataclass(frozen=True)
class FilesOfQuestion:
    """``limits`` None: nothing may be attached, as in practice."""

    limits: FileLimits | None
    attached: list[AnswerFile]

    @property
    def accept(self) -> str:
        return file_types.accept_attribute(self.limits.types) if self.limits else ""

    @property
    def most_bytes(self) -> int:
        """How large the next file may be."""
        used = sum(one.size for one in self.attached)
        return min(self.limits.largest, self.limits.total_size - used) if self.limits else 0


def files_of(attempt: AttemptRow, one: AttemptQuestion) -> FilesOfQuestion:
    return FilesOfQuestion(services.file_limits(attempt, one.asked), answer_files(one.response.files))


def files_html(attempt: AttemptRow, one: AttemptQuestion) -> str:
    return str(get_template_attribute("quizzes/_answer_files.html", "attach")(files_of(attempt, one)))


class ArrivingFile:
    """A file of this request, if there is one: received before the attempt is locked, and attached after it."""

    def __init__(self, attempt: AttemptRow, position: int, *, now: datetime) -> None:
        self._error = ""
        self._new: NewFile | None = None
        chosen = request.files.get("file")
        if not chosen or not chosen.filename:
            return
        if not 1 <= position <= len(attempt.selection):
            abort(404)
        question = quiz_of_revision(attempt.item_revision_id).question(attempt.selection[position - 1]["id"])
        limits = question.attachments or abort(404)
        upload = Upload(chosen.filename, chosen.stream.read(limits.largest + 1))
        try:
            self._new = services.receive(attempt, question, upload, now=now)
        except Refusal as refusal:
            self._error = refusal.text

    def attach(self, attempt: AttemptRow, question: Question, form: AnswerForm, *, now: datetime) -> str:
        """Attach it, or remove the file whose button was pressed. ``attempt`` is locked. Returns why it could not."""
        if form.to_remove is not None:
            services.remove(attempt, question, form.to_remove, now=now)
        if self._new is not None:
            try:
                services.attach(attempt, question, self._new, now=now)
            except Refusal as refusal:
                return refusal.text
        elif form.go == ATTACH and not self._error:
            return _("Choose a file first, then press “Upload”. Your text is saved.")
        return self._error
