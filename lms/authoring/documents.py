"""A document (DOCX, PPTX) as the files of a course: one module, or one for each heading of level 1.

Its reader (``word_file``, ``slide_file``) runs in a child process, because a hostile file can make it slow or hungry.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from lms.authoring.foreign_folder import Decision, NewCourse
from lms.authoring.starters import CourseFacts, course_file, slug_of
from lms.content.folder.archive import BROKEN, BadArchive, unpacked
from lms.content.folder.outline import COURSE_FILE
from lms.content.markdown.from_html import HtmlPicture, from_html
from lms.content.markdown.names import RESERVED_SLUGS, TakenNames
from lms.content.markdown.problems import say
from lms.content.markdown.yaml_text import yaml_text

MOST_UNPACKED = 100 * 1024 * 1024
MOST_XML = 30 * 1024 * 1024
MOST_MODULES = 99
CONTENT_TYPES = "[Content_Types].xml"
"""In every file of Office Open XML."""
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
_HEADING = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)
_NOTE = re.compile(r'<li id="(footnote-\d+|endnote-\d+)">.*?</li>', re.DOTALL)
_NOTES = re.compile(r'<ol>(?:<li id="(?:foot|end)note-\d+">.*?</li>)+</ol>\s*\Z', re.DOTALL)


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
        """None for a picture of a kind that browsers do not show."""
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
    unpacked(data, most_bytes=MOST_UNPACKED)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        if CONTENT_TYPES not in names:
            raise not_readable
        texts = [one for one in names if one.lower().endswith((".xml", ".rels"))]
        if sum(archive.getinfo(one).file_size for one in texts) > MOST_XML:
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


def course_of_document(name: str, found: DocumentHtml, *, is_split: bool) -> NewCourse:
    """``is_split``: each heading of level 1 begins a module."""
    parts = _parts(found.html) if is_split else _whole(found.html)
    title = name or "Kursus baru"
    slugs = TakenNames(RESERVED_SLUGS)
    files: dict[str, bytes] = {}
    used: set[str] = set()

    def target(one: HtmlPicture) -> str | None:
        if one.source not in found.pictures:
            return None
        used.add(one.source)
        return f"media/{one.source}"

    for number, (heading, markup) in enumerate(parts[:MOST_MODULES], 1):
        words = heading or title
        slug = slugs.take(slug_of(words, "materi"))
        body = from_html(markup, target)
        files[f"{number:02}-{slug}.md"] = f"---\ntitle: {yaml_text(words[:150])}\n---\n{body}".encode()
    files[COURSE_FILE] = course_file(CourseFacts(title[:150], title[:150]))
    files |= {f"media/{one}": data for one, data in found.pictures.items() if one in used}
    decisions = list(found.decisions)
    if len(parts) > MOST_MODULES:
        what = say("Only the first 99 modules were taken.")
        decisions.append(Decision(what, tuple(one for one, _ in parts[MOST_MODULES:][:6]), len(parts) - MOST_MODULES))
    return NewCourse(title, files, tuple(decisions))


def _whole(markup: str) -> list[tuple[str, str]]:
    """A heading of level 1 that stands first, and alone, is the title."""
    found = _HEADING.match(markup)
    if found and len(_HEADING.findall(markup)) == 1:
        return [(_plain(found[1]), markup[found.end() :])]
    return [("", markup)]


def _parts(markup: str) -> list[tuple[str, str]]:
    """The title and HTML of each, with the footnotes that it mentions."""
    notes = _NOTES.search(markup)
    texts = {one[1]: one[0] for one in _NOTE.finditer(notes[0])} if notes else {}
    text = markup[: notes.start()] if notes else markup
    first, *rest = _HEADING.split(text)
    pairs = list(zip(rest[::2], rest[1::2], strict=True))
    if re.sub(r"<[^>]*>", "", first).strip() or "<img" in first:
        pairs = [("", first), *pairs]
    pairs = [pair for pair in pairs if _plain(pair[0]) or pair[1].strip()]
    found = []
    for heading, body in pairs or [("", text)]:
        named = [one for one in texts if f'href="#{one}"' in body + heading]
        own = f"<ol>{''.join(texts[one] for one in named)}</ol>" if named else ""
        found.append((_plain(heading), body + own))
    return found


def _plain(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", markup)).split())
