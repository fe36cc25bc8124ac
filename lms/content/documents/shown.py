"""What a document says, as safe HTML for somebody who reads it on the site."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup, escape

from lms.content.documents.pdf_file import text_of_pdf
from lms.content.documents.slide_file import html_of_slides
from lms.content.documents.word_file import html_of_word
from lms.content.folder.archive import BadArchive
from lms.content.markdown.from_html import from_html
from lms.content.markdown.problems import say
from lms.content.rendering.markdown_html import TextTooComplex, render

MAX_CHARACTERS = 200_000
PICTURE = "▣"
"""Stands where the document has a picture."""
_IMAGE = re.compile(r"<img\b[^>]*?(?:\balt=\"([^\"]*)\"[^>]*)?/?>")
_BREAK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


@dataclass(frozen=True)
class ShownDocument:
    """``pages`` are HTML, empty for a page without text; ``page_count`` is that of the whole PDF, 0 for other files."""

    pages: tuple[str, ...]
    page_count: int = 0
    picture_count: int = 0
    is_cut: bool = False

    @property
    def is_empty(self) -> bool:
        return not any(self.pages)


def shown(kind: str, data: bytes, prefix: str = "") -> ShownDocument:
    """``kind`` is one of ``KINDS``; ``prefix`` stands before each id in the HTML.

    :raises BadArchive: the file cannot be read; it says why, and what to do.
    """
    return KINDS[kind](data, prefix)


def paragraphs(text: str) -> str:
    """Plain text as HTML: empty lines separate paragraphs, single line ends stay. Markup in it is escaped."""
    parts = (part.strip("\n") for part in _BREAK.split(text.replace("\r\n", "\n").replace("\r", "\n")))
    lines = (Markup("<br>\n").join(escape(line) for line in part.split("\n")) for part in parts if part.strip())
    return str(Markup("\n").join(Markup("<p>{}</p>").format(one) for one in lines))


def _word(data: bytes, prefix: str) -> ShownDocument:
    return _of_html(html_of_word(data).html, prefix)


def _slides(data: bytes, prefix: str) -> ShownDocument:
    return _of_html(html_of_slides(data).html, prefix)


def _of_html(markup: str, prefix: str) -> ShownDocument:
    found = len(_IMAGE.findall(markup))
    text = _IMAGE.sub(lambda image: f"<em>{PICTURE} {image[1] or ''}</em>", markup)
    try:
        return ShownDocument((render(from_html(text), prefix=prefix).html,), picture_count=found)
    except TextTooComplex as error:
        raise BadArchive(
            say("the document is too long or too complex to be shown here"), say("download it to read it")
        ) from error


def _pdf(data: bytes, _prefix: str) -> ShownDocument:
    pages, count = text_of_pdf(data)
    return ShownDocument(tuple(map(paragraphs, pages)), page_count=count, is_cut=len(pages) < count)


def _plain(data: bytes, _prefix: str) -> ShownDocument:
    text = data.decode("utf-8-sig", "replace")
    return ShownDocument((paragraphs(text[:MAX_CHARACTERS]),), is_cut=len(text) > MAX_CHARACTERS)


KINDS: dict[str, Callable[[bytes, str], ShownDocument]] = {
    "docx": _word,
    "pptx": _slides,
    "pdf": _pdf,
    **dict.fromkeys(("txt", "md", "csv"), _plain),
}
"""By the usual extension."""
