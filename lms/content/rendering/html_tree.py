"""The strict form as HTML: Python-Markdown reads the blocks, then the marks are resolved."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.treeprocessors import Treeprocessor

from lms.content.rendering.escaping import BARE, ITEM_CLOSE, ITEM_OPEN, attribute_value, readable, unescape
from lms.content.rendering.state import RenderState

_LONGEST_LABEL = 60
_ITEM = re.compile(f"{ITEM_OPEN}([0-9]+){ITEM_CLOSE}")
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})


def html_of(strict: str, state: RenderState) -> str:
    """A new Markdown instance for each text, because it holds state and cannot be shared between threads."""
    reader = Markdown(
        extensions=[SaneListExtension(), TableExtension(use_align_attribute=True), _Marks(state)],
        output_format="html",
    )
    return unescape(reader.convert(strict))


class _Marks(Extension):
    """Turns off what the strict form does not use, and resolves the marks in the tree."""

    def __init__(self, state: RenderState) -> None:
        super().__init__()
        self.state = state

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.deregister("html_block")
        for name in ("code", "setextheader", "reference"):
            md.parser.blockprocessors.deregister(name)
        for name in ("inline", "prettify", "unescape"):
            md.treeprocessors.deregister(name)
        for name in ("raw_html", "amp_substitute"):
            md.postprocessors.deregister(name)
        md.treeprocessors.register(_Settle(md, self.state), "settle", 10)


class _Settle(Treeprocessor):
    def __init__(self, md: Markdown, state: RenderState) -> None:
        super().__init__(md)
        self.state = state

    def run(self, root: Element) -> None:
        elements = list(root.iter())
        headings = (element for element in elements if element.tag in _HEADINGS)
        for element, heading in zip(headings, self.state.headings, strict=True):
            _set(element, id=heading.anchor)
        for element in elements:
            if element.tag == "li":
                self._settle_item(element)
            if element.tag == "table":
                _settle_table(element)
        for element in elements:
            _unwrap_bare_paragraphs(element)
            _wrap_tables(element, self.state.labels.table)

    def _settle_item(self, item: Element) -> None:
        """Set the attributes that an item's mark names, and wrap bare text in a `<p>`."""
        holder = item[0] if not item.text and len(item) else item
        text = holder.text or ""
        if found := _ITEM.match(text):
            text = text[found.end() :]
            _set(item, **self.state.items[int(found[1])])
        holder.text = text
        if holder is item and text and not text.startswith(BARE):
            item.text = None
            paragraph = Element("p")
            paragraph.text = text
            item.insert(0, paragraph)
        elif holder is item:
            item.text = text.removeprefix(BARE)


def _set(element: Element, **attributes: str) -> None:
    """The one way to set attributes: it escapes their values."""
    for name, value in attributes.items():
        element.set(name.rstrip("_").replace("_", "-"), attribute_value(value))


def _unwrap_bare_paragraphs(parent: Element) -> None:
    """Replace bare paragraphs by their text."""
    if not any(child.tag == "p" and (child.text or "").startswith(BARE) for child in parent):
        return
    children = list(parent)
    parent[:] = []
    for child in children:
        if child.tag != "p" or not (child.text or "").startswith(BARE):
            parent.append(child)
            continue
        text = (child.text or "")[1:] + (child.tail or "")
        if len(parent):
            parent[-1].tail = _beside(parent[-1].tail, text)
        else:
            parent.text = _beside(parent.text, text)


def _beside(before: str | None, text: str) -> str:
    return f"{before} {text}" if before and text else (before or "") + text


def _settle_table(table: Element) -> None:
    head, body = table
    for cell in table.iter():
        if cell.tag in ("th", "td") and (align := cell.attrib.pop("align", None)):
            _set(cell, class_=align)
    for cell in head[0]:
        if cell.text:
            _set(cell, scope="col")
        else:
            cell.tag = "td"  # an empty header cell means nothing to a screen reader
    if body[0][0].text == BARE:
        table.remove(body)


def _wrap_tables(parent: Element, word: str) -> None:
    for place, child in enumerate(parent):
        if child.tag != "table":
            continue
        titles = [readable(unescape(cell.text or "")).strip() for cell in child[0][0]]
        label = ": ".join(filter(None, [word, ", ".join(filter(None, titles))]))[:_LONGEST_LABEL]
        scroll = Element("div")
        _set(scroll, class_="scroll", tabindex="0", role="region", aria_label=label)
        scroll.tail, child.tail = child.tail, None
        scroll.append(child)
        parent[place] = scroll
