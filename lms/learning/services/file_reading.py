"""Files that learners handed in, for graders who read them on the site. Made each time, in a child process."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from lms.content.documents.file_types import BY_CONTENT_TYPE
from lms.content.documents.shown import ShownDocument, shown
from lms.content.folder.archive import BadArchive
from lms.content.markdown.problems import say
from lms.core import isolated, storage
from lms.media import services as media
from lms.media.encoding import PictureRefused

SECONDS = 20
MEGABYTES = 768


class ReadableFile(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def content_type(self) -> str: ...
    @property
    def key(self) -> str: ...


class FileText(NamedTuple):
    """``document`` is None for a file that cannot be read; ``refusal`` then says why, and what to do."""

    document: ShownDocument | None
    refusal: BadArchive | None = None


def text_of(file: ReadableFile) -> FileText | None:
    """What a file with ``shown_as == "text"`` says; None if the storage does not have it. Slow."""
    kind = BY_CONTENT_TYPE[file.content_type].extension
    try:
        data = storage.read(file.key)
        return FileText(isolated.run(shown, kind, data, f"file-{file.id}-", seconds=SECONDS, megabytes=MEGABYTES))
    except storage.FileMissing:
        return None
    except (isolated.TookTooLong, isolated.BrokeDown):
        what = say("the file takes too long to read, or too much memory")
        return FileText(None, BadArchive(what, say("download it to read it")))
    except BadArchive as refusal:
        return FileText(None, refusal)


def picture_of(file: ReadableFile) -> bytes | None:
    """A JPEG that is light enough for a phone; None if it cannot be decoded, or the storage does not have it. Slow."""
    try:
        return media.for_phones(storage.read(file.key))
    except (PictureRefused, storage.FileMissing):
        return None
