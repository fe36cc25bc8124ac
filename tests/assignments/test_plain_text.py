from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assignments.plain_text import as_paragraphs, is_https, tidy


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


@pytest.mark.parametrize(
    "address", ["https://contoh.go.id", "https://drive.example.com/a/b?c=d#e", "https://contoh.go.id:443/x"]
)
def test_a_whole_https_address_is_taken(address):
    assert is_https(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "contoh.go.id",
        "http://contoh.go.id",
        "ftp://contoh.go.id",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "https://localhost",
        "https://nama:sandi@contoh.go.id",
        "https://contoh.go.id:8443/",
        "https://contoh.go.id/a b",
        'https://contoh.go.id/"><script>',
        "https://contoh.go.id/\n",
        "https://[::1",
        "https://contoh.go.id/" + "a" * 500,
    ],
)
def test_anything_else_is_no_link(address):
    assert not is_https(address)
