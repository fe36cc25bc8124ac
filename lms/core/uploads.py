"""Uploaded files: which are accepted, by their content, and the refusals of those that are not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from lms.content.documents import file_types
from lms.content.documents.file_types import FileType
from lms.content.file_limits import FileLimits
from lms.core import storage
from lms.core.errors import Refusal
from lms.core.i18n import lazy, lazy_ngettext, say_number

FOLDER = "work"
"""In the storage."""


@dataclass(frozen=True)
class Upload:
    """A file as it arrived, with the name that the browser sent."""

    name: str
    data: bytes


class FileRefused(Refusal):
    """The file was not accepted. What was written beside it is saved all the same."""

    status = 422


class EmptyFile(FileRefused):
    message = lazy("“%(name)s” is empty and was not accepted. Please check that it opens on your device.")


class UploadTooLarge(FileRefused):
    message = lazy(
        "“%(name)s” is larger than %(most)s MB and was not accepted. "
        "Send photos in a lower resolution, or save the document as PDF."
    )


class FileTypeNotAccepted(FileRefused):
    message = lazy("“%(name)s” was not accepted. Only these file types are accepted here: %(types)s.")


class FileHasMacros(FileRefused):
    message = lazy("“%(name)s” contains macros and was not accepted. Save it without macros, or as PDF.")


class TooManyFiles(FileRefused):
    message = lazy_ngettext(
        "There is %(most)s file already. Remove it to add another.",
        "There are %(most)s files already. Remove one to add another.",
        "most",
    )


class FilesTooLarge(FileRefused):
    message = lazy("“%(name)s” was not accepted: all files together may have at most %(most)s MB.")


class NewFile(NamedTuple):
    """An accepted file, with the values of its row."""

    name: str
    content_type: str
    size: int
    key: str


class UploadedFile:
    """Columns of the row of a stored file; those of ``NewFile``, and when it came."""

    name: Mapped[str] = mapped_column(String(160))
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    key: Mapped[str] = mapped_column(String(120))
    uploaded_at: Mapped[datetime]

    @property
    def shown_as(self) -> str:
        """See ``file_types.shown_as``."""
        return file_types.shown_as(self.content_type)


class PresentFile(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...


def accepted_file(upload: Upload, limits: FileLimits) -> NewFile:
    """The values of the file's row, if it is accepted. Stores nothing.

    :raises FileRefused: it cannot be accepted.
    """
    file_type = checked_type(upload, limits)
    stored = storage.stored_file_for(upload.data, FOLDER)
    return NewFile(file_types.clean_name(upload.name, file_type), file_type.content_type, stored.size, stored.key)


def has_room(new: NewFile, limits: FileLimits, there: Collection[PresentFile]) -> bool:
    """Whether it can be added to the files that are ``there``. False: it is one of them.

    :raises FileRefused: there are enough.
    """
    if any((file.key, file.name) == (new.key, new.name) for file in there):
        return False
    if len(there) >= limits.most:
        raise TooManyFiles(most=limits.most)
    if sum(file.size for file in there) + new.size > limits.total_size:
        raise FilesTooLarge(name=new.name, most=megabytes(limits.total_size))
    return True


def checked_type(upload: Upload, limits: FileLimits) -> FileType:
    """The type of the file.

    :raises FileRefused: it cannot be accepted.
    """
    if not upload.data:
        raise EmptyFile(name=upload.name)
    if len(upload.data) > limits.largest:
        raise UploadTooLarge(name=upload.name, most=megabytes(limits.largest))
    found = file_types.detect(upload.data, upload.name)
    if found.has_macros:
        raise FileHasMacros(name=upload.name)
    if found.type is None or not file_types.is_accepted(found.type, limits.types):
        raise FileTypeNotAccepted(name=upload.name, types=", ".join(limits.types))
    return found.type


def megabytes(size: int) -> str:
    return say_number(round(size / (1024 * 1024), 1), 1)
