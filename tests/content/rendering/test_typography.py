"""A number stays on the line of its unit, and nothing that is compared, copied or computed changes by it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lms.content.questions.choice import Choice, Option
from lms.content.questions.gaps import Gaps
from lms.content.rendering.markdown_html import render, render_plain
from lms.content.text import Text
from lms.content.typography import NO_BREAK, bound, unbound
from lms.lib.folding import fold_text
from lms.lib.typed_numbers import read_number


def shown(source: str) -> str:
    """The HTML with ``~`` where a line may not break."""
    return render(source).html.replace(NO_BREAK, "~")


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("Rp200 juta, Rp 1.500, 14 hari kerja", "<p>Rp200~juta, Rp~1.500, 14~hari kerja</p>"),
        ("±4 menit; 3–5 jam; 20 % dan 2,5 km²", "<p>±4~menit; 3–5~jam; 20~% dan 2,5~km²</p>"),
        ("pukul 10.00 WIT, 45 minutes", "<p>pukul 10.00~WIT, 45~minutes</p>"),
        ("**200** juta dan *14* hari", "<p><strong>200</strong>~juta dan <em>14</em>~hari</p>"),
        ("pada 2026 mulai, 4 murid, 3 meteran", "<p>pada 2026 mulai, 4 murid, 3 meteran</p>"),
        ("Pasal 5 ayat dan 7 m.", "<p>Pasal 5 ayat dan 7~m.</p>"),
        ("`200 juta` dan <kbd>5 km</kbd>", "<p><code>200 juta</code> dan <kbd>5~km</kbd></p>"),
        ('[14 hari](https://a.test/14%20hari "14 hari")', '<p><a href="https://a.test/14%20hari" title="14 hari"'),
        ("![14 hari](x.png)", '<p><span class="missing">14 hari</span></p>'),
        ("    200 juta", "<pre"),
        ("$200 km$", "<p><math"),
    ],
)
def test_only_running_text_is_bound(source, html):
    found = shown(source)
    assert found.startswith(html)
    if "<math" in found or "<pre" in found:
        assert "~" not in found


def test_headings_keep_the_anchor_that_a_git_host_gives_them():
    assert shown("## Praktik (35 menit)").startswith('<h2 id="praktik-35-menit">Praktik (35~menit)')


def test_what_a_learner_wrote_stays_as_it_was_typed():
    assert NO_BREAK not in render_plain("Rp200 juta dalam 14 hari")


@pytest.mark.parametrize("text", ["Rp200 juta dalam 14 hari", "Rp 5", "tanpa angka", ""])
def test_binding_is_undone_for_comparing(text):
    assert unbound(bound(text)) == text
    assert len(bound(text)) == len(text)


def test_what_is_copied_from_the_page_is_read_as_what_is_typed():
    assert fold_text(f"14{NO_BREAK}hari") == fold_text("14 hari")
    assert read_number(f"Rp{NO_BREAK}200{NO_BREAK}juta") == read_number("Rp 200 juta")


def options(*texts: str, right: str = "") -> tuple[Option, ...]:
    return tuple(Option(letter, Text("", html=text), text == right) for letter, text in zip("ab", texts, strict=True))


def test_a_revision_rendered_before_has_the_same_options_and_the_same_sentence():
    """Otherwise new keys would not reach attempts at a revision that an older release rendered."""
    old = Choice(id="q", title="", stem=Text("", html=""), options=options("14 hari", "7 hari", right="14 hari"))
    new = Choice(
        id="q",
        title="",
        stem=Text("", html=""),
        options=options(bound("7 hari"), bound("14 hari"), right=bound("7 hari")),
    )
    rekeyed = old.with_key_of(new)
    assert rekeyed is not None
    assert [(unbound(one.text.html or ""), one.is_correct) for one in rekeyed.options] == [
        ("14 hari", False),
        ("7 hari", True),
    ]
    gaps = Gaps(id="g", title="", stem=Text("", html='14 hari <span class="gap">(1) ______</span>'))
    again = replace(gaps, stem=Text("", html=bound(gaps.stem.html or "")))
    assert again.stem != gaps.stem
    assert gaps.with_key_of(again) is not None
