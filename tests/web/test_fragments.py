"""Cached URLs of templates are those that ``url_for`` builds for this request."""

from __future__ import annotations

import pytest
from flask import url_for
from markupsafe import Markup

from lms.web.fragments import CachedUrlFor, fragment_of


@pytest.mark.parametrize(
    ("endpoint", "values"),
    [
        ("home.home", {}),
        ("learning.course", {"slug": "satu"}),
        ("learning.course", {"slug": "satu", "page": 1}),
        ("learning.course", {"slug": "satu", "page": True}),
        ("learning.course", {"slug": "satu", "tag": ["a", "b"]}),
        ("learning.course", {"slug": "satu", "_external": True}),
    ],
)
def test_a_cached_url_is_the_same_whoever_asks(app, endpoint, values):
    cached = CachedUrlFor(app)
    for host in ("satu.example", "dua.example"):
        with app.test_request_context(base_url=f"https://{host}"):
            assert cached(endpoint, **values) == url_for(endpoint, **values)


def test_a_relative_endpoint_belongs_to_the_page(app):
    cached = CachedUrlFor(app)
    for path, expected in (("/notices", "/notices"), ("/account/notices", "/notices")):
        with app.test_request_context(path):
            assert cached(".inbox") == expected


def test_a_text_is_escaped_whatever_markup_was_rendered_before(app):
    """Python takes a text and markup with the same characters for equal, and so does a cache by its keys."""
    with app.test_request_context():
        parts, payload = "quizzes/_question_parts.html", "<img src=x onerror=alert(1)>"
        assert payload in fragment_of(parts, "heading", 1, 2, Markup(payload))
        assert payload not in fragment_of(parts, "heading", 1, 2, payload)
