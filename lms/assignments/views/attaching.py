"""Files of a grader's form: taken before the service is called, and kept if the form has a fault."""

from __future__ import annotations

from dataclasses import dataclass

from flask_login import current_user

from lms.assignments import recordings
from lms.assignments.forms import FeedbackFilesForm
from lms.assignments.services import feedback_files
from lms.assignments.services.feedback_files import GivenFile
from lms.content.documents import file_types
from lms.content.file_limits import FileLimits
from lms.core.i18n import gettext as _
from lms.core.uploads import FileRefused


@dataclass(frozen=True)
class FormAttachment:
    """A file of the form, with the token that its page hands back."""

    file: GivenFile
    token: str


@dataclass(frozen=True)
class FeedbackLimits:
    """What a grader may give, for the page; sizes in bytes."""

    types: tuple[str, ...]
    accept: str
    largest: int
    sound: int = recordings.MAX_BYTES
    seconds: int = recordings.SECONDS


def feedback_limits(limits: FileLimits) -> FeedbackLimits:
    accept = file_types.accept_attribute(limits.types)
    return FeedbackLimits(limits.types, ",".join((accept, *recordings.ACCEPT)), limits.largest)


def attachments(form: FeedbackFilesForm, submission_id: int) -> list[FormAttachment]:
    return [FormAttachment(one, feedback_files.token(one, submission_id)) for one in form.given]


def take_files(form: FeedbackFilesForm, submission_id: int, limits: FileLimits) -> bool:
    """Store what was sent, after the form was validated. False if a file was refused, which the form then says."""
    files = [feedback_files.file_of_token(token, submission_id) for token in form.kept.data or ()]
    form.given = tuple(dict.fromkeys(one for one in files if one is not None))
    faults = []
    if None in files:
        faults.append(_("A file is no longer known to this page. Please choose it again."))
    for upload in form.uploads(max(limits.largest, recordings.MAX_BYTES)):
        try:
            form.given = feedback_files.with_upload(form.given, upload, limits, actor_id=current_user.id)
        except FileRefused as refusal:
            faults.append(refusal.text)
    form.files.errors = faults
    return not faults
