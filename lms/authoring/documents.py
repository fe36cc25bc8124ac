"""A document (DOCX, PPTX) as the files of a course: one module, or one for each heading of level 1."""

from __future__ import annotations

import html
import re

from lms.authoring.foreign_folder import NewCourse
from lms.authoring.starters import CourseFacts, course_file, slug_of
from lms.content.documents.office_html import DocumentHtml
from lms.content.folder.outline import COURSE_FILE
from lms.content.markdown.from_html import HtmlPicture, from_html
from lms.content.markdown.names import RESERVED_SLUGS, TakenNames
from lms.content.markdown.problems import Decision, say
from lms.content.markdown.yaml_text import yaml_text

MAX_MODULES = 99
_HEADING = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)
_NOTE = re.compile(r'<li id="(footnote-\d+|endnote-\d+)">.*?</li>', re.DOTALL)
_NOTES = re.compile(r'<ol>(?:<li id="(?:foot|end)note-\d+">.*?</li>)+</ol>\s*\Z', re.DOTALL)


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

    for number, (heading, markup) in enumerate(parts[:MAX_MODULES], 1):
        words = heading or title
        slug = slugs.take(slug_of(words, "materi"))
        body = from_html(markup, target)
        files[f"{number:02}-{slug}.md"] = f"---\ntitle: {yaml_text(words[:150])}\n---\n{body}".encode()
    files[COURSE_FILE] = course_file(CourseFacts(title[:150], title[:150]))
    files |= {f"media/{one}": data for one, data in found.pictures.items() if one in used}
    decisions = list(found.decisions)
    if len(parts) > MAX_MODULES:
        what = say("Only the first 99 modules were taken.")
        decisions.append(Decision(what, tuple(one for one, _ in parts[MAX_MODULES:][:6]), len(parts) - MAX_MODULES))
    return NewCourse(title, files, tuple(decisions))


def _whole(markup: str) -> list[tuple[str, str]]:
    """One module. A heading of level 1 is its title if it comes first and is the only one."""
    found = _HEADING.match(markup)
    if found and len(_HEADING.findall(markup)) == 1:
        return [(_plain(found[1]), markup[found.end() :])]
    return [("", markup)]


def _parts(markup: str) -> list[tuple[str, str]]:
    """The title and the HTML of each module, with the footnotes that it refers to."""
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
