"""Thousands of payloads through the renderers: nothing but the allowed elements, attributes and addresses comes out."""

from __future__ import annotations

import pytest
from attacks.payloads import markdown_texts, texts
from content.rendering.allowed import faults

from lms.assignments.plain_text import as_paragraphs
from lms.content.rendering.markdown_html import LinkTarget, render, render_plain, without_paragraph

pytestmark = pytest.mark.slow

PARTS = 4
"""So that several workers share each list. Of questions every fourth text will do: they are rendered as modules are."""


def on_the_site(path: str) -> LinkTarget:
    return LinkTarget("/media/" + path)


RENDERERS = {
    "author": lambda text: render(text, resolve=on_the_site).html,
    "question": lambda text: without_paragraph(render(text, resolve=on_the_site, prefix="q1-").html),
    "learner": render_plain,
    "assignment": lambda text: str(as_paragraphs(text)),
}


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", RENDERERS)
def test_only_what_is_allowed_comes_out(name: str, part: int) -> None:
    known = {"plain": True} if name in ("learner", "assignment") else {}
    found = {}
    few = 4 if name == "question" else 1
    for text in (*markdown_texts(), *texts())[part :: few * PARTS]:
        if broken := faults(RENDERERS[name](text), **known):
            found[text] = broken
    assert found == {}


def test_there_are_thousands() -> None:
    assert len(texts()) > 4_000
    assert len(markdown_texts()) > 3_000


def test_the_check_finds_what_runs() -> None:
    """Otherwise it would pass whatever a renderer does: nearly every payload, taken as HTML, is a fault."""
    missed = [text for text in texts() if "<" in text and not faults(text)]
    assert len(missed) < len(texts()) / 20
