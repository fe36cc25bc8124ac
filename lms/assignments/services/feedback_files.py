"""Files that a grader gives with a mark, or with work that goes back for revision.

They are stored before the mark is saved. Until then the page has each as an encrypted token, so that a form that is
refused loses none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from lms.assignments import recordings
from lms.assignments.models import FeedbackFile
from lms.content.documents import file_types
from lms.content.documents.file_types import FileType
from lms.content.file_limits import FileLimits
from lms.core import storage
from lms.core.i18n import lazy, lazy_ngettext
from lms.core.site import site_key
from lms.core.uploads import FileRefused, FilesTooLarge, FileTypeNotAccepted, Upload, checked_type, megabytes
from lms.lib import encryption

FOLDER = "feedback"
_PURPOSE = "feedback file"


class RecordingTooLarge(FileRefused):
    message = lazy("“%(name)s” is larger than %(most)s MB and was not attached. Record a shorter one.")


class TooManyFeedbackFiles(FileRefused):
    message = lazy_ngettext(
        "“%(name)s” was not attached: at most %(most)s file can be given back. Untick one of the others first.",
        "“%(name)s” was not attached: at most %(most)s files can be given back. Untick one of the others first.",
        "most",
    )


@dataclass(frozen=True)
class GivenFile:
    """A file that is in the storage."""

    name: str
    content_type: str
    size: int
    key: str
    uploaded_by: int


def _most_files(limits: FileLimits) -> int:
    """As many as a learner may hand in, and a recording."""
    return limits.most + 1


def with_upload(
    given: tuple[GivenFile, ...], upload: Upload, limits: FileLimits, *, actor_id: int
) -> tuple[GivenFile, ...]:
    """Store an upload, and return it after the files in ``given``. Slow.

    :raises FileRefused: it cannot be accepted.
    """
    file_type = _checked_type(upload, limits)
    stored = storage.stored_file_for(upload.data, FOLDER)
    name = file_types.clean_name(upload.name, file_type)
    if any((one.key, one.name) == (stored.key, name) for one in given):
        return given
    if len(given) >= _most_files(limits):
        raise TooManyFeedbackFiles(name=name, most=_most_files(limits))
    if sum(one.size for one in given) + stored.size > limits.total_size + recordings.MAX_BYTES:
        raise FilesTooLarge(name=name, most=megabytes(limits.total_size + recordings.MAX_BYTES))
    storage.save(upload.data, FOLDER)
    return (*given, GivenFile(name, file_type.content_type, stored.size, stored.key, actor_id))


def _checked_type(upload: Upload, limits: FileLimits) -> FileType:
    recorded = recordings.recording_type(upload.data)
    if recorded:
        most = max(recordings.MAX_BYTES, limits.largest if recorded.extension in limits.types else 0)
        if len(upload.data) > most:
            raise RecordingTooLarge(name=upload.name, most=megabytes(most))
        return recorded
    try:
        return checked_type(upload, limits)
    except FileTypeNotAccepted:
        raise FileTypeNotAccepted(name=upload.name, types=", ".join((*limits.types, *recordings.TYPES))) from None


def token(file: GivenFile, submission_id: int) -> str:
    """The file, encrypted: the page of this submission sends it back when the form is sent again."""
    return encryption.encrypt(json.dumps([submission_id, asdict(file)]), _PURPOSE, site_key())


def file_of_token(token: str, submission_id: int) -> GivenFile | None:
    """None if it was not made for this submission."""
    text = encryption.decrypt(token, _PURPOSE, site_key())
    if text is None:
        return None
    made_for, facts = json.loads(text)
    return GivenFile(**facts) if made_for == submission_id else None


def given_with(files: Iterable[FeedbackFile]) -> tuple[GivenFile, ...]:
    return tuple(GivenFile(one.name, one.content_type, one.size, one.key, one.uploaded_by) for one in files)


def rows(given: Iterable[GivenFile], *, now: datetime) -> list[FeedbackFile]:
    return [FeedbackFile(**asdict(one), uploaded_at=now) for one in given]
