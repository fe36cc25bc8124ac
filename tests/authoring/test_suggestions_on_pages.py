"""Suggestions of the check in the editor and before publishing: with their rule, and without blocking."""

from __future__ import annotations

from authoring.test_pages import BASE, MODULE, save

from lms.authoring import queries


def test_the_editor_suggests_what_learners_would_read(client, teacher, course):
    save(client, "salah tik", 'salah tik <iframe src="https://a.id"></iframe>')
    page = client.text(MODULE)
    assert "peserta membaca" in page
    assert "lint-off=shown-tag" in page
    assert "lint-off=shown-tag" in client.text(f"{BASE}/publish")


def test_a_suggestion_blocks_nothing(client, teacher, course):
    save(client, "salah tik", "salah tik [x](#tiada)")
    page = client.text(f"{BASE}/publish")
    assert "lint-off=dead-link" in page
    assert 'name="digest"' in page
    assert queries.draft(course.id) is not None
