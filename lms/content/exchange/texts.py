"""Texts of question banks as Markdown."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Literal

from lms.content.exchange.escaping import as_text
from lms.content.exchange.from_html import MarkdownOfHtml, markdown_of_html
from lms.content.markdown.names import shorten
from lms.lib.folding import compose_text

TextFormat = Literal["moodle", "html", "plain", "markdown"]

BYTE_ORDER_MARK = "\ufeff"
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_TAG = re.compile(r"<[^<>]*>")
_BLOCK = re.compile(r"<(?:p|div|br|ul|ol|table|h[1-6]|pre|blockquote)\b", re.IGNORECASE)
_PICTURE = re.compile(r"(?<=!\[)([^\[\]\n]*\]\()([^\s()<>]+)(?=[)\s])")
"""Its description and its address."""
_WEB = re.compile(r"https?:", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\r|\n")


def decoded(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or the code page of Windows, with ``\\n`` at the ends of lines."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
    return compose_text(_UNWANTED.sub("", _LINE_END.sub("\n", text)))


def as_markdown(text: str, text_format: TextFormat, place: Callable[[str], str]) -> MarkdownOfHtml:
    """``moodle`` is HTML in which the ends of lines count.

    :param place: the address of a picture, by that in the text. In Markdown, pictures of web addresses stay.
    """
    text = text.strip()
    if text_format == "markdown":
        return MarkdownOfHtml(_PICTURE.sub(lambda found: found[1] + _placed(found[2], place), text))
    if text_format == "plain":
        return MarkdownOfHtml(as_text(text))
    if text_format == "moodle" and not _BLOCK.search(text):
        text = text.replace("\n", "<br>")
    return markdown_of_html(text, place)


def _placed(address: str, place: Callable[[str], str]) -> str:
    return address if _WEB.match(address) else place(address)


def first_words(text: str) -> str:
    """The beginning of a text for a list, without tags."""
    return shorten(html.unescape(_TAG.sub(" ", text[:2000])), 100)
