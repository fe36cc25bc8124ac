"""Checking a draft while it is written, and showing one item of it as learners will see it."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import unquote

from lms.authoring import queries
from lms.authoring.front_matter import NotEditable, values_of
from lms.authoring.services import Source, SourceFile
from lms.content.checks.whole import check_item_shown, check_sources
from lms.content.folder.cover import ParsedCourseFile
from lms.content.folder.folder import Folder, read_folder
from lms.content.folder.item_file import ItemFile
from lms.content.folder.whole import check_whole
from lms.content.items.base import Item
from lms.content.markdown.problems import Problem
from lms.content.rendering.course import render_item
from lms.content.rendering.markdown_html import TextTooComplex
from lms.content.rendering.media import Medium, PictureVersions, content_type, is_picture, medium
from lms.core import isolated, storage
from lms.courses import queries as courses
from lms.courses.models import Course
from lms.enrolment.queries.cohorts import CohortSummary
from lms.media import queries as pictures_of

PREVIEW_SECONDS = 10


@dataclass(frozen=True)
class CheckedDraft:
    """A draft as far as it can be read, faults or not."""

    folder: Folder
    problems: tuple[Problem, ...]
    readable: frozenset[str]
    """Paths of items that have no fault of their own."""

    @property
    def title(self) -> str:
        """The course's title; empty while ``course.md`` has none that can be read."""
        return title_of(self.folder.course_file)

    def item_file(self, path: str) -> ItemFile | None:
        return next((one for one in self.folder.item_files if one.path == path), None)

    def item(self, path: str) -> Item | None:
        """The item in a file, as far as it can be read."""
        found = self.item_file(path)
        return found.item if found else None

    def title_of(self, path: str) -> str:
        """The title of the item in a file, or the path as long as it has none."""
        item = self.item(path)
        return item.title if item and item.title else path

    def problems_of(self, path: str) -> list[Problem]:
        return sorted((one for one in self.problems if one.path == path), key=lambda one: (one.line, one.column))


class NoPreview(Exception):
    """The item takes too long to render, or too much memory."""


def title_in(raw: bytes) -> str:
    """The title in a file's front matter; empty if it has none that can be read."""
    try:
        title = values_of(raw).get("title")
    except NotEditable:
        return ""
    return title if isinstance(title, str) else ""


def titles_being_written(course_ids: Collection[int]) -> dict[int, str]:
    """The titles of drafts by course, as far as they can be read."""
    if not course_ids:
        return {}
    return {key: title_in(raw) for key, raw in queries.course_files_being_written(course_ids).items()}


def title_of_course(course: Course) -> str:
    """Of the published revision or, before there is one, of the draft; the slug, where neither can be read."""
    return course.revision.title if course.revision else titles_being_written([course.id]).get(course.id) or course.slug


def title_of_summary(summary: CohortSummary) -> str:
    """The title of a cohort's course, which the summary has unless the course is not published."""
    return summary.title or title_of_course(summary.cohort.course)


def title_of(course_file: ParsedCourseFile | None) -> str:
    return str(course_file.values["title"]) if course_file else ""


def check_draft(slug: str, texts: Mapping[str, bytes]) -> CheckedDraft:
    folder = read_folder(texts)
    readable = frozenset(one.path for one in folder.item_files if one.item and not one.findings.has_errors)
    check_whole(slug, folder.course_file, folder.item_files, courses.prerequisites_of_courses())
    items = [one.item for one in folder.item_files if one.item and one.path in readable]
    suggestions = check_sources(items, texts, language_of(folder.course_file))
    return CheckedDraft(folder, (*folder.problems, *suggestions), readable)


def language_of(course_file: ParsedCourseFile | None) -> str:
    return str(course_file.values.get("language", "id")) if course_file else "id"


def rendering_problems(slug: str, draft: Source, item: Item) -> list[Problem]:
    """What learners see differently from what is written, in an item that was rendered for its preview.

    Links to headings of other items are not looked up: that takes all of them rendered, as before publishing.
    """
    return check_item_shown(item, slug, draft.texts)


def preview(slug: str, draft: Source, checked: CheckedDraft, path: str) -> Item | None:
    """The item in this file, rendered in a process of its own; None if it has a fault or the file is no item.

    :raises NoPreview: it cannot be rendered.
    """
    found = checked.item_file(path)
    if found is None or found.item is None or path not in checked.readable:
        return None
    language = language_of(checked.folder.course_file)
    slugs = {one.path: one.slug for one in checked.folder.outline.items}
    media = media_named_in(draft, path, media_base(slug))
    try:
        return isolated.run(render_item, found.item, slug, slugs, media, language, seconds=PREVIEW_SECONDS)
    except (TextTooComplex, isolated.TookTooLong, isolated.BrokeDown) as error:
        raise NoPreview from error


def media_base(slug: str) -> str:
    """What the addresses of a draft's files begin with: only those who edit the course may see them."""
    return f"/teach/courses/{slug}/draft"


def media_named_in(draft: Source, path: str, base: str) -> dict[str, Medium]:
    """Only the media whose name occurs in the text are read from the storage; captions are named as their video is."""
    text = unquote(draft.files[path].data.decode(errors="replace"))
    named = [
        one
        for one in draft.files.values()
        if content_type(one.path) is not None and one.key and _name_to_look_for(one.path) in text
    ]
    pictures = pictures_of.pictures({one.sha256 for one in named if is_picture(one.path)})
    return {one.path: _medium(one, pictures, base) for one in named}


def _name_to_look_for(path: str) -> str:
    name = posixpath.basename(path)
    return name.split(".")[0] if name.lower().endswith(".vtt") else name


def _medium(file: SourceFile, pictures: Mapping[str, PictureVersions], base: str) -> Medium:
    if file.sha256 in pictures:
        return medium(file.path, b"", file.sha256, pictures, base)
    assert file.key is not None  # only such files are media
    return replace(_read_medium(file.path, file.sha256, file.key), base=base)


@lru_cache(maxsize=500)
def _read_medium(path: str, sha256: str, key: str) -> Medium:
    """Its size and length, cached: a video of 50 MB is not read again for every preview of the text."""
    return medium(path, storage.read(key), sha256)
