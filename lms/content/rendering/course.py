"""Rendering a course to HTML. This happens once, when a revision is made; pages serve the result."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from lms.content.course import CourseContent, Section
from lms.content.questions.base import Question
from lms.content.rendering import markdown_html
from lms.content.rendering.check_yourself import check_yourself
from lms.content.rendering.markdown_html import LinkTarget
from lms.content.rendering.media import Medium
from lms.content.text import Text


@dataclass(frozen=True)
class FileRenderer:
    """Renders the texts of one file, from which relative links are resolved."""

    resolve: Callable[[str], LinkTarget | None]
    language: str

    def passage(self, text: Text, prefix: str = "") -> Text:
        done = markdown_html.render(text.source, resolve=self.resolve, prefix=prefix)
        return replace(text, html=done.html, words=done.words)

    def phrase(self, text: Text, prefix: str = "") -> Text:
        return replace(text, html=markdown_html.render_short(text.source, resolve=self.resolve, prefix=prefix))

    def check_yourself(self, question: Question) -> str:
        return check_yourself(question, self.language)


def render_course(course: CourseContent, media: Mapping[str, Medium]) -> CourseContent:
    """The course with all texts as HTML and without empty sections.

    :raises lms.content.rendering.markdown_html.TextTooComplex: a text is nested beyond reason.
    """
    slugs = {item.path: item.slug for item in course.items}

    def renderer(path: str) -> FileRenderer:
        return FileRenderer(lambda link: _target(course.slug, path, link, slugs, media), course.language)

    def section(one: Section) -> Section:
        folder = posixpath.dirname(one.items[0].path)
        intro = renderer(posixpath.join(folder, "index.md")).passage(one.intro) if one.intro else None
        return replace(one, intro=intro, items=tuple(item.rendered(renderer(item.path)) for item in one.items))

    return replace(
        course,
        description=renderer("course.md").passage(course.description),
        sections=tuple(section(one) for one in course.sections if one.items),
    )


def _target(
    course_slug: str, path: str, link: str, slugs: Mapping[str, str], media: Mapping[str, Medium]
) -> LinkTarget | None:
    """The address on the site for a relative link in the file ``path``, or None."""
    name, _, anchor = link.partition("#")
    full = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
    if full in slugs:
        return LinkTarget(f"/courses/{course_slug}/{slugs[full]}" + (f"#{anchor}" if anchor else ""))
    if full in media:
        found = media[full]
        return LinkTarget(found.url, found.width, found.height)
    return None
