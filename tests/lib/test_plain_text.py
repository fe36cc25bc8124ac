"""How the text of an announcement is shown."""

from __future__ import annotations

import pytest

from lms.lib.plain_text import BEGINNING, as_html, beginning


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Satu\ndua", "<p>Satu<br>\ndua</p>"),
        ("Satu\n \n\ndua", "<p>Satu</p>\n<p>dua</p>"),
        ("<b>&", "<p>&lt;b&gt;&amp;</p>"),
        (
            "Lihat https://contoh.go.id/a?b=1&c=2.",
            '<p>Lihat <a href="https://contoh.go.id/a?b=1&amp;c=2" rel="noopener nofollow">'
            "https://contoh.go.id/a?b=1&amp;c=2</a>.</p>",
        ),
        ("javascript:alert(1) data:text/html,x", "<p>javascript:alert(1) data:text/html,x</p>"),
        (
            'https://contoh.go.id/"onmouseover="alert(1)',
            '<p><a href="https://contoh.go.id/" rel="noopener nofollow">https://contoh.go.id/</a>'
            "&#34;onmouseover=&#34;alert(1)</p>",
        ),
        (
            "(https://contoh.go.id/a)",
            '<p>(<a href="https://contoh.go.id/a" rel="noopener nofollow">https://contoh.go.id/a</a>)</p>',
        ),
    ],
)
def test_a_text_becomes_paragraphs_and_links_and_nothing_else(text, html):
    assert as_html(text) == html


def test_the_beginning_is_one_line_and_ends_with_a_word():
    assert beginning("Satu\n\ndua  tiga") == "Satu dua tiga"
    cut = beginning("kata " * 100)
    assert len(cut) <= BEGINNING + 2
    assert cut.endswith("kata …")
    assert len(beginning("x" * 300)) <= BEGINNING + 2
