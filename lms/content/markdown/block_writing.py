"""Blocks of HTML as Markdown: headings, paragraphs, lists, tables, boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from textwrap import indent
from typing import Literal, NamedTuple

from lms.content.markdown.html_nodes import BLOCKS, HtmlNode
from lms.content.markdown.inline_reading import InlineReader
from lms.content.markdown.inline_writing import Leaf, TextMark, inline

_BOXES = {"note": "note", "note--tip": "tip", "note--warning": "warning", "note--example": "example"}
_BOX_TITLES = {"note": "Catatan", "tip": "Kiat", "warning": "Peringatan", "example": "Contoh"}
_LANGUAGE = re.compile(r"(?:language|lang|highlight-source|brush)[-:]\s*([\w+#-]+)")
_BULLETS, _NUMBER_ENDS = "-+", ".)"
_MOST_COLUMNS = 50
_NEEDS_NO_BLANK_LINE = re.compile(r"[-+] \S|1[.)] \S|> ?|#{1,6} |`{3,}|~{3,}|\*\*\*$")
"""The beginning of a block that cannot be taken for more of the paragraph above it."""


class _Block(NamedTuple):
    text: str
    kind: Literal["ul", "ol", "quote", "other"] = "other"
    """Two blocks of a kind in a row would be read as one, other blocks would not."""


@dataclass(frozen=True)
class BlockWriter:
    inline_reader: InlineReader
    shift: int
    """By how many levels headings move down."""

    def write(self, children: Sequence[HtmlNode | str]) -> list[str]:
        """Return the Markdown of each block, without blank lines around it."""
        written: list[_Block] = []
        for block in self._content(children):
            if not block.text.strip():
                continue
            before = written[-1] if written else None
            if before and before.kind == block.kind == "quote":
                written.append(_Block("<!-- -->"))
            elif before and before.kind == block.kind and block.kind in ("ul", "ol"):
                block = _with_other_markers(block, before)
            written.append(block)
        return [block.text for block in written]

    def _content(self, children: Sequence[HtmlNode | str]) -> Iterator[_Block]:
        for is_block, run in groupby(children, _is_block_element):
            if not is_block:
                yield from self._paragraphs(list(run))
                continue
            for node in run:
                assert isinstance(node, HtmlNode)
                yield from self._block(node)

    def _separate(self, children: Sequence[HtmlNode | str]) -> Iterator[_Block]:
        """The children as blocks that already have separators between them."""
        return map(_Block, self.write(children))

    def _paragraphs(self, children: Sequence[HtmlNode | str]) -> Iterator[_Block]:
        """Text between blocks. Two breaks in a row begin a new paragraph."""
        leaves: list[Leaf] = []
        for leaf in self.inline_reader.leaves(children):
            if leaf.kind == "break" and _ends_with_break(leaves):
                yield _Block(inline(leaves))
                leaves = []
            elif leaves or not _is_blank(leaf):
                leaves.append(leaf)
        yield _Block(inline(leaves))

    def _block(self, node: HtmlNode) -> Iterator[_Block]:
        if level := heading_level(node):
            yield self._heading(node, level)
            return
        match node.tag:
            case "ul" | "ol":
                yield self._list(node)
            case "pre":
                yield _code(node)
            case "hr":
                yield _Block("***")
            case "blockquote":
                yield self._quote(node)
            case "table":
                yield from self._table(node)
            case "details":
                yield self._details(node)
            case "div":
                yield from self._division(node)
            case "dl":
                yield from self._definitions(node)
            case "p" if not node.has_blocks:
                yield from self._paragraphs(node.children)
            case _:
                yield from self._separate(node.children)

    def _heading(self, node: HtmlNode, level: int) -> _Block:
        text = inline(self.inline_reader.leaves(node.children, in_heading=True), on_one_line=True)
        text = re.sub(r"(#+)$", r"\\\1", text)
        return _Block(f"{'#' * min(6, level + self.shift)} {text}" if text else "")

    def _quote(self, node: HtmlNode) -> _Block:
        lines = "\n\n".join(self.write(node.children)).split("\n")
        return _Block("\n".join(f"> {line}".rstrip() for line in lines), "quote")

    def _list(self, node: HtmlNode) -> _Block:
        start = node.attrs.get("start", "")
        number = int(start) if re.fullmatch("[0-9]{1,8}", start) else 1
        items = [one for one in node.children if isinstance(one, HtmlNode)]
        has_paragraphs = any(_has_paragraphs(item) for item in items)
        markers = [f"{number + at}." if node.tag == "ol" else "-" for at in range(len(items))]
        boxes = [_take_checkbox(item) for item in items]
        bodies = [self.write(item.children) for item in items]
        is_loose = has_paragraphs or any(
            not _NEEDS_NO_BLANK_LINE.match(block) for blocks in bodies for block in blocks[1:]
        )
        gap = "\n\n" if is_loose else "\n"
        lines = []
        for marker, box, blocks in zip(markers, boxes, bodies, strict=True):
            body = indent(box + gap.join(blocks), " " * (len(marker) + 1)).lstrip(" ")
            lines.append(f"{marker} {body}".rstrip())
        return _Block(gap.join(lines), "ol" if node.tag == "ol" else "ul")

    def _details(self, node: HtmlNode) -> _Block:
        summary = next((one for one in node.children if isinstance(one, HtmlNode) and one.tag == "summary"), None)
        body = [one for one in node.children if one is not summary]
        words = inline(self.inline_reader.leaves(summary.children), on_one_line=True) if summary else ""
        head = f"<summary>{words}</summary>" if words else ""
        return _Block("\n\n".join([f"<details>{head}", *self.write(body), "</details>"]))

    def _division(self, node: HtmlNode) -> Iterator[_Block]:
        if "note" in node.classes:
            yield self._box(node)
        elif "footnote-list" in node.attrs.get("style", ""):  # Word's, which begins with a line
            yield from self._separate([one for one in node.children if isinstance(one, str) or one.tag != "hr"])
        else:
            yield from self._separate(node.children)

    def _box(self, node: HtmlNode) -> _Block:
        kind = next((_BOXES[one] for one in reversed(node.classes) if one in _BOXES), "note")
        children = [one for one in node.children if not isinstance(one, str) or one.strip()]
        title = ' ""'
        if children and isinstance(first := children[0], HtmlNode) and "note__title" in first.classes:
            words = inline(self.inline_reader.leaves(first.children), on_one_line=True)
            title = "" if words == _BOX_TITLES[kind] else ' "' + words.replace('"', "”") + '"'
            children = children[1:]
        return _Block(f"!!! {kind}{title}\n" + indent("\n\n".join(self.write(children)), "    "))

    def _definitions(self, node: HtmlNode) -> Iterator[_Block]:
        for one in node.walk():
            if one.tag == "dt":
                leaves = self.inline_reader.leaves(one.children)
                yield _Block(inline(replace(leaf, marks=(TextMark("strong"),)) for leaf in leaves))
            elif one.tag == "dd":
                yield from self._separate(one.children)

    def _table(self, node: HtmlNode) -> Iterator[_Block]:
        for caption in (one for one in node.children if isinstance(one, HtmlNode) and one.tag == "caption"):
            yield from self._paragraphs(caption.children)
        rows = _cells_by_row(node)
        is_frame = all(len(row) == 1 for row in rows) or any(one.tag == "table" for one in node.walk())
        if is_frame:
            for cell in (cell for row in rows for cell in row):
                yield from self._separate(cell.children)
        else:
            yield _Block(self._grid(rows))

    def _grid(self, rows: list[list[HtmlNode]]) -> str:
        texts = [self._row_texts(row) for row in rows]
        width = max(len(row) for row in texts)
        head, *body = (_table_line([*row, *[""] * (width - len(row))]) for row in texts)
        alignments = [_alignment(cell) for cell in rows[0]] + ["---"] * width
        return "\n".join([head, _table_line(alignments[:width]), *body])

    def _row_texts(self, cells: list[HtmlNode]) -> list[str]:
        """The text of each cell, with empty ones after a cell that spans more than one column."""
        texts: list[str] = []
        for cell in cells:
            texts.append(inline(self._cell_leaves(cell), in_table=True))
            span = cell.attrs.get("colspan", "1")
            texts += [""] * (min(int(span), _MOST_COLUMNS) - 1 if re.fullmatch("[0-9]{1,4}", span) else 0)
        return texts

    def _cell_leaves(self, cell: HtmlNode) -> Iterator[Leaf]:
        """The blocks of a cell with breaks between them, since a cell of Markdown has one line."""
        for at, part in enumerate(_visible_parts(cell)):
            if at:
                yield Leaf("break", "")
            if part.tag == "li":
                yield Leaf("text", "• ")
            if part.has_blocks:
                yield from self._cell_leaves(part)
            else:
                yield from self.inline_reader.leaves([part] if part.tag not in BLOCKS else part.children)


def _is_block_element(child: HtmlNode | str) -> bool:
    return isinstance(child, HtmlNode) and (child.tag in BLOCKS or child.has_blocks)


def heading_level(node: HtmlNode) -> int:
    """From 1 to 6; 0 for what is no heading."""
    if re.fullmatch("h[1-6]", node.tag):
        return int(node.tag[1])
    return int(node.tag == "p" and "MsoTitle" in node.classes)


def _is_blank(leaf: Leaf) -> bool:
    return leaf.kind == "text" and not leaf.text.strip()


def _ends_with_break(leaves: list[Leaf]) -> bool:
    last = next((leaf for leaf in reversed(leaves) if not _is_blank(leaf)), None)
    return last is not None and last.kind == "break"


def _has_paragraphs(item: HtmlNode) -> bool:
    """Whether an item is written in paragraphs. Google Docs puts each item into one, which has attributes."""
    paragraphs = [one for one in item.children if isinstance(one, HtmlNode) and one.tag == "p"]
    return any(not one.attrs for one in paragraphs) or len(paragraphs) > 1


def _take_checkbox(item: HtmlNode) -> str:
    """Take the checkbox of a task out of its item, and return it as Markdown."""
    node = item
    while True:
        first = next((one for one in node.children if isinstance(one, HtmlNode) or one.strip()), None)
        if not isinstance(first, HtmlNode):
            return ""
        if first.tag == "input" and first.attrs.get("type") == "checkbox":
            node.children.remove(first)
            return "[x] " if "checked" in first.attrs else "[ ] "
        if first.tag not in ("p", "label", "span"):
            return ""
        node = first


def _with_other_markers(block: _Block, before: _Block) -> _Block:
    """Give a list other markers than the list right before it, which it would continue otherwise."""
    if block.kind == "ul":
        marker = _other(_BULLETS, before.text[0])
        return block._replace(text=re.sub(r"^-(?= |$)", marker, block.text, flags=re.MULTILINE))
    end = _other(_NUMBER_ENDS, before.text.lstrip("0123456789")[:1])
    return block._replace(text=re.sub(r"^([0-9]+)\.(?= |$)", rf"\1{end}", block.text, flags=re.MULTILINE))


def _other(pair: str, used: str) -> str:
    return pair[1] if used == pair[0] else pair[0]


def _code(node: HtmlNode) -> _Block:
    source = node.text.replace("\xa0", " ").replace("\r\n", "\n").strip("\n")
    if not source.strip():
        return _Block("")
    classes = " ".join(one.attrs.get("class", "") for one in [node, *node.walk()])
    language = _LANGUAGE.search(classes)
    longest = max((len(one) for one in re.findall("`+", source)), default=0)
    fence = "`" * max(3, longest + 1)
    return _Block(f"{fence}{language[1] if language else ''}\n{source}\n{fence}")


def _cells_by_row(table: HtmlNode) -> list[list[HtmlNode]]:
    """The cells of a table's own rows, not of tables within it; rows without cells are left out."""
    parts = [one for one in table.children if isinstance(one, HtmlNode)]
    inner = [row for part in parts if part.tag in ("thead", "tbody", "tfoot") for row in part.children]
    rows = [one for one in [*parts, *inner] if isinstance(one, HtmlNode) and one.tag == "tr"]
    cells = [[one for one in row.children if isinstance(one, HtmlNode) and one.tag in ("td", "th")] for row in rows]
    return [row for row in cells if row]


def _visible_parts(cell: HtmlNode) -> Iterator[HtmlNode]:
    """The blocks of a cell, and the text between them as one element each; only those that show something."""
    for is_block, run in groupby(cell.children, _is_block_element):
        for part in run if is_block else [HtmlNode("span", {}, list(run))]:
            assert isinstance(part, HtmlNode)
            if part.text.strip() or any(one.tag == "img" for one in [part, *part.walk()]):
                yield part


def _alignment(cell: HtmlNode) -> str:
    words = {*cell.classes, cell.attrs.get("align", ""), cell.style.get("text-align", "")}
    return "--:" if "right" in words else ":-:" if "center" in words else "---"


def _table_line(cells: Sequence[str]) -> str:
    return "|" + "|".join(f" {cell} " if cell else "   " for cell in cells) + "|"
