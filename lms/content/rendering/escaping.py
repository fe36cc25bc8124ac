"""Escaping that carries finished text through a Markdown parser untouched.

Text that one parser has understood must not be parsed again by the next. `escape` replaces every character that
could mean something in Markdown by a private-use character, and `unescape` reverses it. The same range holds the
marks that tell `html_tree` what `strict_blocks` cannot write in Markdown.
"""

from __future__ import annotations

import html
import re
import string

_BASE = 0xE000
_ESCAPED = {ord(character): chr(_BASE + ord(character)) for character in string.punctuation + "\u00a0"}
_UNESCAPED = {ord(escaped): chr(character) for character, escaped in _ESCAPED.items()}

BARE = "\ue081"
"""Starts a paragraph that loses its `<p>`. On its own it stands for an empty paragraph, which disappears."""
ITEM_OPEN, ITEM_CLOSE = "\ue082", "\ue083"
"""Around the number of a list item's attributes, at the very start of the item."""
PART_OPEN, PART_CLOSE = "\ue084", "\ue085"
"""Around the number of a part that is inserted after sanitizing."""

_UNWANTED = dict.fromkeys(range(_BASE, _BASE + 0x100))
_UNWANTED |= dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, 0xFFFE, 0xFFFF], " ")
_UNWANTED |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_UNWANTED_IN_CODE = _UNWANTED | {ord("\n"): "\n", ord("\t"): "\t"}
_TAG = re.compile(r"<[^>]*>")
_PART = re.compile(f"{PART_OPEN}[0-9]+{PART_CLOSE}")


def escape(text: str) -> str:
    return text.translate(_ESCAPED)


def unescape(text: str) -> str:
    return text.translate(_UNESCAPED)


def attribute_value(text: str) -> str:
    """A text as the value of an attribute in the tree. Python-Markdown escapes only what `escape` has not hidden."""
    return escape(html.escape(one_line(text)))


def without_control_characters(text: str) -> str:
    """Drop control characters except line breaks and tabs, and everything that looks like an escape or a mark."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_UNWANTED_IN_CODE)


def one_line(text: str) -> str:
    """Drop control characters again from text within a line: an HTML entity may have brought one back."""
    return text.translate(_UNWANTED)


def tag(name: str, inner: str | None = None, **attributes: str | int | bool | None) -> str:
    """Write an element, or only its start tag without `inner`. Attributes that are None or False are left out."""
    written = "".join(
        f" {key}" if value is True else f' {key}="{html.escape(one_line(str(value)))}"'
        for key, value in ((key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
        if value is not None and value is not False
    )
    return f"<{name}{written}>" if inner is None else f"<{name}{written}>{inner}</{name}>"


def readable(markup: str) -> str:
    """The text of a piece of HTML, without the parts that are inserted later."""
    return html.unescape(_TAG.sub("", _PART.sub("", markup)))
