"""Whether an SVG is a drawing only. Pages show it as a picture, where scripts do not run; opened alone it is sandboxed.

It is refused all the same, because authors download it and open it elsewhere.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

_ENTITIES = re.compile(rb"<!(?:ENTITY|DOCTYPE[^>]*\[)", re.IGNORECASE)
_ACTIVE = frozenset({"script", "foreignobject", "iframe", "embed", "object", "audio", "video", "handler", "set"})
_LINKS = frozenset({"href", "src"})
MAX_BYTES = 2 * 1024 * 1024


def fault_of(data: bytes) -> str | None:
    """``"broken"`` if it is no SVG, ``"scripts"`` if it does more than draw; else None."""
    if len(data) > MAX_BYTES or _ENTITIES.search(data):
        return "broken" if len(data) > MAX_BYTES else "scripts"
    parser: XMLPullParser[Any] = XMLPullParser(events=("start",))
    try:
        parser.feed(data)
        parser.close()
        elements: list[Element] = [element for _event, element in parser.read_events()]  # type: ignore[misc]
    except (ParseError, ValueError, LookupError):
        return "broken"
    if not elements or _local(elements[0].tag) != "svg":
        return "broken"
    for element in elements:
        if _local(element.tag) in _ACTIVE:
            return "scripts"
        for name, value in element.attrib.items():
            local = _local(name)
            address = "".join(value.split()).lower()
            allowed = ("#", "data:image/", "https:", "http:") if _local(element.tag) == "a" else ("#", "data:image/")
            if local.startswith("on") or (local in _LINKS and not address.startswith(allowed)):
                return "scripts"
    return None


def _local(name: str) -> str:
    return name.rpartition("}")[2].lower()
