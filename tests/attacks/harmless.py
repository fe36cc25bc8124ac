"""Whether texts on a page stayed texts: it is compared with its twin, which holds harmless texts in the same places."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from xml.etree.ElementTree import Element

ADDRESSES = {"href", "src", "action", "formaction", "data", "poster", "srcset", "background", "cite"}
_OWN = re.compile(r"(/(?!/)|#|\?|$)")
_FOREIGN = re.compile(r"(https?://|mailto:|tel:)[^\s<>\"']+$")
"""Where a link may lead, not what a page may load: the Content-Security-Policy sees to that."""
_WHITE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]+")


def vocabulary(pages: Iterable[Element]) -> dict[str, set[str]]:
    """The elements of pages, each with the names of its attributes."""
    found: dict[str, set[str]] = defaultdict(set)
    for page in pages:
        for element in _elements(page):
            found[element.tag] |= set(element.attrib)
    return found


def faults(page: Element, known: dict[str, set[str]]) -> list[str]:
    """What has become markup: elements and attributes that the twin has not, addresses that are no addresses."""
    found = []
    for element in _elements(page):
        if element.tag not in known:
            found.append(f"element {element.tag}")
            continue
        found += [f"{element.tag} {name}" for name in set(element.attrib) - known[element.tag]]
        found += [
            f"{element.tag} {name}={element.attrib[name]!r}"
            for name in ADDRESSES & set(element.attrib)
            if not _OWN.match(element.attrib[name]) and not _FOREIGN.match(element.attrib[name])
        ]
        if element.tag == "script" and not (element.get("src", "").startswith("/static/") and not element.text):
            found.append("script of its own")
        if element.tag == "meta" and "script" in element.get("content", ""):
            found.append("meta")
    return found


def shown(page: Element) -> str:
    """All texts and attribute values of a page without white space, to look for what should be readable there."""
    values = [value for element in _elements(page) for value in element.attrib.values()]
    return "\n".join(map(squeezed, ["".join(page.itertext()), *values]))


def squeezed(text: str) -> str:
    return _WHITE.sub("", text)


def _elements(tree: Element) -> Iterable[Element]:
    return (element for element in tree.iter() if isinstance(element.tag, str))
