"""Rendering a course to HTML. This happens once, when a revision is made; pages serve the result."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from lms.content.course import CourseContent, Section
from lms.content.items.base import Item
from lms.content.questions.base import Question
from lms.content.rendering import markdown_html
from lms.content.rendering.captions import captions_of
from lms.content.rendering.check_yourself import check_yourself
from lms.content.rendering.markdown_html import LinkTarget, RenderedMarkdown, TextTooComplex
from lms.content.rendering.media import CLIPS, DOCUMENTS, Medium, extension
from lms.content.rendering.rendered_texts import RecordingRenderer, RenderedText
from lms.content.text import PageTexts, Text


@dataclass(frozen=True)
class FileRenderer:
    """Renders the texts of one file, from which relative links are resolved."""

    resolve: Callable[[str], LinkTarget | None]
    language: str

    def passage(self, text: Text, prefix: str = "", page: PageTexts | None = None) -> Text:
        done = self._rendered(text, prefix, page, shares_anchors=page is not None)
        return replace(text, html=done.html, lost=done.lost)

    def phrase(self, text: Text, prefix: str = "", page: PageTexts | None = None) -> Text:
        done = self._rendered(text, prefix, page, shares_anchors=False)
        return replace(text, html=markdown_html.without_paragraph(done.html), lost=done.lost)

    def _rendered(self, text: Text, prefix: str, page: PageTexts | None, *, shares_anchors: bool) -> RenderedMarkdown:
        return markdown_html.render(
            text.source,
            resolve=self.resolve,
            prefix=prefix,
            page=page,
            shares_anchors=shares_anchors,
            language=self.language,
        )

    def check_yourself(self, question: Question) -> str:
        return check_yourself(question, self.language)


Within = Callable[[str], AbstractContextManager[None]]


def render_course(course: CourseContent, media: Mapping[str, Medium]) -> CourseContent:
    """The course with all texts as HTML and without empty sections.

    :raises lms.content.rendering.markdown_html.TextTooComplex: a text is nested beyond reason.
    """
    made = render_frame(course, media)
    slugs = slugs_of(course)
    items = {item.path: render_item(item, course.slug, slugs, media, course.language) for item in course.items}
    return with_items(made, items)


def render_frame(course: CourseContent, media: Mapping[str, Medium]) -> CourseContent:
    """The description and the sections' introductions as HTML, without empty sections; the items as they are."""
    slugs = slugs_of(course)

    def passage(path: str, text: Text) -> Text:
        return _renderer(course.slug, path, slugs, media, course.language).passage(text)

    def section(one: Section) -> Section:
        index = posixpath.join(posixpath.dirname(one.items[0].path), "index.md")
        return replace(one, intro=passage(index, one.intro) if one.intro else None)

    return replace(
        course,
        description=passage("course.md", course.description),
        sections=tuple(section(one) for one in course.sections if one.items),
    )


def with_items(course: CourseContent, items: Mapping[str, Item]) -> CourseContent:
    """``items`` by path."""
    sections = (replace(one, items=tuple(items[item.path] for item in one.items)) for one in course.sections)
    return replace(course, sections=tuple(sections))


def slugs_of(course: CourseContent) -> dict[str, str]:
    return {item.path: item.slug for item in course.items}


def render_texts(
    items: Sequence[Item],
    course_slug: str,
    slugs: Mapping[str, str],
    media: Mapping[str, Medium],
    language: str,
    within: Within,
) -> list[list[RenderedText]]:
    """The rendered texts of each item, to be recorded for ``restored_item``.

    :param within: each item is rendered within it, such as a limit of time; it gets the path of the file.
    :raises lms.content.rendering.markdown_html.TextTooComplex: a text is nested beyond reason; the error begins with
        the path of its file.
    """
    found = []
    for item in items:
        recorder = RecordingRenderer(_renderer(course_slug, item.path, slugs, media, language))
        try:
            with within(item.path):
                item.rendered(recorder)
        except TextTooComplex as error:
            raise TextTooComplex(f"{item.path}: {error}") from None
        found.append(recorder.texts)
    return found


def render_item(
    item: Item, course_slug: str, slugs: Mapping[str, str], media: Mapping[str, Medium], language: str
) -> Item:
    """One item alone, for the preview of a draft; ``slugs`` are those of the course's items by path.

    :raises lms.content.rendering.markdown_html.TextTooComplex: a text is nested beyond reason.
    """
    return item.rendered(_renderer(course_slug, item.path, slugs, media, language))


def _renderer(
    course_slug: str, path: str, slugs: Mapping[str, str], media: Mapping[str, Medium], language: str
) -> FileRenderer:
    return FileRenderer(lambda link: _target(course_slug, path, link, slugs, media), language)


def _target(
    course_slug: str, path: str, link: str, slugs: Mapping[str, str], media: Mapping[str, Medium]
) -> LinkTarget | None:
    """The address on the site for a relative link in the file ``path``, or None."""
    name, _, anchor = link.partition("#")
    full = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
    if full in slugs:
        return LinkTarget(f"/courses/{course_slug}/{slugs[full]}" + (f"#{anchor}" if anchor else ""))
    if full in media:
        return _medium(media[full], media)
    return None


def _medium(found: Medium, media: Mapping[str, Medium]) -> LinkTarget:
    kind = extension(found.path)
    element = CLIPS.get(kind, "")
    return LinkTarget(
        found.url,
        found.width,
        found.height,
        versions_at=found.versions_at,
        versions=found.versions,
        clip=found.clip,
        element=element,
        captions=tuple((language, media[path].url) for language, path in captions_of(found.path, media) if element),
        document=kind.upper() if kind in DOCUMENTS else "",
        bytes=found.bytes,
    )
