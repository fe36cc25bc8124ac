"""Signs that carry finished text through a Markdown parser unread.

What one parser has understood must not be read a second time by the next. Sealed text has each sign that
could mean something in Markdown swapped for a private-use character; unsealing brings back what was sealed.
The same range holds the marks by which `prose_blocks` tells `prose_tree` what Markdown cannot say.
"""

from __future__ import annotations

import html
import re
import string

_BASE = 0xE000
_SEAL = {ord(sign): chr(_BASE + ord(sign)) for sign in string.punctuation + "\u00a0"}
_UNSEAL = {ord(sealed): chr(sign) for sign, sealed in _SEAL.items()}

NAKED = "\ue081"
"""Begins a paragraph that is to lose its `<p>`; alone, it is a paragraph that vanishes."""
ITEM_OPEN, ITEM_CLOSE = "\ue082", "\ue083"
"""Around the number of a list item's attributes, at the very start of the item."""
PART_OPEN, PART_CLOSE = "\ue084", "\ue085"
"""Around the number of a part that is put in after cleaning."""

_UNWANTED = dict.fromkeys(range(_BASE, _BASE + 0x100))
_UNWANTED |= dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, 0xFFFE, 0xFFFF], " ")
_UNWANTED |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_UNWANTED_IN_CODE = _UNWANTED | {ord("\n"): "\n", ord("\t"): "\t"}
_TAG = re.compile(r"<[^>]*>")
_PART = re.compile(f"{PART_OPEN}[0-9]+{PART_CLOSE}")


def seal(text: str) -> str:
    return text.translate(_SEAL)


def unseal(text: str) -> str:
    return text.translate(_UNSEAL)


def without_control_characters(text: str) -> str:
    """Keep line ends and tabs; drop what is invisible, or could be mistaken for a seal or a mark."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_UNWANTED_IN_CODE)


def one_line(text: str) -> str:
    """Text that stands within a line, freed of unwanted signs once more: an entity may have named one."""
    return text.translate(_UNWANTED)


def tag(name: str, inner: str | None = None, **attributes: str | int | bool | None) -> str:
    """Write an element, or without `inner` a tag alone; attributes that are None or False are left out."""
    written = "".join(
        f" {key}" if value is True else f' {key}="{html.escape(one_line(str(value)))}"'
        for key, value in ((key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
        if value is not None and value is not False
    )
    return f"<{name}{written}>" if inner is None else f"<{name}{written}>{inner}</{name}>"


def readable(markup: str) -> str:
    """The words in a piece of HTML, without its tags and without the parts still to be put in."""
    return html.unescape(_TAG.sub("", _PART.sub("", markup)))
