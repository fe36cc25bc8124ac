"""What the catalogue finds a course by, and in which order."""

from __future__ import annotations

import pytest
from factories import NOON, make_course

from lms.core.db import db
from lms.courses import queries, services
from lms.courses.models import CourseRevision
from lms.courses.services import searched_texts
from lms.lib.folding import searchable

COURSE = b"""\
---
title: Etika
summary: Untuk dicoba.
---
Sesudah kursus ini Anda dapat:

- menghitung batas lapor gratifikasi;
- memakai *komputer* kantor.
"""
MODULE = b"""\
---
title: Modul satu
---
Isi tentang amplop.

## Dua jenis tanda tangan elektronik

Teks.
"""


def found(words: str) -> list[str]:
    return [one.title for one in db.session.scalars(queries.catalogue(words))]


@pytest.mark.parametrize("words", ["gratifikasi", "komputer", "tanda tangan elektronik", "modul satu", "ETIKA"])
def test_a_course_is_found_by_what_it_teaches_and_not_by_every_word(session, words):
    files = {"course.md": COURSE, "01-satu.md": MODULE}
    imported = services.import_course("etika", files, actor_id=None, now=NOON)
    services.publish(imported.revision, actor_id=None, now=NOON)
    assert found(words) == ["Etika"]
    assert found("amplop") == []
    assert searched_texts.wanting() == []


def test_a_course_with_the_word_in_its_title_comes_first(session):
    make_course("a", title="Adab", search_text=" adab loket ")
    make_course("z", title="Zona: satu perbaikan Loket", search_text=" zona loket perbaikan ")
    make_course("b", title="Beranda perbaikan", search_text=" beranda perbaikan loket ")
    assert found("loket") == ["Zona: satu perbaikan Loket", "Adab", "Beranda perbaikan"]
    assert found("perbaikan loket") == ["Zona: satu perbaikan Loket", "Beranda perbaikan"]


def test_courses_that_an_older_release_stored_are_found_so_too_once_the_job_has_run(session):
    item = {"slug": "satu", "body_html": '<p>Isi amplop.</p><h2 id="x">Tanda <em>tangan</em> &amp; cap</h2>'}
    course = make_course("lama", (item,), description_html="<ul><li>batas lapor</li><li>cap</li></ul>")
    assert found("lapor") == []
    [revision_id] = searched_texts.wanting()
    searched_texts.renew_searched_text(revision_id)
    assert found("lapor tanda tangan lama") == ["Kursus lama"]
    assert found("amplop") == []
    text = session.query(CourseRevision).filter_by(course_id=course.id).one().search_text
    assert text == searchable([text])
    assert searched_texts.wanting() == []
