"""How large the files of a draft are, as they were given and as a phone gets them."""

from __future__ import annotations

from lms.authoring import queries
from lms.authoring.services import Source, SourceFile
from lms.content.rendering.media import is_picture
from lms.core import storage
from lms.media.queries import pictures


def sizes(draft: Source) -> dict[str, int]:
    """The sizes in bytes of files that are no texts, by path. The storage is asked for files that no revision has."""
    shown = [file for file in draft.files.values() if not file.is_text]
    known = queries.file_sizes({file.sha256 for file in shown})
    return {file.path: known.get(file.sha256) or _stored_size(file) for file in shown}


def sizes_on_a_phone(draft: Source) -> dict[str, int]:
    """As ``sizes``, but for pictures the size of the version that a phone loads."""
    known = pictures({file.sha256 for path, file in draft.files.items() if is_picture(path)})
    lights = {sha256: one.lightest for sha256, one in known.items()}
    return {path: lights.get(draft.files[path].sha256) or size for path, size in sizes(draft).items()}


def _stored_size(file: SourceFile) -> int:
    try:
        return storage.size(file.key) if file.key else 0
    except storage.FileMissing:
        return 0
