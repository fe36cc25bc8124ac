"""Checking a course again renders only what has changed, and gives the same."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from authoring_factories import FILES
from course_sample import FILES as EVERYTHING
from course_sample import as_bytes
from sqlalchemy import func, select, update

from lms.content.folder.reading import read_course
from lms.content.rendering import markdown_html
from lms.content.rendering.course import render_course, render_texts, slugs_of
from lms.core import isolated
from lms.core.db import db
from lms.courses.media_files import media_of
from lms.courses.models import RenderedItem
from lms.courses.services import folder_hashes, rendered_items
from lms.courses.services.rendered_items import item_keys, rendered_course

MORE = FILES | {"03-lagi.md": b"---\ntitle: Lagi\n---\nLihat [modul](01-modul.md).\n"}


@pytest.fixture
def wanted(session, monkeypatch):
    """The items that were rendered, call by call."""
    found = []
    run = isolated.run

    def noted(function, *given, **limits):
        if function is render_texts:
            found.append([item.path for item in given[0]])
        return run(function, *given, **limits)

    monkeypatch.setattr(isolated, "run", noted)
    return found


def rendered(files, slug="kecil", **more):
    course, _problems = read_course(slug, files)
    media = media_of(files, {})
    keys = item_keys(slug, course.language, slugs_of(course), folder_hashes(files), {})
    found = rendered_course(course, media, seconds=60, keys=keys, **more)
    assert found == render_course(course, media)
    db.session.commit()
    return found


def test_only_what_changed_is_rendered_again(wanted):
    rendered(MORE)
    rendered(MORE)
    edited = MORE | {"01-modul.md": MORE["01-modul.md"].replace(b"salah tik", b"betul tik")}
    assert "betul tik" in rendered(edited).items[0].body_html
    assert wanted == [["01-modul.md", "02-kuis.md", "03-lagi.md"], ["01-modul.md"]]


def test_whatever_a_course_has_is_the_same_from_what_is_kept(wanted):
    rendered(as_bytes(EVERYTHING), "pelayanan-publik")
    assert wanted
    wanted.clear()
    rendered(as_bytes(EVERYTHING), "pelayanan-publik")
    assert wanted == []


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


def test_a_newer_renderer_renders_all(wanted, monkeypatch):
    rendered(MORE)
    monkeypatch.setattr(markdown_html, "VERSION", markdown_html.VERSION + 1)
    rendered_items.renderer.cache_clear()
    rendered(MORE)
    assert len(wanted[1]) == 3
    rendered_items.renderer.cache_clear()


def test_what_was_kept_of_other_texts_is_not_taken(wanted):
    rendered(MORE)
    strange = zlib.compress(json.dumps([["0" * 16, "<p>Lain", []]]).encode())
    db.session.execute(update(RenderedItem).values(texts=strange))
    db.session.commit()
    rendered(MORE)
    assert len(wanted[1]) == 3


def test_progress_counts_what_is_kept(wanted, monkeypatch):
    monkeypatch.setattr(rendered_items, "AT_ONCE", 1)
    told = []
    rendered(MORE, progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
    told.clear()
    rendered(MORE | {"03-lagi.md": MORE["03-lagi.md"] + b"\nBaru.\n"}, progress=lambda *now: told.append(now))
    assert told == [(2, 3), (3, 3)]


def test_what_is_kept_while_somebody_writes_is_left_out(wanted):
    """On SQLite it would wait for the very transaction that it is part of."""
    db.session.execute(update(RenderedItem).values(size=1))
    rendered(MORE)
    rendered(MORE)
    assert len(wanted) == (1 if db.engine.dialect.name == "postgresql" else 2)


def test_what_is_old_or_too_much_is_deleted(wanted, monkeypatch):
    rendered(MORE)
    now = datetime.now(UTC)
    rendered_items.delete_old(now + rendered_items.KEPT - timedelta(minutes=1))
    assert kept() == 3
    sizes = db.session.scalars(select(RenderedItem.size)).all()
    monkeypatch.setattr(rendered_items, "MAX_BYTES", sum(sizes) - 1)
    rendered_items.delete_old(now)
    assert kept() == 2
    rendered_items.delete_old(now + rendered_items.KEPT + timedelta(minutes=1))
    assert kept() == 0


def kept() -> int:
    return db.session.scalar(select(func.count()).select_from(RenderedItem))
