"""What a reader sees of a page, whoever rendered it: blocks in order, their texts, emphasis, code, links."""

from __future__ import annotations

import re
from urllib.parse import unquote
from xml.etree.ElementTree import Element

import html5lib
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.gfm import gfm_plugin

from lms.content.rendering.sanitizing import names

_SAME = {"s": "del", "th": "cell", "td": "cell"}
_HEADINGS = names("h1 h2 h3 h4 h5 h6")
_TRANSPARENT = frozenset({"thead", "tbody", "label"})
_BLOCKS = names("ul ol li p pre blockquote table tr cell hr box footnotes h1 h2 h3 h4 h5 h6 details summary")


def git_host() -> MarkdownIt:
    """A GFM parser with its own HTML; formulas by the rule that spares prices."""
    parser = MarkdownIt("commonmark").use(gfm_plugin)
    return parser.use(
        dollarmath_plugin,
        allow_space=False,
        allow_digits=False,
        double_inline=True,
        allow_labels=False,
        allow_blank_lines=False,
    )


def structure(markup: str) -> list[object]:
    root = html5lib.parseFragment(markup, treebuilder="etree", namespaceHTMLElements=False)
    return _children(root)


def levels_from_two(markup: str) -> str:
    """Move headings as our pages do, whose own title is the only h1."""
    shift = int("<h1>" in markup)
    return re.sub(r"(</?h)([1-6])>", lambda found: f"{found[1]}{min(6, int(found[2]) + shift)}>", markup)


def lines(tree: list[object], depth: int = 0) -> list[str]:
    """The same, one line each, so that a difference can be read."""
    out: list[str] = []
    for node in tree:
        if isinstance(node, tuple):
            out.append("  " * depth + str(node[0]))
            out += lines(node[1], depth + 1)  # type: ignore[arg-type]
        else:
            out.append("  " * depth + repr(node))
    return out


def _children(element: Element) -> list[object]:
    found: list[object] = []
    _add_text(found, element.text)
    for child in element:
        if isinstance(child.tag, str):  # a comment has a function there
            found += _node(child)
        _add_text(found, child.tail)
    return _tidied(found)


def _add_text(found: list[object], text: str | None) -> None:
    if text:
        found.append(re.sub(r"[ \t\n]+", " ", text))


def _node(element: Element) -> list[object]:
    name, classes = element.tag, (element.get("class") or "").split()
    name = _SAME.get(name, name)
    if name == "section" or (name == "hr" and "footnotes-sep" in classes):
        return [("footnotes", _children(element))] if name == "section" else []
    if name == "sup" and any("fn" in (part.get("id") or "") for part in element.iter()):
        return [("footnote " + "".join(element.itertext()).strip("[]").split(":")[0], [])]
    if name == "a" and ("footnote-backref" in classes or element.get("role") == "doc-backlink"):
        return []
    if name.endswith("math") or "math" in classes:
        return [("formula", [])]
    if name == "input" or (name in _HEADINGS and not len(element) and not element.text):
        return []  # a heading without words is not seen; a tick is told with its item
    if name in _TRANSPARENT or "scroll" in classes:
        return _children(element)
    if "note" in classes or "markdown-alert" in classes:
        return [("box", _children(element)[1:])]
    if name == "pre":
        return [("pre", ["".join(element.itertext()).strip("\n")])]
    if name == "img":
        return [(f"img {unquote(element.get('src') or '')} {element.get('alt')}", [])]
    if name == "a":
        name = f"a {unquote(element.get('href') or '')} {element.get('title') or ''}"
    if name == "ol":
        name = f"ol {element.get('start') or 1}"
    if name == "li":
        boxes = [box for path in ("input", "label/input", "p/input", "p/label/input") for box in element.findall(path)]
        name = "li" if not boxes else "li [ ]" if boxes[0].get("checked") is None else "li [x]"
    sides = [*classes, (element.get("style") or "").removeprefix("text-align:")]
    align = next((side for side in ("right", "center") if side in sides), "")
    return [(f"{name} {align}".strip(), _children(element))]


def _tidied(found: list[object]) -> list[object]:
    """Join neighbouring texts and drop the spaces that only lie between blocks."""
    joined: list[object] = []
    for node in found:
        if isinstance(node, str) and joined and isinstance(joined[-1], str):
            joined[-1] = re.sub(" +", " ", joined[-1] + node)
        else:
            joined.append(node)
    last = len(joined) - 1
    for place, node in enumerate(joined):
        if isinstance(node, str):
            before_is_block = place == 0 or _is_block(joined[place - 1])
            after_is_block = place == last or _is_block(joined[place + 1])
            node = node.lstrip(" ") if before_is_block else node
            joined[place] = node.rstrip(" ") if after_is_block else node
    return [node for node in joined if node != ""]


def _is_block(node: object) -> bool:
    return isinstance(node, tuple) and str(node[0]).split()[0] in _BLOCKS | {"br"}
