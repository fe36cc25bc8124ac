"""``course.md`` and the sections' ``index.md``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lms.content.course import CourseContent, Section
from lms.content.folder.outline import SectionFolder
from lms.content.markdown.blocks import Passage
from lms.content.markdown.document import open_document
from lms.content.markdown.fields import Fields
from lms.content.markdown.frontmatter import body_of, read_front_matter
from lms.content.markdown.links import Targets, check_links
from lms.content.markdown.problems import Findings
from lms.content.markdown.values import text_line
from lms.content.settings import read_settings
from lms.content.text import Text


@dataclass(frozen=True)
class ParsedCourseFile:
    """``course.md``: the values for ``CourseContent``, and the keys for checks across files."""

    findings: Findings
    fields: Fields
    values: dict[str, Any]


def read_course_file(raw: bytes, targets: Targets, findings: Findings) -> ParsedCourseFile | None:
    """The course file, or None if its front matter cannot be read."""
    opened = _open(raw, findings, targets)
    if not opened:
        return None
    fields, body = opened
    values = {**read_settings(CourseContent, fields), "description": body.text()}
    fields.finish()
    return ParsedCourseFile(findings, fields, values)


def read_section(folder: SectionFolder, files: Mapping[str, bytes], targets: Targets, findings: Findings) -> Section:
    """The section with title and introduction, without items."""
    title = folder.slug.replace("-", " ").capitalize()
    intro: Text | None = None
    opened = _open(files[folder.index], findings, targets) if folder.index else None
    if opened:
        fields, body = opened
        title = fields.require("title", text_line(), title)
        intro = body.text() if body.text().source else None
        fields.finish()
    return Section(folder.slug, title, intro)


def _open(raw: bytes, findings: Findings, targets: Targets) -> tuple[Fields, Passage] | None:
    document = open_document(raw, findings)
    front = read_front_matter(document, findings) if document else None
    if not document or not front:
        return None
    body = body_of(document, front)
    check_links(body, findings, targets)
    return Fields(front.values, findings), body
