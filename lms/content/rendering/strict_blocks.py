"""Blocks in the strict form: the part of Markdown that Python-Markdown reads in only one way.

mdformat walks the tree that a Git host would read; the renderers here replace its own. In the strict form a
paragraph is one line of finished, escaped HTML; there is an empty line between any two blocks; the content of a
list item is indented by four spaces; two lists or two quotes are never adjacent. For everything else there are the
marks in `escaping`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from mdformat.renderer import RenderContext, RenderTreeNode
from mdformat.renderer.typing import Render

from lms.content.rendering.code import code_block
from lms.content.rendering.escaping import BARE, escape, tag
from lms.content.rendering.formulas import formula
from lms.content.rendering.strict_inline import INLINE, attribute, author_block, plain, stands_alone, state_of

_MERGING = frozenset({"bullet_list", "ordered_list", "blockquote"})
_BOXES = {
    **dict.fromkeys(["note", "info", "abstract", "important", "question", "quote"], "note"),
    **dict.fromkeys(["tip", "hint", "success"], "tip"),
    **dict.fromkeys(["warning", "caution", "attention", "danger", "error"], "warning"),
    "example": "example",
}
_DELIMITERS = {"text-align:left": "---", "text-align:right": "--:", "text-align:center": ":-:"}


class _Block(NamedTuple):
    kind: str
    text: str


def _blocks(nodes: Iterable[RenderTreeNode], context: RenderContext) -> list[_Block]:
    blocks: list[_Block] = []
    for node in nodes:
        block = _Block(node.type, node.render(context))
        if not block.text:
            continue
        if blocks and blocks[-1].kind in _MERGING and block.kind in _MERGING:
            blocks.append(_Block("separator", BARE))
        blocks.append(block)
    return blocks


def _joined(blocks: Iterable[_Block]) -> str:
    return "\n\n".join(block.text for block in blocks)


def _bare(markup: str) -> str:
    return BARE + escape(markup)


def _root(node: RenderTreeNode, context: RenderContext) -> str:
    return _joined(_blocks(node.children, context))


def _paragraph(node: RenderTreeNode, context: RenderContext) -> str:
    text = node.children[0].render(context).strip()
    return BARE + text if node.hidden and text else text


def _heading(node: RenderTreeNode, context: RenderContext) -> str:
    text = node.children[0].render(context).strip()
    if not text:
        return ""
    heading = state_of(context).heading(int(node.tag[1]), plain(node).strip(), node.meta.get("name", ""))
    return f"{'#' * heading.level} {text}"


def _hr(node: RenderTreeNode, context: RenderContext) -> str:
    return "---"


def _code(node: RenderTreeNode, context: RenderContext) -> str:
    language = node.info.split(maxsplit=1)[0] if node.info.strip() else ""
    return BARE + state_of(context).part(code_block(node.content, language))


def _math(node: RenderTreeNode, context: RenderContext) -> str:
    if not node.content.strip():
        return ""
    return BARE + state_of(context).part(formula(node.content, block=True))


def _html(node: RenderTreeNode, context: RenderContext) -> str:
    markup = author_block(node.content, state_of(context))
    if not markup:
        return ""
    state_of(context).open_details(markup.count("<details>") - markup.count("</details>"))
    return _bare(markup) if stands_alone(markup) else escape(markup)


def _quote(node: RenderTreeNode, context: RenderContext) -> str:
    text = _joined(_blocks(node.children, context))
    return textwrap.indent(text or BARE, "> ", lambda line: True)


def _list(node: RenderTreeNode, context: RenderContext) -> str:
    marker = "-" if node.type == "bullet_list" else f"{node.attrs.get('start', 1)}."
    return _items(marker, (_item(item, context) for item in node.children))


def _items(marker: str, items: Iterable[str]) -> str:
    return "\n\n".join(f"{marker} ".ljust(4) + textwrap.indent(item, "    ")[4:] for item in items)


def _item(node: RenderTreeNode, context: RenderContext) -> str:
    if "checked" not in node.meta:
        return _with_first_line(_blocks(node.children, context))
    box = tag("input", type="checkbox", disabled=True, checked=bool(node.meta["checked"]))
    first, *rest = _blocks(node.children, context) or [_Block("paragraph", BARE)]
    if first.kind != "paragraph":
        first, rest = _Block("paragraph", BARE), [first, *rest]
    bare, text = (BARE, first.text[1:]) if first.text.startswith(BARE) else ("", first.text)
    labelled = bare + escape(f"<label>{box} ") + text + escape("</label>")
    return _with_first_line([_Block("paragraph", labelled), *rest], state_of(context).item(class_="task"))


def _with_first_line(blocks: list[_Block], mark: str = "") -> str:
    """Start an item with a paragraph, because Python-Markdown misreads `- - a` and `- > a`."""
    if not blocks or blocks[0].kind != "paragraph":
        blocks = [_Block("paragraph", BARE), *blocks]
    return mark + _joined(blocks)


def _table(node: RenderTreeNode, context: RenderContext) -> str:
    rows = [row for row in node.walk() if row.type == "tr"]
    lines = [_row(cell.render(context) for cell in row.children) for row in rows]
    delimiters = _row(_DELIMITERS.get(attribute(cell, "style"), "---") for cell in rows[0].children)
    body = lines[1:] or [_row([BARE])]
    return "\n".join([lines[0], delimiters, *body])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(node: RenderTreeNode, context: RenderContext) -> str:
    return node.children[0].render(context) if node.children else ""


def _box(node: RenderTreeNode, context: RenderContext) -> str:
    """A note written as `!!! tip "Title"`, or as the alert `> [!TIP]` of Git hosts."""
    name, _, own_title = node.info.strip().partition(" ")
    kind = _BOXES.get(name.lower(), "note")
    css_class = "note" if kind == "note" else f"note note--{kind}"
    opening = _bare(f'<div class="{css_class}">')
    children = list(node.children)
    if children and children[0].type.endswith("_title"):
        known = name.lower() in _BOXES and not own_title.strip()
        written = children.pop(0).children[0]
        title = escape(state_of(context).labels.boxes[kind]) if known else written.render(context)
        opening += escape('<p class="note__title">') + title + escape("</p>")
    return "\n\n".join([opening, *(block.text for block in _blocks(children, context)), _bare("</div>")])


def _definitions(node: RenderTreeNode, context: RenderContext) -> str:
    """`<dl>`, `<dt>` and `<dd>` around what they hold, as in a box."""
    return "\n\n".join([_bare("<dl>"), *(child.render(context) for child in node.children), _bare("</dl>")])


def _term(node: RenderTreeNode, context: RenderContext) -> str:
    return _bare("<dt>") + node.children[0].render(context).strip() + escape("</dt>")


def _definition(node: RenderTreeNode, context: RenderContext) -> str:
    blocks = _blocks(node.children, context)
    return "\n\n".join([_bare("<dd>"), *(block.text for block in blocks), _bare("</dd>")])


def _footnotes(node: RenderTreeNode, context: RenderContext) -> str:
    state = state_of(context)
    section = tag("section", role="doc-endnotes", aria_label=state.labels.footnotes, class_="footnotes")
    notes = _items(f"{state.page.footnotes + 1}.", [_footnote(note, context) for note in node.children])
    state.page.footnotes += len(node.children)
    return "\n\n".join([_bare(section), notes, _bare("</section>")])


def _footnote(node: RenderTreeNode, context: RenderContext) -> str:
    state = state_of(context)
    number = state.page.footnotes + node.meta["id"] + 1
    anchors = [anchor for anchor in node.walk() if anchor.type == "footnote_anchor"]
    links = [
        tag(
            "a",
            "\u21a9\ufe0e",
            href=f"#{state.prefix}fnref:{number}:{sub}",
            role="doc-backlink",
            aria_label=f"{state.labels.back} {number}" + (f".{sub}" if len(anchors) > 1 else ""),
        )
        for sub in (anchor.meta["subId"] + 1 for anchor in anchors)
    ]
    blocks = _blocks((child for child in node.children if child.type != "footnote_anchor"), context)
    back = " ".join(links)
    if blocks and blocks[-1].kind == "paragraph":
        blocks[-1] = _Block("paragraph", blocks[-1].text + escape(" " + back))
    else:
        blocks.append(_Block("backlinks", _bare(back)))
    return _with_first_line(blocks, state.item(id=f"{state.prefix}fn:{number}"))


class Strict:
    """The mdformat extension that holds the renderers."""

    RENDERERS: Mapping[str, Render] = {
        **INLINE,
        "root": _root,
        "paragraph": _paragraph,
        "heading": _heading,
        "hr": _hr,
        "fence": _code,
        "code_block": _code,
        "math_block": _math,
        "html_block": _html,
        "blockquote": _quote,
        "bullet_list": _list,
        "ordered_list": _list,
        "table": _table,
        "th": _cell,
        "td": _cell,
        "admonition": _box,
        "alert": _box,
        "footnote_block": _footnotes,
        "dl": _definitions,
        "dt": _term,
        "dd": _definition,
    }
