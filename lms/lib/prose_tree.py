"""From the strict form to HTML: Python-Markdown reads the blocks, and the marks are taken at their word."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.treeprocessors import Treeprocessor

from lms.lib.prose_draft import Draft
from lms.lib.prose_seal import ITEM_CLOSE, ITEM_OPEN, NAKED, readable, seal, unseal

_LONGEST_LABEL = 60
_ITEM = re.compile(f"{ITEM_OPEN}([0-9]+){ITEM_CLOSE}")
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})


def html_of(strict: str, draft: Draft) -> str:
    """A reader is made for each text: Python-Markdown's holds state and may not be shared between threads."""
    reader = Markdown(
        extensions=[SaneListExtension(), TableExtension(use_align_attribute=True), _Marks(draft)],
        output_format="html",
    )
    return unseal(reader.convert(strict))


class _Marks(Extension):
    """Switches off all that the strict form has no use for, and settles the marks in the tree."""

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.deregister("html_block")
        for name in ("code", "setextheader", "reference"):
            md.parser.blockprocessors.deregister(name)
        for name in ("inline", "prettify", "unescape"):
            md.treeprocessors.deregister(name)
        for name in ("raw_html", "amp_substitute"):
            md.postprocessors.deregister(name)
        md.treeprocessors.register(_Settle(md, self.draft), "settle", 10)


class _Settle(Treeprocessor):
    def __init__(self, md: Markdown, draft: Draft) -> None:
        super().__init__(md)
        self.draft = draft

    def run(self, root: Element) -> None:
        elements = list(root.iter())
        headings = (element for element in elements if element.tag in _HEADINGS)
        for element, heading in zip(headings, self.draft.headings, strict=True):
            element.set("id", heading.anchor)
        for element in elements:
            if element.tag == "li":
                self._settle_item(element)
            if element.tag == "table":
                _settle_table(element)
        for element in elements:
            _undress(element)
            _wrap_tables(element, self.draft.words.table)

    def _settle_item(self, item: Element) -> None:
        """Give an item the attributes it begins with, and a `<p>` to text that was left without one."""
        holder = item[0] if not item.text and len(item) else item
        text = holder.text or ""
        if found := _ITEM.match(text):
            text = text[found.end() :]
            item.attrib.update(self.draft.items[int(found[1])])
        holder.text = text
        if holder is item and text and not text.startswith(NAKED):
            item.text = None
            paragraph = Element("p")
            paragraph.text = text
            item.insert(0, paragraph)
        elif holder is item:
            item.text = text.removeprefix(NAKED)


def _undress(parent: Element) -> None:
    """Put the text of naked paragraphs where the paragraphs stood."""
    if not any(child.tag == "p" and (child.text or "").startswith(NAKED) for child in parent):
        return
    children = list(parent)
    parent[:] = []
    for child in children:
        if child.tag != "p" or not (child.text or "").startswith(NAKED):
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
            cell.set("class", align)
    for cell in head[0]:
        if cell.text:
            cell.set("scope", "col")
        else:
            cell.tag = "td"  # a heading without words says nothing when it is read aloud
    if body[0][0].text == NAKED:
        table.remove(body)


def _wrap_tables(parent: Element, word: str) -> None:
    for place, child in enumerate(parent):
        if child.tag != "table":
            continue
        titles = [readable(unseal(cell.text or "")).strip() for cell in child[0][0]]
        label = f"{word}: {', '.join(filter(None, titles))}"[:_LONGEST_LABEL]
        scroll = Element("div", {"class": "scroll", "tabindex": "0", "role": "region"})
        scroll.set("aria-label", seal(label))
        scroll.tail, child.tail = child.tail, None
        scroll.append(child)
        parent[place] = scroll
