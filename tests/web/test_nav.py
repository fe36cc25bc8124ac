"""The section of each page is marked in the navigation."""

from __future__ import annotations

from lms.web.nav import SECTION_OF_PATH

OUTSIDE = {
    *("favicon.ico", "feedback-files", "files", "media", "pictures", "static"),
    *("healthz", "metrics", "readyz"),
    *("VERIFY", "help", "language", "logout", "privacy", "unsubscribe"),
}
"""Paths that are no pages, lead to another one, or belong to no section."""


def test_each_path_belongs_to_a_section_or_is_known_to_have_none(app):
    first = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
    assert first == SECTION_OF_PATH.keys() | OUTSIDE
