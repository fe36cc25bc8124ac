"""The blocks of a Markdown text with their lines, as a Git host sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from lms.content.markdown.problems import SourcePosition
from lms.content.text import Text

LISTS = ("bullet_list", "ordered_list")
_INDENTATION = re.compile(r"[ \t]*")
_ITEM_MARK = re.compile(r"\s*(?:[-*+]|[0-9]{1,9}[.)])(?:\s+|$)")
_QUOTE_MARK = re.compile(r" {0,3}> ?")


class _Reader(MarkdownIt):
    """CommonMark with GitHub's tables and footnotes. Link targets are left as written."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"inline_definitions": True})
        self.enable(["table", "strikethrough"])
        self.use(footnote_plugin)
        self.disable("footnote_tail")

    def normalizeLink(self, url: str) -> str:
        return url

    def validateLink(self, url: str) -> bool:
        return True


_whole = _Reader()
_block_only = _Reader().disable("inline")


@dataclass(frozen=True)
class Block:
    """A block, its first and last line in the file, and what it is made of.

    ``text`` is the words of a paragraph or heading, or the inside of a fence;
    ``info`` what follows a fence's opening mark.
    """

    kind: str
    tag: str
    markup: str
    info: str
    first: int
    last: int
    text: str
    children: tuple[Block, ...]

    def inside(self) -> Iterator[Block]:
        """All blocks within this one."""
        for child in self.children:
            yield child
            yield from child.inside()


@dataclass(frozen=True)
class Passage:
    """Lines of a file. ``first`` is the number of the first line; ``indent`` columns were cut from each."""

    lines: tuple[str, ...]
    first: int
    indent: int = 0

    @property
    def last(self) -> int:
        return self.first + len(self.lines) - 1

    def line(self, number: int) -> str:
        return self.lines[number - self.first]

    def between(self, first: int, last: int) -> Passage:
        return Passage(self.lines[first - self.first : max(first, last + 1) - self.first], first, self.indent)

    def position(self, line: int, column: int = 1) -> SourcePosition:
        return line, column + self.indent

    def cut(self, indent: int) -> Passage:
        """The lines without up to ``indent`` leading spaces."""
        lines = tuple(line[min(indent, len(line) - len(line.lstrip(" "))) :] for line in self.lines)
        return Passage(lines, self.first, indent)

    def without_blank_ends(self) -> Passage:
        first, end = 0, len(self.lines)
        if not any(line.strip() for line in self.lines):
            return Passage((), self.first, self.indent)
        while not self.lines[first].strip():
            first += 1
        while end > first and not self.lines[end - 1].strip():
            end -= 1
        return Passage(self.lines[first:end], self.first + first, self.indent)

    def text(self) -> Text:
        trimmed = self.without_blank_ends()
        return Text("\n".join(trimmed.lines), trimmed.first)

    def unquoted(self) -> Passage:
        """The lines of a quote without ``>``."""
        return Passage(tuple(_QUOTE_MARK.sub("", line, count=1) for line in self.lines), self.first)

    def inside_item(self, item: Block) -> Passage:
        """The lines of a list item without the marker and its indentation."""
        first, *others = self.lines[item.first - self.first : item.last + 1 - self.first]
        found = _ITEM_MARK.match(first)
        mark = found[0] if found else ""
        width = len(mark.expandtabs(4)) if mark[-1:].isspace() else len(mark) + 1
        lines = (first[len(mark) :], *(_dedented(line, width) for line in others))
        return Passage(lines, item.first).without_blank_ends()

    def blocks(self) -> tuple[Block, ...]:
        return _tree(_block_only.parse("\n".join(self.lines)), self.first)

    def tokens(self) -> Sequence[Token]:
        """A flat list of tokens with inline content. Slower than ``blocks``."""
        return _whole.parse("\n".join(self.lines))


def plain(source: str) -> str:
    """A line of Markdown without markup."""
    words = []
    for token in _whole.parseInline(source):
        for part in token.children or []:
            words.append(" " if part.type in ("softbreak", "hardbreak") else part.content)
    return " ".join("".join(words).split())


def _dedented(line: str, width: int) -> str:
    indentation = _INDENTATION.match(line)
    assert indentation
    columns = indentation[0].expandtabs(4)
    return columns[width:] + line[indentation.end() :]


def _tree(tokens: Sequence[Token], first_line: int) -> tuple[Block, ...]:
    """A flat list of tokens as a tree of blocks."""
    levels: list[list[Block]] = [[]]
    opened: list[tuple[Token, str]] = []
    for token in tokens:
        if token.type == "inline":
            opened[-1] = opened[-1][0], token.content
        elif token.nesting == 1:
            opened.append((token, ""))
            levels.append([])
        else:
            children = tuple(levels.pop()) if token.nesting == -1 else ()
            start, text = opened.pop() if token.nesting == -1 else (token, token.content)
            levels[-1].append(_block(start, text, children, first_line))
    return tuple(levels[0])


def _block(token: Token, text: str, children: tuple[Block, ...], first_line: int) -> Block:
    first, end = token.map or (0, 0)
    kind = token.type.removesuffix("_open")
    last = max(first, end - 1)
    return Block(kind, token.tag, token.markup, token.info, first + first_line, last + first_line, text, children)
