"""Footnotes in HTML: a link to a text that links back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lms.content.markdown.html_nodes import BLOCKS, HtmlNode

FOOTNOTE_REFERENCE = "footnote-reference"
"""The tag of what stands where a footnote is mentioned; its only child is the footnote's number."""


@dataclass(frozen=True)
class Footnote:
    number: int
    body: HtmlNode


def take_footnotes(root: HtmlNode) -> list[Footnote]:
    """Take the footnotes out of the tree, and put a reference in the place of each link to one."""
    links = _Links(root)
    footnotes: dict[int, Footnote] = {}
    for link in list(root.walk()):
        body = links.body_behind(link)
        if body is None:
            continue
        back_links = links.back_links(link, body)
        if not back_links and id(body) not in footnotes:
            continue
        footnote = footnotes.setdefault(id(body), Footnote(len(footnotes) + 1, body))
        for one in back_links:
            _clear(one)
        link.tag, link.children = FOOTNOTE_REFERENCE, [str(footnote.number)]
    for footnote in footnotes.values():
        links.take_out(footnote.body)
    return list(footnotes.values())


class _Links:
    """Where the links of a tree lead to."""

    def __init__(self, root: HtmlNode) -> None:
        self._root = root
        self._parents = {
            id(child): node for node in [root, *root.walk()] for child in node.children if isinstance(child, HtmlNode)
        }
        self._targets: dict[str, HtmlNode] = {}
        for node in root.walk():
            for name in (node.attrs.get("id"), node.attrs.get("name") if node.tag == "a" else None):
                if name:
                    self._targets.setdefault(name, node)

    def body_behind(self, link: HtmlNode) -> HtmlNode | None:
        """The item or paragraph that a link leads to, unless the link itself stands in it."""
        target = self._targets.get(_fragment(link))
        body = self._item_around(target) if target else None
        if body is None or body is self._root or any(one is body for one in self._with_ancestors(link)):
            return None
        return body

    def back_links(self, link: HtmlNode, body: HtmlNode) -> list[HtmlNode]:
        names = self._names(link)
        return [one for one in body.walk() if _fragment(one) in names]

    def take_out(self, body: HtmlNode) -> None:
        siblings = self._parents[id(body)].children
        if body in siblings:
            siblings.remove(body)
        for one in [body, *body.walk()]:
            if one.tag == "a" and one.attrs.get("role") == "doc-backlink":
                _clear(one)

    def _with_ancestors(self, node: HtmlNode) -> Iterator[HtmlNode]:
        above: HtmlNode | None = node
        while above is not None:
            yield above
            above = self._parents.get(id(above))

    def _item_around(self, node: HtmlNode) -> HtmlNode | None:
        for one in self._with_ancestors(node):
            if one.tag in ("li", "p", "div", "dd"):
                return one
            if one.tag in BLOCKS:
                return None
        return None

    def _names(self, link: HtmlNode) -> set[str]:
        """The fragments that lead to a link: its own, and those of what stands around it in the line."""
        names = {link.attrs.get("id", ""), link.attrs.get("name", "")}
        _, *ancestors = self._with_ancestors(link)
        for one in ancestors:
            if one.tag in BLOCKS:
                break
            names.add(one.attrs.get("id", ""))
        return names - {""}


def _fragment(node: HtmlNode) -> str:
    """What follows ``#`` in the address of a link within the page; empty for anything else."""
    address = node.attrs.get("href", "") if node.tag == "a" else ""
    return address[1:] if address.startswith("#") else ""


def _clear(link: HtmlNode) -> None:
    link.tag, link.children = "span", []
