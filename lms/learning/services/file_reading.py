"""Files that learners handed in, for graders who read them on the site. Made each time, in a child process."""

from __future__ import annotations

from typing import Protocol

from lms.content.documents.file_types import BY_CONTENT_TYPE
from lms.content.documents.shown import ShownDocument, shown
from lms.content.folder.archive import BadArchive
from lms.content.markdown.problems import say
from lms.core import isolated, storage
from lms.media import services as media

SECONDS = 20
MEGABYTES = 768


class HandedInFile(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def content_type(self) -> str: ...
    @property
    def key(self) -> str: ...


def text_of(file: HandedInFile) -> ShownDocument:
    """What a file with ``shown_as == "text"`` says. Slow.

    :raises BadArchive: it cannot be read; it says why, and what to do.
    :raises FileMissing: the storage does not have it.
    """
    kind = BY_CONTENT_TYPE[file.content_type].extension
    data = storage.read(file.key)
    try:
        return isolated.run(shown, kind, data, f"file-{file.id}-", seconds=SECONDS, megabytes=MEGABYTES)
    except (isolated.TookTooLong, isolated.BrokeDown) as error:
        raise BadArchive(
            say("the file takes too long to read, or too much memory"), say("download it to read it")
        ) from error


def picture_of(file: HandedInFile) -> bytes:
    """A JPEG that is light enough for a phone. Slow.

    :raises PictureRefused: it cannot be decoded.
    :raises FileMissing: the storage does not have it.
    """
    return media.for_phones(storage.read(file.key))
