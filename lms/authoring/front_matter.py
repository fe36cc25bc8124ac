"""Values in the front matter of a file, read and replaced so that no other byte changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from lms.content.markdown.document import Document, open_document
from lms.content.markdown.frontmatter import read_front_matter
from lms.content.markdown.problems import Findings
from lms.content.markdown.yaml_text import double_quoted, is_plain, yaml_text


class NotEditable(Exception):
    """The front matter, or the value of this key, is written in a way that only the source text can change."""


@dataclass(frozen=True)
class Plain:
    """A value that is no text: a number, a day, a word such as ``true``. It is never quoted."""

    text: str


Value = str | Plain | tuple["str | Mapping[str, Value]", ...] | Mapping[str, "Value"]
"""A text, a plain value, the entries of a list (texts or maps), or a map of such."""


def values_of(raw: bytes) -> dict[str, Any]:
    """The values by key as they are written: texts, lists and maps of such; None for what a form cannot show.

    :raises NotEditable: there is no front matter that can be read.
    """
    return {key.value: _shown(node) for key, node in _read(raw)[1]}


def lines_of(raw: bytes) -> dict[str, int]:
    """The line of each key in the file."""
    return {key.value: key.start_mark.line + 2 for key, _node in _read(raw)[1]}


def last_key(raw: bytes) -> str:
    """The key below which another one would be put; empty if there is none."""
    return next(iter([key.value for key, _node in _read(raw)[1]][::-1]), "")


def with_values(raw: bytes, values: Mapping[str, Value | None]) -> bytes:
    """The file with these values; None takes the key out. Comments, order and all other bytes stay.

    :raises NotEditable: one of them is written as a block, or the front matter cannot be read.
    """
    for key, value in values.items():
        raw = _with_value(raw, key, value)
    return raw


def _with_value(raw: bytes, key: str, value: Value | None) -> bytes:
    document, entries, source = _read(raw)
    node = next((node for name, node in entries if name.value == key), None)
    if node is None:
        return raw if value is None else _inserted(document, source, f"{key}: {_written(value)}")
    if _shown(node) is None or node.start_mark.line != node.end_mark.line:
        raise NotEditable(key)
    line = node.start_mark.line + 1
    if value is None:
        if len(entries) == 1:
            raise NotEditable(key)
        return _bytes(document, {line: None})
    old = document.lines[line]
    new = old[: node.start_mark.column] + _written(value, node) + old[node.end_mark.column :]
    return _bytes(document, {line: new})


def _read(raw: bytes) -> tuple[Document, list[tuple[Any, Any]], str]:
    findings = Findings("")
    document = open_document(raw, findings)
    front = read_front_matter(document, findings) if document else None
    if document is None or front is None or findings.has_errors:
        raise NotEditable
    source = "\n".join(document.lines[1 : front.body_line - 2])
    node = yaml.compose(source, Loader=yaml.CSafeLoader)
    return document, list(node.value) if node is not None else [], source


def _inserted(document: Document, source: str, line: str) -> bytes:
    at = len(source.split("\n")) if source else 0
    lines, ends = list(document.lines), list(document.ends)
    lines.insert(at + 1, line)
    ends.insert(at + 1, document.ends[0])
    return _joined(document.mark, lines, ends)


def _bytes(document: Document, changed: Mapping[int, str | None]) -> bytes:
    kept = [(changed.get(at, line), document.ends[at]) for at, line in enumerate(document.lines)]
    left = [(line, end) for line, end in kept if line is not None]
    return _joined(document.mark, [line for line, _end in left], [end for _line, end in left])


def _joined(mark: str, lines: list[str], ends: list[str]) -> bytes:
    return (mark + "".join(line + end for line, end in zip(lines, ends, strict=True))).encode()


def _shown(node: Any) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return None if node.style in ("|", ">") else str(node.value)
    if isinstance(node, yaml.SequenceNode) and node.flow_style:
        entries = [_shown(one) for one in node.value if not isinstance(one, yaml.SequenceNode)]
        return entries if len(entries) == len(node.value) and None not in entries else None
    if isinstance(node, yaml.MappingNode) and node.flow_style:
        values = {key.value: _shown(value) for key, value in node.value}
        return None if None in values.values() else values
    return None


def _written(value: Value, before: Any = None) -> str:
    if isinstance(value, Plain):
        return value.text
    if isinstance(value, tuple):
        entries = (yaml_text(one, in_list=True) if isinstance(one, str) else _written(one) for one in value)
        return f"[{', '.join(entries)}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{yaml_text(key, in_list=True)}: {_in_map(one)}' for key, one in value.items())}}}"
    style = before.style if isinstance(before, yaml.ScalarNode) else None
    if style == '"':
        return double_quoted(value)
    if style == "'" and "\n" not in value and not (is_plain(value) and not is_plain(before.value)):
        return _single(value)
    return value if is_plain(value) else _single(value)


def _in_map(value: Value) -> str:
    return yaml_text(value, in_list=True) if isinstance(value, str) else _written(value)


def _single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
