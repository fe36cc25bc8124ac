"""Attributes in braces, ``{#id points=2 objective="Menyebut asas"}``: at the end of a heading or on a fence."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from lms.content.markdown.frontmatter import YamlMap, YamlText
from lms.content.markdown.names import shorten
from lms.content.markdown.problems import Findings, SourcePosition, say

ID = "#id"

_ATTRIBUTE = re.compile(
    r"""\s*(?:\#(?P<id>[^\s{}"=\#]+)|(?P<key>[A-Za-z][\w-]*)=(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"{}]+)))(?=\s|$)"""
)


@dataclass(frozen=True)
class Head:
    """The start of a question: its text, its attributes, and where an id would be inserted.

    ``slot`` is inside the braces where there are some, else after the words.
    """

    line: int
    text: str
    attributes: YamlMap
    id: str | None
    has_braces: bool
    slot: SourcePosition
    column: int = 1
    """Where ``text`` begins in its line."""

    def id_to_insert(self, name: str) -> str:
        return f"#{name} " if self.has_braces else f" {{#{name}}}"


def read_head(text: str, position: SourcePosition, known: Collection[str], findings: Findings) -> Head:
    """Split a heading (or the text after a fence's mark), which begins at ``position``, into text and attributes.

    Braces that hold one of the ``known`` keys are meant as attributes even where they cannot be read as such.
    """
    line, column = position
    start = text.rfind("{") if text.endswith("}") else -1
    if start >= 0 and text[start - 1 : start] != "\\":
        inner = text[start + 1 : -1]
        here = line, column + start
        entries = _entries(inner, (line, column + start + 1))
        if entries:
            once = _once_each(entries, findings)
            name = next((value.text for key, value in once if key.text == ID), None)
            slot = line, column + start + 1
            return Head(line, text[:start].rstrip(), YamlMap(tuple(once), here), name, True, slot, column)
        if _are_meant_as_attributes(inner, known):
            findings.error(
                here,
                say("“%(text)s” cannot be read as attributes", text=shorten(text[start:])),
                say('write them as {#name points=2 objective="some words"}'),
            )
    return Head(line, text, YamlMap((), position), None, False, (line, column + len(text)), column)


def _are_meant_as_attributes(inner: str, known: Collection[str]) -> bool:
    return re.match(rf"\s*#|(?:.*\s)?(?:{'|'.join(known)})\s*=", inner) is not None


def _entries(inner: str, position: SourcePosition) -> list[tuple[YamlText, YamlText]]:
    """The attributes in the braces; empty if any part of the text is not an attribute."""
    line, column = position
    entries = []
    offset = 0
    inner = inner.rstrip()
    while offset < len(inner):
        found = _ATTRIBUTE.match(inner, offset)
        if not found:
            return []
        kind = "id" if found["id"] else "quoted" if found["quoted"] is not None else "bare"
        key = YamlText(
            found["key"] or ID, "str", False, _at(line, column, found, "key" if found["key"] else "id"), line
        )
        entries.append((key, YamlText(found[kind], "str", False, _at(line, column, found, kind), line)))
        offset = found.end()
    return entries


def _at(line: int, column: int, found: re.Match[str], group: str) -> SourcePosition:
    return line, column + found.start(group)


def _once_each(entries: list[tuple[YamlText, YamlText]], findings: Findings) -> list[tuple[YamlText, YamlText]]:
    kept: dict[str, tuple[YamlText, YamlText]] = {}
    for key, value in entries:
        if key.text in kept:
            findings.error(
                key.position,
                say("the attribute “%(key)s” appears twice", key=shorten(key.text)),
                say("keep one of the two"),
            )
        else:
            kept[key.text] = key, value
    return list(kept.values())
