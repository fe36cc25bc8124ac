"""The tags and attributes that rendered HTML may contain, and the limits on a text's size and depth."""

from __future__ import annotations

import re

MAX_AUTHOR = 200_000
MAX_LEARNER = 4_000
MAX_DEPTH = 40
MAX_BLOCKS = 20_000
MAX_SIBLINGS = 5_000
"""In one list, table row or paragraph. html5lib's time grows with the square of this number."""
MAX_LINK_TEXT = 1_000_000


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())


SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)

_ID = re.compile(r"[\w:-]+")
_CLASSES = {
    "div": {"scroll", "note", "note note--tip", "note note--warning", "note note--example"},
    "p": {"note__title"},
    "li": {"task"},
    "section": {"footnotes"},
    "span": {"missing"},
    "th": {"right", "center"},
    "td": {"right", "center"},
}
_FIXED = {
    ("div", "role"): {"region"},
    ("div", "tabindex"): {"0"},
    ("th", "scope"): {"col"},
    ("section", "role"): {"doc-endnotes"},
    ("a", "role"): {"doc-noteref", "doc-backlink"},
    ("a", "rel"): {"noopener nofollow"},
    ("input", "type"): {"checkbox"},
    ("img", "loading"): {"lazy"},
    ("img", "decoding"): {"async"},
}
_FREE = {
    "a": {"href", "title", "aria-label"},
    "abbr": {"title"},
    "div": {"aria-label"},
    "img": {"src", "alt", "title"},
    "input": {"checked", "disabled"},
    "section": {"aria-label"},
}
_NUMBERS = {("img", "width"), ("img", "height"), ("ol", "start")} | {
    (cell, span) for cell in ("td", "th") for span in ("colspan", "rowspan")
}
_WITH_ID = frozenset({"h2", "h3", "h4", "h5", "h6", "li", "sup"})
_TAGS = names(
    "a abbr b blockquote br caption code dd del details div dl dt em figcaption figure h2 h3 h4 h5 h6 hr i img input"
    " ins kbd label li mark ol p section span strong sub summary sup table tbody td th thead tr u ul"
)
_TAGS_OF_LEARNERS = frozenset({"p", "br", "em", "strong", "ul", "ol", "li", "a"})


class TextTooComplex(ValueError):
    """The text is too long or nested too deeply to be rendered in reasonable time."""


def scheme_of(url: str) -> str:
    """The scheme in lower case; empty for a relative address."""
    found = _SCHEME.match(url)
    return found[1].lower() if found else ""


def clean(markup: str, *, of_learner: bool = False) -> str:
    """Well-formed HTML with only the tags and attributes that this package writes.

    Makes a new cleaner for each call, because bleach's holds state and cannot be shared between threads.
    """
    import bleach.sanitizer  # memory that web processes seldom need: most is rendered in child processes

    cleaner = bleach.sanitizer.Cleaner(
        tags=_TAGS_OF_LEARNERS if of_learner else _TAGS,
        attributes=_may_stand,
        protocols=SCHEMES,
        strip=True,
    )
    return str(cleaner.clean(markup))


def _may_stand(name: str, attribute: str, value: str) -> bool:
    if attribute == "class":
        return value in _CLASSES.get(name, ())
    if attribute == "id":
        return name in _WITH_ID and _ID.fullmatch(value) is not None
    if (name, attribute) in _NUMBERS:
        return value.isascii() and value.isdigit()
    if (name, attribute) in _FIXED:
        return value in _FIXED[name, attribute]
    return attribute in _FREE.get(name, ())
