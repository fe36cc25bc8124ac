from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assignments.plain_text import as_paragraphs, tidy


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("  \n\n ", ""),
        ("Satu.", "<p>Satu.</p>"),
        ("Satu.\nDua.", "<p>Satu.<br>\nDua.</p>"),
        ("Satu.\n\nDua.", "<p>Satu.</p>\n<p>Dua.</p>"),
        ("Satu.\r\n\r\n\r\nDua.", "<p>Satu.</p>\n<p>Dua.</p>"),
        ("Satu.\n \t\nDua.", "<p>Satu.</p>\n<p>Dua.</p>"),
        ("a < b & c > d", "<p>a &lt; b &amp; c &gt; d</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("**tebal** <b>", "<p>**tebal** &lt;b&gt;</p>"),
        ("a\x00b\x1bc\x7f", "<p>abc</p>"),
    ],
)
def test_text_is_shown_as_typed(text, html):
    assert as_paragraphs(text) == html


@given(st.text())
def test_no_text_becomes_markup(text):
    html = as_paragraphs(text)
    assert "<" not in html.replace("<p>", "").replace("</p>", "").replace("<br>", "")


@given(st.text())
def test_tidying_twice_changes_nothing_more(text):
    assert tidy(tidy(text)) == tidy(text)
