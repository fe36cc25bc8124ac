"""Front matter: the YAML between two lines of ``---``, as a small tree with positions.

Of YAML only the plain part is read: one ``key: value`` a line, lists and
maps. Anchors, aliases, tags and documents in documents are refused, so no
file can grow in memory beyond its size, and every key stands once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from lms.content.markdown.blocks import Passage
from lms.content.markdown.document import Document, hard_space
from lms.content.markdown.names import shorten
from lms.content.markdown.problems import Findings, Message, SourcePosition, say

MAX_LENGTH = 16_000
DEEPEST = 6

_HARD_SPACE = re.compile(r"[ -]*(?:[A-Za-z_-]+:[ ]*)?\u00a0")


@dataclass(frozen=True)
class YamlText:
    """A scalar as it is written. ``tag`` is the type that YAML would give it: str, int, bool, null ...

    ``last_line`` is None for an indented block of text, whose end YAML does not tell.
    """

    text: str
    tag: str
    is_plain: bool
    position: SourcePosition
    last_line: int | None


@dataclass(frozen=True)
class YamlList:
    entries: tuple[YamlNode, ...]
    position: SourcePosition


@dataclass(frozen=True)
class YamlMap:
    entries: tuple[tuple[YamlText, YamlNode], ...]
    position: SourcePosition


YamlNode = YamlText | YamlList | YamlMap


@dataclass(frozen=True)
class FrontMatter:
    """The map at the start of a file, and the line on which the body begins."""

    values: YamlMap
    body_line: int


def body_of(document: Document, front: FrontMatter) -> Passage:
    """Everything below the front matter."""
    return Passage(document.lines[front.body_line - 1 :], front.body_line)


class _Refused(Exception):
    def __init__(self, position: SourcePosition, what: Message, fix: Message) -> None:
        self.position, self.what, self.fix = position, what, fix


def read_front_matter(document: Document, findings: Findings) -> FrontMatter | None:
    """The front matter, or None if it is missing or unreadable (the reason is in ``findings``)."""
    try:
        end = _last_line(document)
        values = _read_map("\n".join(document.lines[1 : end - 1]))
    except _Refused as refused:
        findings.error(refused.position, refused.what, refused.fix)
        return None
    return FrontMatter(_once_each(values, findings), end + 1)


def _last_line(document: Document) -> int:
    """The number of the closing ``---`` line."""
    if document.lines[0].rstrip() != "---":
        raise _Refused(
            (1, 1),
            say("the front matter is missing"),
            say("begin the file with a line ---, then “title: …”, then a line ---"),
        )
    length = 0
    for number, line in enumerate(document.lines[1:], 2):
        if line.rstrip() == "---":
            return number
        length += len(line) + 1
        if length > MAX_LENGTH:
            raise _Refused(
                (number, 1),
                say("the front matter is longer than %(limit)d characters", limit=MAX_LENGTH),
                say("end it with a line --- and write the text below that line"),
            )
    raise _Refused(
        (1, 1),
        say("the front matter has no end"),
        say("write a line --- between the front matter and the text"),
    )


def _read_map(source: str) -> YamlMap:
    try:
        _refuse_hard_spaces(source)
        _refuse_what_is_not_plain(source)
        node = yaml.compose(source, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise _explained(error) from error
    if node is None:
        return YamlMap((), (1, 1))
    position = _position(node.start_mark)
    if not isinstance(node, yaml.MappingNode) or node.flow_style:
        raise _Refused(
            position, say("the front matter is not a list of keys"), say("write one “key: value” on each line")
        )
    values = _converted(node)
    assert isinstance(values, YamlMap)
    return values


def _refuse_hard_spaces(source: str) -> None:
    for number, line in enumerate(source.split("\n"), 2):
        if found := _HARD_SPACE.match(line):
            raise _Refused((number, found.end()), *hard_space())


def _refuse_what_is_not_plain(source: str) -> None:
    """Refuse anchors, tags and deep nesting before a tree is built."""
    depth = 0
    for event in yaml.parse(source, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _Refused(
                _position(event.start_mark),
                say("anchors (&) and aliases (*) are not read here"),
                say("write the value out, or put it in quotes if it is text"),
            )
        if getattr(event, "tag", None) is not None:
            raise _Refused(
                _position(event.start_mark),
                say("YAML tags (!) are not read here"),
                say("take the tag out, or put the value in quotes if it is text"),
            )
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise _Refused(
                _position(event.start_mark),
                say("the values are nested too deeply"),
                say("write it flatter: no key here takes that many levels"),
            )


def _converted(node: Any) -> YamlNode:
    position = _position(node.start_mark)
    if isinstance(node, yaml.MappingNode):
        return YamlMap(tuple(_entries(node)), position)
    if isinstance(node, yaml.SequenceNode):
        return YamlList(tuple(_converted(child) for child in node.value), position)
    tag = node.tag.rpartition(":")[2]
    last_line = None if node.style in ("|", ">") else node.end_mark.line + 2
    return YamlText(node.value, tag, not node.style, position, last_line)


def _entries(node: Any) -> Iterator[tuple[YamlText, YamlNode]]:
    for name, value in node.value:
        key = _converted(name)
        if not isinstance(key, YamlText):
            raise _Refused(
                key.position, say("a list or a map cannot be a key"), say("write a plain word before the colon")
            )
        yield key, _converted(value)


def _once_each(node: YamlMap, findings: Findings) -> YamlMap:
    """The map with the first value of each key. A repeated key is an error."""
    kept: dict[str, tuple[YamlText, YamlNode]] = {}
    for key, value in node.entries:
        if key.text in kept:
            findings.error(
                key.position,
                say("the key “%(key)s” appears twice", key=shorten(key.text)),
                say("keep one of the two; the first is on line %(line)d", line=kept[key.text][0].position[0]),
            )
        else:
            kept[key.text] = key, _once_each(value, findings) if isinstance(value, YamlMap) else value
    return YamlMap(tuple(kept.values()), node.position)


def _position(mark: Any) -> SourcePosition:
    """YAML counts from 0 and starts on the file's second line."""
    return mark.line + 2, mark.column + 1


def _explained(error: Any) -> _Refused:
    """A YAML error in plain words. The library's message is inspected, never shown."""
    mark = getattr(error, "problem_mark", None)
    position = _position(mark) if mark else (2, 1)
    message = f"{getattr(error, 'problem', '')} {getattr(error, 'context', '')}"
    if "mapping values are not allowed" in message:
        return _Refused(
            position,
            say("there is a colon too many here, or the line is indented too far"),
            say("put a value that contains a colon in quotes, and begin each key at the margin"),
        )
    if "tab character" in message or "cannot start any token" in message:
        return _Refused(
            position,
            say("a value cannot begin with this character"),
            say("put the value in quotes; indent with spaces, not tabs"),
        )
    if "quoted scalar" in message:
        opening = getattr(error, "context_mark", None)
        return _Refused(
            _position(opening) if opening else position,
            say("the value in quotes is not readable"),
            say("close the quotes; inside double quotes write \\\\ for a backslash"),
        )
    return _Refused(
        position,
        say("YAML cannot read the front matter here"),
        say("look at brackets, colons and indentation on this line and the one before"),
    )
