"""What a document of an office program says, and the check before it is read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from lms.content.folder.archive import BadArchive, unpack
from lms.content.markdown.problems import Decision, say
from lms.lib.damaged_zip import BROKEN

MAX_UNPACKED = 100 * 1024 * 1024
MAX_XML = 30 * 1024 * 1024
CONTENT_TYPES = "[Content_Types].xml"
"""In every file of Office Open XML."""
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}


@dataclass(frozen=True)
class DocumentHtml:
    """``pictures`` by the name that the HTML has for them."""

    html: str
    pictures: Mapping[str, bytes]
    decisions: tuple[Decision, ...] = ()
    """What the reader left out."""


class DocumentPictures:
    """Pictures of a document by the names that its HTML has for them; the same one is kept once."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self._left_out: list[str] = []

    def name_of(self, content_type: str | None, content: bytes) -> str | None:
        """Keep a picture and return its name; None for a kind that browsers do not show."""
        ending = ENDINGS.get(content_type or "")
        if ending is None:
            self.leave_out(content_type)
            return None
        name = next((one for one, known in self.kept.items() if known == content), None)
        name = name or f"gambar-{len(self.kept) + 1}.{ending}"
        self.kept[name] = content
        return name

    def leave_out(self, content_type: str | None) -> None:
        self._left_out.append(content_type or "?")

    @property
    def decisions(self) -> tuple[Decision, ...]:
        if not self._left_out:
            return ()
        what = say("Pictures of kinds that browsers do not show were left out: put them in as PNG.")
        return (Decision(what, tuple(dict.fromkeys(self._left_out)), len(self._left_out)),)


def refuse_unsafe(data: bytes, not_readable: BadArchive) -> None:
    """Refuse what no office program writes: a broken or huge ZIP, or XML with definitions.

    :raises BadArchive: ``not_readable`` if the file is of another kind.
    """
    unpack(data, most_bytes=MAX_UNPACKED)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        if CONTENT_TYPES not in names:
            raise not_readable
        texts = [one for one in names if one.lower().endswith((".xml", ".rels"))]
        if sum(archive.getinfo(one).file_size for one in texts) > MAX_XML:
            raise BadArchive(say("the document is too long"), say("divide it into several documents"))
        for name in texts:
            try:
                head = archive.read(name)
            except BROKEN as error:
                raise not_readable from error
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head or b"<\x00!\x00" in head:
                raise BadArchive(
                    say("the document has definitions that no office program writes"),
                    say("open it in an office program and save it again"),
                )
