"""Which SVG files are drawings only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.media.drawings import fault_of

HEAD = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'


@pytest.mark.parametrize(
    "inner",
    [
        b"<title>Alur</title><path d='M0 0h9'/>",
        b"<defs><g id='a'/></defs><use xlink:href='#a'/>",
        b"<image href='data:image/png;base64,AA=='/>",
        b"<a href='https://sorongkota.go.id'><text>x</text></a>",
        b"<style>path{fill:red}</style>",
    ],
)
def test_a_plain_drawing_is_accepted(inner):
    assert fault_of(HEAD + inner + b"</svg>") is None
    assert fault_of(b"<?xml version='1.0' encoding='UTF-8'?>\n<!DOCTYPE svg>\n" + HEAD + inner + b"</svg>") is None


@pytest.mark.parametrize(
    "inner",
    [
        b"<script>alert(1)</script>",
        b"<x:script xmlns:x='http://www.w3.org/2000/svg'>1</x:script>",
        b"<path onload='alert(1)'/>",
        b"<g ONCLICK='alert(1)'/>",
        b"<a href='java\tscript:alert(1)'><path/></a>",
        b"<a xlink:href='JavaScript:alert(1)'><path/></a>",
        b"<image href='https://jejak.example/x.png'/>",
        b"<use href='data:text/html,x'/>",
        b"<foreignObject><p>x</p></foreignObject>",
        b"<set attributeName='href' to='javascript:1'/>",
    ],
)
def test_what_does_more_is_found(inner):
    assert fault_of(HEAD + inner + b"</svg>") == "scripts"


def test_entities_are_not_read():
    bomb = b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + HEAD + b"<text>&b;</text></svg>"
    assert fault_of(bomb) == "scripts"


@pytest.mark.parametrize("data", [b"", b"<svg", b"<html/>", b"\x89PNG", HEAD, b"<svg>" + b"x" * 3_000_000 + b"</svg>"])
def test_what_is_no_drawing_is_broken(data):
    assert fault_of(data) == "broken"


@given(st.binary(max_size=200))
def test_any_bytes_are_answered(data):
    assert fault_of(data) in (None, "broken", "scripts")
    assert fault_of(HEAD + data + b"</svg>") in (None, "broken", "scripts")
