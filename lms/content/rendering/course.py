"""Rendering a course to HTML. This happens once, when a revision is made; pages serve the result."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

from lms.content.course import CourseContent, Section
from lms.content.items.base import Item
from lms.content.questions.base import Question
from lms.content.rendering import markdown_html
from lms.content.rendering.captions import captions_of
from lms.content.rendering.check_yourself import check_yourself
from lms.content.rendering.markdown_html import LinkTarget, RenderedMarkdown, TextTooComplex
from lms.content.rendering.media import CLIPS, DOCUMENTS, Medium, extension
from lms.content.text import FootnoteCount, Text


@dataclass(frozen=True)
class FileRenderer:
    """Renders the texts of one file, from which relative links are resolved."""

    resolve: Callable[[str], LinkTarget | None]
    language: str

    def passage(
        self,
        text: Text,
        prefix: str = "",
        taken: dict[str, int] | None = None,
        footnotes: FootnoteCount | None = None,
    ) -> Text:
        done = self._rendered(text, prefix, taken, footnotes)
        return replace(text, html=done.html, lost=done.lost)

    def phrase(self, text: Text, prefix: str = "", footnotes: FootnoteCount | None = None) -> Text:
        done = self._rendered(text, prefix, None, footnotes)
        return replace(text, html=markdown_html.without_paragraph(done.html), lost=done.lost)

    def _rendered(
        self, text: Text, prefix: str, taken: dict[str, int] | None, footnotes: FootnoteCount | None
    ) -> RenderedMarkdown:
        return markdown_html.render(
            text.source,
            resolve=self.resolve,
            prefix=prefix,
            taken=taken,
            footnotes=footnotes,
            language=self.language,
        )

    def check_yourself(self, question: Question) -> str:
        return check_yourself(question, self.language)


Within = Callable[[str], AbstractContextManager[None]]


def _without_limit(_path: str) -> AbstractContextManager[None]:
    return nullcontext()


def render_course(
    course: CourseContent,
    media: Mapping[str, Medium],
    within: Within = _without_limit,
    wanted: Collection[str] | None = None,
) -> CourseContent:
    """The course with all texts as HTML and without empty sections.

    :param within: each item is rendered within it, such as a limit of time; it gets the path of the file.
    :param wanted: the paths of the items to render; the others stay as they are. None for all.
    :raises lms.content.rendering.markdown_html.TextTooComplex: a text is nested beyond reason; the error begins with
        the path of its file.
    """
    slugs = {item.path: item.slug for item in course.items}

    def renderer(path: str) -> FileRenderer:
        return _renderer(course.slug, path, slugs, media, course.language)

    def section(one: Section) -> Section:
        folder = posixpath.dirname(one.items[0].path)
        intro = renderer(posixpath.join(folder, "index.md")).passage(one.intro) if one.intro else None
        return replace(one, intro=intro, items=tuple(map(rendered, one.items)))

    def rendered(item: Item) -> Item:
        if wanted is not None and item.path not in wanted:
            return item
        try:
            with within(item.path):
                return item.rendered(renderer(item.path))
        except TextTooComplex as error:
            raise TextTooComplex(f"{item.path}: {error}") from None

    return replace(
        course,
        description=renderer("course.md").passage(course.description),
        sections=tuple(section(one) for one in course.sections if one.items),
    )


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
