"""``course.md`` and the sections' ``index.md``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from lms.content.markdown.blocks import Passage
from lms.content.markdown.document import open_document
from lms.content.markdown.fields import Fields
from lms.content.markdown.frontmatter import YamlText, read_front_matter
from lms.content.markdown.item import MOST_JP, body_of
from lms.content.markdown.links import Targets, check_links
from lms.content.markdown.model import Competency, Completion, Section, Text
from lms.content.markdown.names import shorten
from lms.content.markdown.outline import Chapter
from lms.content.markdown.problems import Findings, say
from lms.content.markdown.values import Unreadable, boolean, language, line, name, one_of, percent, whole, whole_percent


@dataclass(frozen=True)
class Cover:
    """``course.md``: the values for ``Course``, and its keys for later checks."""

    findings: Findings
    fields: Fields
    values: dict[str, Any]


def read_cover(raw: bytes, targets: Targets, findings: Findings) -> Cover | None:
    """What the course is; None where its front matter cannot be read."""
    opened = _open(raw, findings, targets)
    if not opened:
        return None
    fields, body = opened
    values = {
        "title": fields.require("title", line(), ""),
        "summary": fields.require("summary", line(300), ""),
        "code": fields.get("code", line(40), None),
        "category": fields.get("category", name, None),
        "competency": fields.get("competency", one_of(get_args(Competency)), None),
        "language": fields.get("language", language, "id"),
        "jp": fields.get("jp", whole(0, MOST_JP), 0),
        "prerequisites": fields.several("prerequisites", name),
        "completion": _completion(fields),
        "certificate": fields.get("certificate", boolean, True),
        "description": body.text(),
    }
    fields.finish()
    return Cover(findings, fields, values)


def _completion(fields: Fields) -> Completion:
    inner = fields.inner("completion")
    if not inner:
        return Completion()
    completion = Completion(
        items=inner.get("items", _items_to_complete, "all"),
        score=inner.get("score", percent, None),
        attendance=inner.get("attendance", whole_percent, None),
    )
    inner.finish()
    return completion


def _items_to_complete(value: YamlText) -> Any:
    if value.text in ("all", "required"):
        return value.text
    if not value.text.endswith("%"):
        raise Unreadable(
            say("“%(text)s” does not say which items are to be completed", text=shorten(value.text)),
            say("write all, required, or a percentage such as 80%%"),
        )
    return whole_percent(value)


def read_section(chapter: Chapter, files: Mapping[str, bytes], targets: Targets, findings: Findings) -> Section:
    """The section's title and introduction, still without its items."""
    title = chapter.slug.replace("-", " ").capitalize()
    intro: Text | None = None
    opened = _open(files[chapter.index], findings, targets) if chapter.index else None
    if opened:
        fields, body = opened
        title = fields.require("title", line(), title)
        intro = body.text() if body.text().source else None
        fields.finish()
    return Section(chapter.slug, title, intro, ())


def _open(raw: bytes, findings: Findings, targets: Targets) -> tuple[Fields, Passage] | None:
    document = open_document(raw, findings)
    front = read_front_matter(document, findings) if document else None
    if not document or not front:
        return None
    body = body_of(document, front)
    check_links(body, findings, targets)
    return Fields(front.values, findings), body
