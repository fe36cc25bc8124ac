"""What stands in rendered HTML though its author meant something else: tags and marks as text, dead anchors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from lms.content.rendering.emoji import CODE

_TAGS = [
    "address",
    "area",
    "aside",
    "audio",
    "base",
    "basefont",
    "bgsound",
    "body",
    "button",
    "canvas",
    "cite",
    "colgroup",
    "data",
    "datalist",
    "dfn",
    "dialog",
    "embed",
    "fieldset",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "html",
    "iframe",
    "input",
    "label",
    "legend",
    "link",
    "main",
    "map",
    "marquee",
    "menu",
    "meta",
    "meter",
    "nav",
    "noscript",
    "object",
    "optgroup",
    "option",
    "output",
    "param",
    "pre",
    "progress",
    "q",
    "ruby",
    "samp",
    "script",
    "select",
    "slot",
    "style",
    "svg",
    "template",
    "textarea",
    "time",
    "title",
    "track",
    "tt",
    "var",
    "video",
    "wbr",
    "figure",
    "table",
    "tr",
    "td",
    "th",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "hr",
    "blockquote",
    "details",
    "summary",
    "caption",
    "thead",
    "tbody",
    "figcaption",
]
_KEPT = frozenset({"code", "pre", "math", "kbd"})
_VOID = frozenset({"br", "hr", "img", "input", "wbr"})
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("tag", re.compile(rf"<(?:{'|'.join(_TAGS)})(?=[\s>/])[^<>]{{0,300}}>?", re.IGNORECASE)),
    (
        "include",
        re.compile(
            r"\{\{#\w*include [^{}]*\}\}|--8<-- *\S*|\{% *include[^%]*%\}|(?<!\w)!include\b|\{\{<? *include[^{}]*\}\}"
        ),
    ),
    ("template", re.compile(r"\{%[^%]{0,200}%\}|\{\{[^{}]{0,200}\}\}")),
    ("fence", re.compile(r"(?<!:):::+ ?\w*")),
    ("attributes", re.compile(r"\{:? ?(?:[#.][A-Za-z][\w-]*|[A-Za-z][\w-]*=)[^{}]{0,200}\}")),
    ("spaces", re.compile(r"!?\[[^\[\]]{0,200}\]\([^()<>\n]{1,200} [^()\n\"]{1,200}\)")),
    ("refused", re.compile(r"!?\[[^\[\]]{0,200}\]\([A-Za-z]{1,20}:[^()\s]{1,300}\)")),
    ("undefined", re.compile(r"\[\^[^\[\]\s]{1,40}\]|(?<=\])\[[^\[\]]{1,60}\]")),
    ("stars", re.compile(r"\*\*[^*]{1,200}\*\*")),
    ("pipes", re.compile(r"\|\s?:?-{3,}:?\s?\|")),
    ("emoji", CODE),
)


@dataclass(frozen=True)
class Leftover:
    """``text`` as learners see it, or the address of a dead anchor."""

    kind: str
    text: str


@dataclass(frozen=True)
class HtmlFacts:
    """What an HTML has: leftovers in their order, its ids, and the addresses that its links lead to."""

    leftovers: tuple[Leftover, ...]
    ids: frozenset[str]
    addresses: tuple[str, ...]


def read_html_facts(html: str) -> HtmlFacts:
    reader = _Reader(html)
    return HtmlFacts(tuple(_found_in("".join(reader.text))), frozenset(reader.ids), tuple(reader.addresses))


def _found_in(text: str) -> Iterator[Leftover]:
    """Each piece once, as the first kind that knows it."""
    taken: list[tuple[int, int]] = []
    found = []
    for kind, pattern in _KINDS:
        for match in pattern.finditer(text):
            if not any(start < match.end() and match.start() < end for start, end in taken):
                taken.append(match.span())
                found.append((match.start(), Leftover(kind, match[0])))
    return (leftover for _at, leftover in sorted(found, key=lambda pair: pair[0]))


class _Reader(HTMLParser):
    """Collects text outside of code; elements are kept apart by line breaks."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.ids: set[str] = set()
        self.addresses: list[str] = []
        self._kept = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if attributes.get("id"):
            self.ids.add(attributes["id"] or "")
        if tag == "a" and attributes.get("href"):
            self.addresses.append(attributes["href"] or "")
        self._kept += tag in _KEPT
        self.text.append("\n" if tag not in ("em", "strong", "a", "span") else "\u200b")

    def handle_endtag(self, tag: str) -> None:
        self._kept -= tag in _KEPT and self._kept > 0
        self.text.append("\n" if tag not in ("em", "strong", "a", "span") else "\u200b")

    def handle_data(self, data: str) -> None:
        if not self._kept:
            self.text.append(data)
