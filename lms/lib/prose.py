"""Markdown to safe, light HTML that looks as it does on a Git host.

A text passes four hands. `prose_reading` reads it as a Git host would and writes it again in a form that can
be read in one way only; Python-Markdown (`prose_tree`) makes HTML of that; bleach (`prose_safety`) lets
through what is on the list and nothing else; formulas and coloured code, which are this site's own work, are
put in at the end. Render when a text is saved, not when it is shown, and keep `VERSION` beside the result.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lms.lib.prose_draft import WORDS, Draft, Heading, Resolve, Target, nowhere
from lms.lib.prose_reading import strict_form
from lms.lib.prose_safety import MAX_AUTHOR, MAX_LEARNER, ProseTooComplex, clean
from lms.lib.prose_seal import PART_CLOSE, PART_OPEN, readable, without_control_characters
from lms.lib.prose_tree import html_of

__all__ = [
    "VERSION",
    "Heading",
    "Prose",
    "ProseTooComplex",
    "Target",
    "render",
    "render_plain",
    "render_short",
]

VERSION = 1
"""Raise it whenever the same text would give other HTML: what was stored is then rendered again."""

_PART = re.compile(f"{PART_OPEN}([0-9]+){PART_CLOSE}")
_WORD = re.compile(r"\w+(?:[-'’./]\w+)*")
_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>", re.DOTALL)


@dataclass(frozen=True)
class Prose:
    html: str
    words: int
    """For the reading time; code blocks and formulas are not counted."""
    headings: tuple[Heading, ...]


def render(source: str, *, resolve: Resolve = nowhere, prefix: str = "", language: str = "id") -> Prose:
    """Render a text by an author.

    :param resolve: gets a relative address as written; without a target a link is its text, a picture its
        description.
    :param prefix: begins every id, so that texts rendered apart can share a page.
    :raises ProseTooComplex: too long, or nested too deeply.
    """
    draft = Draft(words=WORDS[language], resolve=resolve, prefix=prefix)
    return _rendered(source, draft, limit=MAX_AUTHOR)


def render_short(source: str, *, resolve: Resolve = nowhere, prefix: str = "", language: str = "id") -> str:
    """Render a stem or an option: as `render`, but a single paragraph comes without its `<p>`."""
    markup = render(source, resolve=resolve, prefix=prefix, language=language).html
    only = _ONE_PARAGRAPH.fullmatch(markup)
    return only[1] if only else markup


def render_plain(source: str) -> str:
    """Render a text by a learner: paragraphs, emphasis, lists and links; line ends are kept.

    :raises ProseTooComplex: too long, or nested too deeply.
    """
    draft = Draft(words=WORDS["id"], breaks=True)
    return _rendered(source, draft, limit=MAX_LEARNER, of_learner=True).html


def _rendered(source: str, draft: Draft, *, limit: int, of_learner: bool = False) -> Prose:
    if len(source) > limit:
        raise ProseTooComplex(f"the text has {len(source)} characters; {limit} are possible")
    try:
        strict = strict_form(without_control_characters(source), draft, of_learner=of_learner)
        cleaned = clean(html_of(strict, draft), of_learner=of_learner)
    except RecursionError:
        raise ProseTooComplex("the text is nested too deeply") from None
    return Prose(
        html=_PART.sub(lambda found: draft.parts[int(found[1])], cleaned),
        words=len(_WORD.findall(readable(cleaned))),
        headings=tuple(draft.headings),
    )
