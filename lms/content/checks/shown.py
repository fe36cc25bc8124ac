"""What learners see differently from what its author wrote, read off the rendered pages themselves."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any
from urllib.parse import unquote

from lms.content.checks.leftovers import Leftover, read_html_facts
from lms.content.checks.questions import Suggestion
from lms.content.course import CourseContent
from lms.content.items.base import Item
from lms.content.markdown.names import shorten
from lms.content.markdown.problems import Message, say
from lms.content.text import Loss, Text

CHECK = '<div class="check"'
"""How a question to check oneself begins in a module's HTML; its texts are looked at one by one."""

_RULES = {"tag": "shown-tag", "include": "include", "refused": "dead-link"}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass
class SourceLines:
    """A file's lines, to find in them what a page shows. ``paths`` are those of all files of the course."""

    path: str
    text: str
    paths: Collection[str] = ()
    _from: dict[tuple[int, str], int] = field(default_factory=dict)

    def line(self, piece: str, first: int) -> int:
        """The line of the next occurrence of ``piece`` at or below ``first``, or ``first`` itself."""
        start = self._from.get((first, piece), self._start(first))
        found = self.text.find(piece, start)
        if found < 0 and (found := self.text.find(piece)) < 0:
            return max(1, first)
        self._from[first, piece] = found + len(piece)
        return self.text.count("\n", 0, found) + 1

    def _start(self, line: int) -> int:
        at = 0
        for _ in range(line - 1):
            at = self.text.find("\n", at) + 1
        return at


def source_of(path: str, raw: bytes, paths: Collection[str]) -> SourceLines:
    return SourceLines(path, re.sub(r"\r\n?", "\n", raw.decode("utf-8-sig", errors="replace")), paths)


def texts_of(value: Any) -> Iterator[Text]:
    """Every rendered text of an item or question, at any depth."""
    if isinstance(value, Text):
        if value.html and not value.html.startswith(CHECK):
            yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from texts_of(one)
    elif is_dataclass(value):
        for one in fields(value):
            yield from texts_of(getattr(value, one.name))


class Pages:
    """The ids of the items' first pages. Few links lead to one, so a page is looked at only when one does."""

    def __init__(self, items: Iterable[Item], *, are_all: bool = True) -> None:
        """:param are_all: these are the items of the whole course."""
        self.are_all = are_all
        self._html = {item.slug: item.body_html for item in items}
        self._ids: dict[str, frozenset[str]] = {}

    def ids(self, slug: str) -> frozenset[str]:
        """The ids of an item's page; empty if there is no such item."""
        if slug not in self._ids:
            self._ids[slug] = read_html_facts(self._html.get(slug, "")).ids
        return self._ids[slug]


def of_item(item: Item, source: SourceLines, course_slug: str, pages: Pages) -> Iterator[Suggestion]:
    """``item`` is rendered and one of ``pages``. Links to headings of other items are looked up if these are all."""
    for text in texts_of(item):
        yield from _of_text(text, source, item.slug, course_slug, pages)


def of_course(
    course: CourseContent, sources: Mapping[str, SourceLines], pages: Pages
) -> Iterator[tuple[str, Suggestion]]:
    """Suggestions for the description and the sections' introductions, with the path of the file."""
    found = [("course.md", course.description)]
    found += [
        (posixpath.join(posixpath.dirname(one.items[0].path), "index.md"), one.intro)
        for one in course.sections
        if one.intro
    ]
    for path, text in found:
        if path in sources:
            for suggestion in _of_text(text, sources[path], "", course.slug, pages):
                yield path, suggestion


def _of_text(text: Text, source: SourceLines, slug: str, course_slug: str, pages: Pages) -> Iterator[Suggestion]:
    """``slug``: of the item on whose page the text stands; empty for a page without headings of its own."""
    seen = read_html_facts(text.html or "")
    for leftover in seen.leftovers:
        rule = _RULES.get(leftover.kind, "shown-markup")
        yield Suggestion(rule, source.line(_first_words(leftover.text), text.line), *_told(leftover))
    for address in seen.addresses:
        if told := _dead(address, slug, seen.ids, course_slug, pages):
            name = unquote(address.partition("#")[2])
            yield Suggestion("dead-link", source.line(f"#{name}", text.line), *told)
    for loss in text.lost:
        if found := _of_loss(loss, source):
            yield Suggestion(found[0], source.line(_as_written(loss), text.line), found[1], found[2])


def _first_words(text: str) -> str:
    return text.split("\n")[0][:40].split("\u200b")[0]


def _as_written(loss: Loss) -> str:
    return f"<{loss.what}" if loss.kind == "tag" else loss.what


def _told(leftover: Leftover) -> tuple[Message, Message]:
    seen = shorten(leftover.text.replace("\u200b", ""))
    what = say("learners read “%(text)s” here", text=seen)
    match leftover.kind:
        case "tag":
            return what, say(
                "pages do not take this tag: write it in Markdown, take it out, or put it in `…` if it is meant"
            )
        case "include":
            return what, say("shared texts cannot be included here: copy the text into this file")
        case "template":
            return what, say("the site does not read templates: write out what it stands for")
        case "fence":
            return what, say("write a box as !!! note “Title” with its text indented by four spaces")
        case "attributes":
            return what, say("take it out; a description of a picture goes between the brackets: ![description](…)")
        case "spaces":
            return what, say("put an address with spaces in angle brackets: (<…>), or rename the file")
        case "refused":
            return what, say("write the whole web address, or the path of a file from this one")
        case "undefined":
            return what, say("it is defined nowhere: add a line that begins with it and a colon, or take it out")
        case "stars":
            return what, say("leave no space between ** and the words that are to be bold")
        case "pipes":
            return what, say("leave a blank line above the table, and give each row the same number of cells")
        case _:
            return what, say("this emoji is not known here: put the emoji itself in its place")


def _dead(
    address: str, own: str, ids: frozenset[str], course_slug: str, pages: Pages
) -> tuple[Message, Message] | None:
    page, _, name = address.partition("#")
    if not page and address.startswith("#"):
        if {unquote(name), name} & ids or {unquote(name), name} & pages.ids(own):
            return None
        return (
            say("“#%(name)s” is no heading of this page", name=shorten(name)),
            say(
                "write the heading in lower case, with hyphens for spaces; or name it: ## Heading {#%(name)s}",
                name=shorten(name),
            ),
        )
    slug = page.removeprefix(f"/courses/{course_slug}/")
    if slug == page or not name or not pages.are_all or name in pages.ids(slug):
        return None
    return (
        say("“#%(name)s” is no heading of the text that this leads to", name=shorten(name)),
        say("write the heading in lower case, with hyphens for spaces; or take the part from # on out of the link"),
    )


def _of_loss(loss: Loss, source: SourceLines) -> tuple[str, Message, Message] | None:
    """The rule, what is left out, and what to do; None where a check of the source says it better."""
    if loss.kind == "tag":
        return (
            "shown-tag",
            say("the tag <%(tag)s> is left out: it does not begin and end in the same place", tag=loss.what),
            say("leave no blank line within the table, or write it in Markdown: | … | … |"),
        )
    path = posixpath.normpath(posixpath.join(posixpath.dirname(source.path), unquote(re.split("[?#]", loss.what)[0])))
    is_relative = bool(loss.what) and not loss.what.startswith("/") and not _SCHEME.match(loss.what)
    if loss.kind == "link":
        texts = _of_lost_link(loss, source, path if is_relative else None)
        return ("dead-link", *texts) if texts else None
    texts = _of_lost_picture(loss, source, path if is_relative else None)
    return ("missing-picture", *texts) if texts else None


def _of_lost_link(loss: Loss, source: SourceLines, path: str | None) -> tuple[Message, Message] | None:
    shown = shorten(loss.what)
    if path is None:
        return (
            say("“%(target)s” is not linked: pages link to https://, mailto: and files of the course", target=shown),
            say("write the whole web address, or the path of a file from this one"),
        )
    if path in source.paths or any(one.startswith(f"{path}/") for one in source.paths):
        return (
            say("“%(target)s” has no page of its own", target=shown),
            say("link to an item, or to a file in media/"),
        )
    return None


def _of_lost_picture(loss: Loss, source: SourceLines, path: str | None) -> tuple[Message, Message] | None:
    shown = shorten(loss.what)
    if path is None:
        return (
            say("the picture “%(target)s” is not shown: pages show pictures of the course only", target=shown),
            say("save it into media/ and write its path, with its source in the text"),
        )
    if path in source.paths:
        return (
            say("the picture “%(target)s” is not shown: pages do not show this kind of file", target=shown),
            say("save it as PNG, JPEG, WebP or SVG"),
        )
    if loss.kind == "img":
        return (
            say("“%(target)s” leads to a file that is not in the course", target=shown),
            say("add the file or correct the link; a web address begins with https://"),
        )
    return None
