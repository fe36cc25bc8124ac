"""The line that opens a question: its words and the attributes in its braces."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lms.content.markdown.attributes import Head
from lms.content.markdown.frontmatter import YamlText

_BARE = re.compile(r"[^\s\"{}]+")


def new_heading(line: str, head: Head, column: int, words: str, attributes: Mapping[str, str | None]) -> str:
    """The line with other words and values; None removes an attribute. Everything else in it stays.

    :param column: where the words begin, from 1.
    """
    start = column - 1
    end = start + len(head.text)
    left, braces, right = line[:end], "", line[end:]
    if head.has_braces:
        open_, close = line.index("{", end), line.index("}", head.attributes.entries[-1][1].position[1] - 1)
        braces, right = line[open_ : close + 1], line[close + 1 :]
        left = line[:open_]
        braces = _attributes(braces, open_, head, attributes)
        gap = left[end:]
    else:
        gap = ""
    added = [
        f"{key}={written(value)}" for key, value in attributes.items() if value is not None and not _has(head, key)
    ]
    if added:
        braces = f"{braces[:-1].rstrip()} {' '.join(added)}}}" if braces else f"{{{' '.join(added)}}}"
    before = line[:start]
    if words != head.text and not before[-1:].isspace() and words:
        before += " "
    pieces = before + words
    if not braces:
        return pieces + right
    if words and not gap:
        gap = " "
    return pieces.rstrip() + (gap or " ") + braces + right if not words else pieces + gap + braces + right


def _has(head: Head, key: str) -> bool:
    return any(name.text == key for name, _ in head.attributes.entries)


def _attributes(braces: str, offset: int, head: Head, attributes: Mapping[str, str | None]) -> str:
    """Empty if none is left."""
    left = len(head.attributes.entries)
    for key, value in reversed(head.attributes.entries):
        if key.text not in attributes or not isinstance(value, YamlText):
            continue
        new = attributes[key.text]
        at = value.position[1] - 1 - offset
        is_quoted = braces[at - 1] == '"'
        end = at + len(value.text)
        if new is None:
            left -= 1
            start = at - 1 if key.text == "#id" else key.position[1] - 1 - offset
            end += is_quoted
            while braces[start - 1].isspace():
                start -= 1
            if braces[start - 1] == "{":
                while braces[end].isspace():
                    end += 1
            braces = braces[:start] + braces[end:]
        else:
            braces = braces[:at] + (new if is_quoted else written(new)) + braces[end:]
    return braces if left else ""


def written(value: str) -> str:
    return value if _BARE.fullmatch(value) else f'"{value}"'
