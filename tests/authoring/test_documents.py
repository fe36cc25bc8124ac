"""A DOCX becomes modules."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from word_documents import PNG, make_docx, paragraph

from lms.authoring.documents import course_of_document
from lms.content.documents.office_html import MAX_XML
from lms.content.documents.word_file import html_of_word
from lms.content.folder.archive import BadArchive
from lms.content.folder.reading import read_course


def test_each_heading_of_level_one_begins_a_module():
    course = course_of_document("Pelayanan", html_of_word(make_docx()), is_split=True)
    found, problems = read_course("kursus", course.files)
    assert found, problems
    assert course.files["01-dasar-pelayanan.md"].decode() == (
        "---\ntitle: Dasar pelayanan\n---\n**Standar**:janji\n\n- Satu\n  1. Dalam\n- Dua\n\n"
        "![Alur pelayanan](media/gambar-1.png)\n"
    )
    assert course.files["02-standar-pelayanan.md"].decode() == (
        "---\ntitle: Standar pelayanan\n---\n## Komponen\n\n"
        "| Komponen | Waktu |\n| --- | --- |\n| Persyaratan | 1 hari |\n\n"
        "UU 25[^1]\n\n[^1]: Pasal 4.\n"
    )
    assert course.files["media/gambar-1.png"] == PNG


def test_the_whole_document_is_one_module():
    course = course_of_document("Pelayanan publik", html_of_word(make_docx()), is_split=False)
    (path,) = (path for path in course.files if path.endswith(".md") and path != "course.md")
    assert path == "01-pelayanan-publik.md"
    assert b"## Dasar pelayanan" in course.files[path]
    assert b"### Komponen" in course.files[path]
    one = course_of_document(
        "x", html_of_word(make_docx(paragraph("Judul", "Heading1") + paragraph("Isi"))), is_split=False
    )
    assert one.files["01-judul.md"] == b"---\ntitle: Judul\n---\nIsi\n"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xd0\xcf\x11\xe0",
        make_docx(prefix='<!DOCTYPE a [<!ENTITY b "c">]>'),
        make_docx("<w:p>"),
        make_docx(**{"word/extra.xml": " " * (MAX_XML + 1)}),
        make_docx(**{"../x.xml": ""}),
    ],
    ids=["empty", "doc", "entities", "torn", "bomb", "outside"],
)
def test_what_is_not_safe_or_not_readable_is_refused(data):
    with pytest.raises(BadArchive):
        html_of_word(data)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), min_size=1, max_size=4))
def test_damaged_documents_are_read_or_refused(damage):
    data = bytearray(make_docx())
    for at, value in damage:
        data[at % len(data)] = value
    with suppress(BadArchive):
        html_of_word(bytes(data))


def test_a_document_made_by_libreoffice_becomes_modules():
    """Written by LibreOffice 7.4, with headings, lists, a table, a picture and a link."""
    data = (Path(__file__).parent / "documents" / "libreoffice-7.4.docx").read_bytes()
    course = course_of_document("Standar", html_of_word(data), is_split=True)
    found, problems = read_course("kursus", course.files)
    assert found, problems
    assert course.files["01-standar-pelayanan.md"].decode() == (
        "---\ntitle: Standar pelayanan\n---\nStandar adalah **janji** yang *dapat ditagih*.\n\n"
        "## Komponen\n\n- Persyaratan\n- Waktu\n  1. di loket\n  2. lewat surat\n\n"
        "| Komponen | Pertanyaan warga |\n| --- | --- |\n| Biaya | Berapa yang dibayar? |\n\n"
        "## Alur\n\n![Alur pelayanan](media/gambar-1.png)\n\nLihat [naskahnya](https://contoh.example/standar).\n"
    )
    assert course.files["02-maklumat-pelayanan.md"] == b"---\ntitle: Maklumat pelayanan\n---\nMaklumat diumumkan.\n"
    assert not course.decisions
