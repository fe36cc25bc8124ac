"""Whatever somebody types: nothing but what is allowed comes out, and it comes out the same each time."""

from __future__ import annotations

import pytest
from content.rendering.allowed import faults
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.content.rendering.markdown_html import LinkTarget, TextTooComplex, render, render_plain, without_paragraph

PIECES = st.sampled_from(
    [
        "teks", "**tebal**", "*m*", "_g_", "~~h~~", "`k`", "[t](x.md)", "![g](a.svg)", "https://a.id",
        "[r]", "[r]: x\n", "[^1]", "\n[^1]: c\n", "# ", "## j\n", "- ", "* ", "1. ", "1) ", "- [ ] ",
        "- [x] ", "> ", ">", "    ", "\t", "\n", "\n\n", "  \n", "\\\n", "\\", "|",
        "| a | b |\n|--|:-:|\n| c | d |\n", "---\n", "```\n", "```python\n", "$a^2$", "$", "$$",
        "\n$$\nx\n$$\n", "\\frac{a}{b}", "\\text{<script>}", "!!! note \"J\"\n    ", "> [!TIP]\n> ",
        "<script>alert(1)</script>", "<b>", "</b>", "<sub>", "</details>", "<details><summary>",
        "\n<details>\n", "<!--", "-->", "<img src=x onerror=alert(1)>", "<a href='javascript:alert(1)'>",
        "</div>", "</p>", "<p id=main>", "[x](javascript:alert(1))", "[x](&#106;avascript:a)",
        "<javascript:alert(1)>", "](", "[", "]", "(", ")", "<", ">", "&", "&lt;", "&#xe03c;", "&#0;",
        "\ue03c", "\ue081", "\ue0820\ue083", "\ue0840\ue085", "\x00", "\x02", "\u2028", "\u00a0",
        "\ud800", "\x0b", "\r", "\"", "'", "=", "*", "_", "`", "~", "é", "🎓", "main",
    ]
)  # fmt: skip
MARKDOWN = st.lists(PIECES, max_size=30).map("".join)
TEXTS = st.one_of(MARKDOWN, st.text(max_size=200))


def on_the_site(path: str) -> LinkTarget | None:
    return None if "hilang" in path else LinkTarget("/media/" + path, 10, 20)


@settings(max_examples=250, deadline=None)
@given(TEXTS)
def test_any_text_by_an_author_yields_only_what_is_allowed(source: str) -> None:
    try:
        rendered = render(source, resolve=on_the_site)
    except TextTooComplex:
        return
    assert faults(rendered.html) == []
    assert render(source, resolve=on_the_site) == rendered


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_any_text_by_a_learner_yields_only_paragraphs_emphasis_lists_and_links(source: str) -> None:
    markup = render_plain(source)
    assert faults(markup, plain=True) == []
    assert render_plain(source) == markup


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_any_stem_or_option_yields_only_what_is_allowed(source: str) -> None:
    try:
        markup = without_paragraph(render(source, resolve=on_the_site, prefix="q1-").html)
    except TextTooComplex:
        return
    assert faults(markup) == []


@settings(max_examples=60, deadline=None)
@given(st.text("\\{}^_&$#% abcxyz0123frac sqrt text left right begin end matrix()[]<>\"'", max_size=60))
def test_any_formula_yields_only_what_is_allowed(latex: str) -> None:
    assert faults(render(f"$${latex}$$").html) == []


@pytest.mark.parametrize("bad", ["<script>", '<p onclick="x">', '<a href="javascript:x">', "<p>", '<b id="x">'])
def test_the_check_itself_finds_faults(bad: str) -> None:
    assert faults(bad)
