"""What rendered HTML may hold, said a second time, independently of the renderer; and whether it is sound."""

from __future__ import annotations

import re
import warnings
from xml.etree.ElementTree import Element

import html5lib

TEXT: dict[str, set[str]] = {
    "p": {"class"}, "br": set(), "hr": set(), "em": set(), "strong": set(), "del": set(), "code": set(),
    "b": set(), "i": set(), "u": set(), "ins": set(), "mark": set(), "kbd": set(), "sub": set(),
    "abbr": {"title"}, "pre": {"tabindex"}, "span": {"class"}, "blockquote": set(), "details": set(),
    "summary": set(), "ul": set(), "ol": {"start"}, "li": {"class", "id"}, "label": set(),
    "input": {"checked", "disabled", "type"}, "table": set(), "thead": set(), "tbody": set(), "tr": set(),
    "th": {"class", "colspan", "rowspan", "scope"}, "td": {"class", "colspan", "rowspan"},
    "div": {"aria-label", "class", "role", "tabindex"},
    "section": {"aria-label", "class", "role"}, "sup": {"id"},
    "a": {"aria-label", "href", "rel", "role", "title"},
    "img": {"alt", "decoding", "height", "loading", "src", "title", "width"}, "h2": {"id"}, "h3": {"id"},
    "dl": set(), "dt": set(), "dd": set(), "figure": set(), "figcaption": set(), "caption": set(),
    "h4": {"id"}, "h5": {"id"}, "h6": {"id"},
}  # fmt: skip
CLASSES = {
    "scroll", "note", "note note--tip", "note note--warning", "note note--example", "note__title",
    "footnotes", "task", "missing", "right", "center", "c", "k", "s", "n",
}  # fmt: skip
MATH = re.compile(
    r"math|m(row|i|n|o|s|text|space|sup|sub|subsup|frac|sqrt|root|over|under|underover|table|tr|td|style)"
)
MATH_ATTRIBUTES = re.compile(r"display|[a-z]*(align|space|spacing|size|lines|level|style|variant)|width|height|depth")
MATH_FLAGS = {"stretchy", "fence", "form", "accent", "movablelimits", "largeop", "separator", "linethickness"}
PLAIN = {"p", "br", "em", "strong", "ul", "ol", "li", "a"}
_NAMESPACE = re.compile(r"\{[^}]*\}")


def faults(markup: str, *, plain: bool = False) -> list[str]:
    """Each element, attribute or address that should not be there; an id given twice; tags out of order."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        root = html5lib.parseFragment(markup, treebuilder="etree", namespaceHTMLElements=False)
    found: list[str] = []
    ids: list[str] = []
    for element in root.iter():
        if element is not root:
            found += _faults_of(element, plain)
            ids += [element.attrib["id"]] if "id" in element.attrib else []
    found += [f"id {name!r} twice" for name in set(ids) if ids.count(name) > 1]
    return found + _unsound(markup)


def _faults_of(element: Element, plain: bool) -> list[str]:
    if not isinstance(element.tag, str):
        return ["a comment"]
    name = _NAMESPACE.sub("", element.tag)
    if MATH.fullmatch(name) and not plain:
        return [f"{name} {key}" for key in element.attrib if not (MATH_ATTRIBUTES.fullmatch(key) or key in MATH_FLAGS)]
    if name not in TEXT or (plain and name not in PLAIN):
        return [f"element {name}"]
    found = [f"{name} {key}" for key in element.attrib if key not in TEXT[name]]
    if element.get("class", "c") not in CLASSES:
        found.append(f"class {element.get('class')!r}")
    if name == "a" and not re.match(r"(https?:|mailto:|tel:|#|/)", element.get("href", "")):
        found.append(f"address {element.get('href')!r}")
    if name == "img" and not element.get("src", "").startswith("/"):
        found.append(f"picture {element.get('src')!r}")
    if name == "input" and (element.get("type") != "checkbox" or element.get("disabled") is None):
        found.append("an input one can use")
    return found


def _unsound(markup: str) -> list[str]:
    """Tags that do not close each other in order."""
    open_: list[str] = []
    for closing, name in re.findall(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^>]*>", markup):
        if not closing:
            open_ += [name] if name not in ("br", "hr", "img", "input") else []
        elif not open_ or open_.pop() != name:
            return [f"</{name}> out of order"]
    return [f"<{name}> is never closed" for name in open_]
