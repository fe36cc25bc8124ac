"""Text made to hurt: it is rendered or refused, never slowly and never with another error."""

from __future__ import annotations

import time

import pytest
from content.rendering.allowed import faults

from lms.content.rendering.markdown_html import LinkTarget, TextTooComplex, render, render_plain

BOUND = 8.0
"""Seconds of computing; without the limits the worst of these take hours, or never end."""


def filled(piece: str, length: int = 30_000) -> str:
    return (piece * (length // len(piece) + 1))[:length]


HOSTILE = {
    "20000 brackets": "[" * 20_000,
    "4000 brackets": "[" * 4_000,
    "closing brackets": "]" * 20_000,
    "nested links": "[" * 2_000 + "a" + "](x)" * 2_000,
    "half links": filled("[a](<b"),
    "half pictures": filled("![a]("),
    "stars": "*" * 30_000,
    "open emphasis": filled("**a *b "),
    "nested emphasis": "*a **b " * 1_000 + "b** a*" * 1_000,
    "word emphasis": filled("*a_b"),
    "backticks": " ".join("`" * length for length in range(200)),
    "tildes": filled("~a ~~b"),
    "angles": filled("<"),
    "half tags": filled("<a "),
    "comments": "<div>\n" + filled("<!--"),
    "open tags": filled("<b>x\n\n"),
    "open details": filled("<details>\n\n"),
    "entities": filled("&amp"),
    "dollars": filled("$a "),
    "formulas": filled("$a$ "),
    "open formulas": filled("$$\na\n"),
    "deep formula": "$" + "{" * 900 + "}" * 900 + "$",
    "roots": "$" + "\\sqrt " * 300 + "x$",
    "macros": "$" + "".join(f"\\def\\{b}{{\\{a}\\{a}}}" for a, b in zip("abcdefgh", "bcdefghi", strict=True)) + "\\i$",
    "wide table": "|a" * 5_500 + "|\n" + "|-" * 5_500 + "|\n" + "a\n" * 500,
    "long table": filled("a|\n-|\n"),
    "underlines": filled("a\n===\n\n"),
    "headings": filled("# a\n"),
    "footnote uses": "[^1]: a\n\n" + filled("[^1]"),
    "footnote rings": "".join(f"[^{n}]: x[^{n + 1}]\n" for n in range(1_500)) + "a[^0]",
    "footnote nests": "[^1]: " * 2_000,
    "reference echo": "[a]: http://a.id/" + "x" * 90_000 + "\n\n" + "[a]" * 20_000,
    "reference heap": filled("[a]: "),
    "boxes": filled("!!! note\n"),
    "nested boxes": "".join("    " * depth + "!!! note\n" for depth in range(100)),
    "addresses": filled(" http://"),
    "half addresses": filled("<http://a"),
    "colons": filled("a: "),
    "mail": filled("a" * 30 + "@"),
    "deep quotes": ">" * 20_000 + "a",
    "deep lists": "".join("  " * depth + "- a\n" for depth in range(300)),
    "lists in a line": "- " * 5_000 + "a",
    "numbers in a line": "1. " * 5_000 + "a",
    "loose list": filled("- a\n\n"),
    "alternating lists": filled("- a\n* b\n"),
    "line breaks": filled("a  \n"),
    "spaces": filled("\u00a0 \t"),
    "nothing": "\x00" * 30_000,
    "escapes": filled("\\"),
    "bad json": "```json\n" + filled('"\\', 9_900),
    "bad bash": "```bash\n" + filled("$((", 9_900),
    "bad javascript": "```js\n" + filled("`${", 9_900),
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_harmless_and_quick(source: str) -> None:
    began = time.process_time()
    try:
        html = render(source, resolve=lambda path: LinkTarget("/" + path)).html
    except TextTooComplex:
        html = ""
    assert time.process_time() - began < BOUND
    assert len(html) < 60 * len(source) + 1_000
    assert faults(html[:20_000]) == [] or len(html) > 20_000


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_of_a_learner_is_harmless_and_quick(source: str) -> None:
    began = time.process_time()
    try:
        html = render_plain(source[:4_000])
    except TextTooComplex:
        html = ""
    assert faults(html, plain=True) == []
    assert time.process_time() - began < BOUND / 4


@pytest.mark.parametrize(
    "source",
    [
        "> " * 60 + "a",
        "- " * 60 + "a",
        "*a **b " * 100 + "b** a*" * 100,
        "*" * 5_000 + "a" + "*" * 5_000,
        "$" + "{" * 900 + "}" * 900 + "$",
        "- a\n" * 5_001,
        "# a\n" * 20_001,
        "<details>\n\n" * 60,
    ],
    ids=["quotes", "lists", "emphasis", "stars", "formula", "items", "headings", "details"],
)
def test_too_deep_or_too_many_is_said_clearly(source: str) -> None:
    with pytest.raises(TextTooComplex, match=r"nested too deeply|too many"):
        render(source)


@pytest.mark.parametrize("source", ["> " * 35 + "a", "- " * 18 + "a", "- a\n" * 3_000])
def test_what_a_patient_author_might_write_is_not_too_much(source: str) -> None:
    assert "a</" in render(source).html
