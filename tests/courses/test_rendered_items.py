"""Checking a course again renders only what has changed, and gives the same."""

from __future__ import annotations

import pytest
from authoring_factories import FILES

from lms.content.folder.reading import read_course
from lms.content.rendering.course import render_course
from lms.core import isolated
from lms.courses.media_files import media_of
from lms.courses.services import rendered_items
from lms.courses.services.rendered_items import rendered_course

MORE = FILES | {"03-lagi.md": b"---\ntitle: Lagi\n---\nLihat [modul](01-modul.md).\n"}


@pytest.fixture
def wanted(monkeypatch):
    """The items that were rendered, call by call."""
    rendered_items.forget()
    found = []
    run = isolated.run

    def noted(function, *given, **limits):
        found.append(sorted(given[3]))
        return run(function, *given, **limits)

    monkeypatch.setattr(isolated, "run", noted)
    yield found
    rendered_items.forget()


def rendered(files, slug="kecil"):
    course, _problems = read_course(slug, files)
    media = media_of(files, {})
    found = rendered_course(course, media, files, seconds=60)
    assert found == render_course(course, media)
    return found


def test_only_what_changed_is_rendered_again(wanted):
    rendered(MORE)
    rendered(MORE)
    edited = MORE | {"01-modul.md": MORE["01-modul.md"].replace(b"salah tik", b"betul tik")}
    assert "betul tik" in rendered(edited).items[0].body_html
    assert wanted == [["01-modul.md", "02-kuis.md", "03-lagi.md"], [], ["01-modul.md"]]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("03-lagi.md", "03-lain.md"),
        ("media/alur.svg", "media/lain.svg"),
    ],
)
def test_what_links_depend_on_renders_all(wanted, old, new):
    rendered(MORE)
    rendered({new if path == old else path: data for path, data in MORE.items()})
    assert len(wanted[1]) == 3


def test_another_course_with_the_same_files_has_its_own_links(wanted):
    assert "/courses/kecil/" in rendered(MORE).items[2].body_html
    assert "/courses/lain/" in rendered(MORE, "lain").items[2].body_html


def test_what_is_kept_is_bounded(wanted, monkeypatch):
    monkeypatch.setattr(rendered_items, "MOST_BYTES", 600)
    monkeypatch.setattr(rendered_items, "LARGEST", 590)
    rendered(MORE)
    assert sum(map(len, rendered_items._kept.values())) <= 600
    rendered(MORE)
