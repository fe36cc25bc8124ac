"""HTML of a word processor, a web page or another system as clean Markdown.

The renderer reads the Markdown back as the same structure.
"""

from __future__ import annotations

import re
from textwrap import indent

from lms.content.markdown.block_writing import BlockWriter, heading_level
from lms.content.markdown.html_cleaning import build_word_lists, repair_lists
from lms.content.markdown.html_footnotes import take_footnotes
from lms.content.markdown.html_nodes import parsed
from lms.content.markdown.inline_reading import HtmlPicture, InlineReader, PictureTarget

__all__ = ["MAX_CHARACTERS", "HtmlPicture", "PictureTarget", "from_html", "from_web"]

MAX_CHARACTERS = 2_000_000
"""The most characters that are read."""


def from_web(found: HtmlPicture) -> str | None:
    """Keep the addresses of pictures; leave out those within the HTML itself and those on the author's device."""
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", found.source)
    return found.source if not scheme or scheme[1].lower() in ("http", "https") else None


def from_html(html: str, picture_target: PictureTarget = from_web) -> str:
    """Return Markdown that ends with a line break, or nothing. Headings move down if one of them has level 1.

    :raises ValueError: the HTML is longer than ``MAX_CHARACTERS``.
    """
    if len(html) > MAX_CHARACTERS:
        raise ValueError(f"{len(html)} characters of HTML; {MAX_CHARACTERS} are read")
    root = parsed(html)
    build_word_lists(root)
    repair_lists(root)
    footnotes = take_footnotes(root)
    has_title = any(heading_level(one) == 1 for one in root.walk())
    writer = BlockWriter(InlineReader(picture_target), shift=int(has_title))
    blocks = writer.write(root.children)
    for footnote in footnotes:
        body = "\n\n".join(writer.write(footnote.body.children)) or "…"
        blocks.append(f"[^{footnote.number}]: " + indent(body, "    ").lstrip())
    return "\n\n".join(blocks) + "\n" if blocks else ""
