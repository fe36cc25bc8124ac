"""Markdown to safe, light HTML that looks as it does on a Git host.

Rendering takes four steps. `strict_form` reads the text as a Git host would and writes it as Markdown that
can be read in only one way. `html_tree` turns that into HTML with Python-Markdown. `sanitizing` removes
everything that is not on its lists, with bleach. Formulas and highlighted code, which this package writes
itself, are inserted last. Render when a text is saved, not per request, and store `VERSION` with the result.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lms.content.rendering.escaping import PART_CLOSE, PART_OPEN, without_control_characters
from lms.content.rendering.sanitizing import MAX_AUTHOR, MAX_LEARNER, TextTooComplex, clean
from lms.content.rendering.state import LABELS, Heading, LinkTarget, RenderState, Resolve, nowhere
from lms.content.text import Loss, PageTexts

__all__ = [
    "VERSION",
    "Heading",
    "LinkTarget",
    "RenderedMarkdown",
    "TextTooComplex",
    "render",
    "render_plain",
    "without_paragraph",
]

VERSION = 5
"""Increase it whenever the same text gives different HTML: stored texts are then rendered again."""

_PART = re.compile(f"{PART_OPEN}([0-9]+){PART_CLOSE}")
_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>", re.DOTALL)


@dataclass(frozen=True)
class RenderedMarkdown:
    html: str
    headings: tuple[Heading, ...]
    lost: tuple[Loss, ...] = ()


def render(
    source: str,
    *,
    resolve: Resolve = nowhere,
    prefix: str = "",
    language: str = "id",
    page: PageTexts | None = None,
    shares_anchors: bool = False,
) -> RenderedMarkdown:
    """Render an author's text.

    :param resolve: returns the target of a relative address. Without a target a link becomes its text, and a
        picture its description.
    :param prefix: put before every id, so that separately rendered texts can share a page.
    :param page: of the texts above it on the page; footnotes go on from there.
    :param shares_anchors: headings are told apart by those of ``page``, and not by ``prefix``.
    :raises TextTooComplex: the text is too long or nested too deeply.
    """
    state = RenderState(labels=LABELS.get(language, LABELS["id"]), resolve=resolve, prefix=prefix)
    if page is not None:
        state.page = page
    if shares_anchors:
        state.share_anchors()
    return _rendered(source, state, limit=MAX_AUTHOR)


def without_paragraph(html: str) -> str:
    """A single paragraph without its `<p>`; anything else as it is."""
    only = _ONE_PARAGRAPH.fullmatch(html)
    return only[1] if only else html


def render_plain(source: str) -> str:
    """Render a learner's text: paragraphs, line breaks, emphasis, lists and links only.

    :raises TextTooComplex: the text is too long or nested too deeply.
    """
    state = RenderState(labels=LABELS["id"], is_of_learner=True)
    return _rendered(source, state, limit=MAX_LEARNER, of_learner=True).html


def _rendered(source: str, state: RenderState, *, limit: int, of_learner: bool = False) -> RenderedMarkdown:
    from lms.content.rendering.html_tree import html_of  # see ``clean``: their libraries are larger
    from lms.content.rendering.strict_form import strict_form

    if len(source) > limit:
        raise TextTooComplex(f"the text has {len(source)} characters; the limit is {limit}")
    try:
        strict = strict_form(without_control_characters(source), state, of_learner=of_learner)
        cleaned = clean(html_of(strict, state), of_learner=of_learner)
    except RecursionError:
        raise TextTooComplex("the text is nested too deeply") from None
    if state.heading_prefix is None and state.prefix:
        cleaned = _links_within_the_page(cleaned, state)
    return RenderedMarkdown(
        html=_PART.sub(lambda found: state.parts[int(found[1])], cleaned),
        headings=tuple(state.headings),
        lost=tuple(state.lost),
    )


def _links_within_the_page(html: str, state: RenderState) -> str:
    """A link to a heading that this text does not have is one to a heading of the page around it."""
    own = {heading.anchor for heading in state.headings}
    address = re.compile(rf'href="#({re.escape(state.prefix)})((?!fn(?:ref)?:)[^"]*)"')
    return address.sub(lambda found: found[0] if found[1] + found[2] in own else f'href="#{found[2]}"', html)
