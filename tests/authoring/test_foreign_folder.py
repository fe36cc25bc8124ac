"""Folders in the habits of other systems arrive as courses that can be published, with what was decided."""

from __future__ import annotations

import pytest
from authoring_factories import FILES
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.authoring.foreign_folder import course_of_folder
from lms.content.folder.reading import read_course
from lms.content.rendering.course import render_course
from lms.content.rendering.media import medium

PNG = b"\x89PNG\r\n\x1a\n"
LICENSE = b"MIT"

IOT = {
    "README.md": b"# IoT untuk Pemula\n\nKurikulum dua belas pekan.\n\n![Peta](images/peta.png)\n",
    "images/peta.png": PNG,
    "LICENSE": LICENSE,
    "1-mulai/lessons/1-pengantar/README.md": (
        b"# Pengantar IoT\n\n![Sketsa](../../../images/peta.png)\n\n"
        b"<img src='images/sensor.png' alt='Sensor' width=300>\n\n"
        b'<iframe src="https://video.contoh/1"></iframe>\n\n[Tugas](assignment.md)\n\n'
        b'<p align="center">Di <b>tengah</b></p>\n'
    ),
    "1-mulai/lessons/1-pengantar/assignment.md": b"# Selidiki sensor\n\nTulis.\n",
    "1-mulai/lessons/1-pengantar/images/sensor.png": PNG,
    "1-mulai/lessons/2-lebih/README.md": b"# Lebih dalam\n\nLihat [pengantar](../1-pengantar/README.md).\n",
    "1-mulai/lessons/10-akhir/README.md": b"# Akhir\n\nSelesai.\n",
    "1-mulai/lessons/1-pengantar/translations/README.fr.md": b"# Bonjour\n",
}
CARPENTRIES = {
    "_episodes/01-shell.md": (
        b"---\ntitle: Memperkenalkan shell\nteaching: 5\nexercises: 0\nquestions:\n- Apa itu shell?\n---\n"
        b"{% include links.md %}\n\nShell.\n\n> ## Cobalah\n> Jalankan.\n{: .challenge}\n"
    ),
    "_episodes/02-berkas.md": (
        b"---\ntitle: Berkas\n---\n:::::::::::::::::: challenge\n\n## Latihan\n\nBuat berkas.\n\n::::::::: solution\n\n"
        b"`touch a`\n\n:::::::::\n\n::::::::::::::::::\n"
    ),
}
MDBOOK = {
    "book.toml": b"[book]\n",
    "src/SUMMARY.md": (
        b"# Summary\n\n[Pendahuluan](README.md)\n\n# Dasar\n\n"
        b"- [Kedua](b.md)\n- [Pertama](a.md)\n  - [Dalam](dalam/c.md)\n"
    ),
    "src/README.md": b"# Pendahuluan\n\nBuku.\n",
    "src/a.md": b"# Pertama\n\n{{#include kode.rs}}\n\nA, lihat [dalam](./dalam/c.md#akhir).\n",
    "src/b.md": b"# Kedua\n\nB.\n",
    "src/dalam/c.md": b"Tanpa judul.\n",
}
DOCUSAURUS = {
    "docs/intro.md": b"---\nsidebar_position: 1\nslug: /\n---\n\n# Intro\n\nHalo.\n",
    "docs/dasar/_category_.json": b"{}",
    "docs/dasar/zeta.mdx": (
        b"---\nsidebar_position: 1\nid: zeta\n---\nimport Tabs from '@theme/Tabs';\n\n"
        b"# Zeta\n\n:::tip[Kiat saya]\n\nIsi.\n\n:::\n\n"
        b"![Gambar](/img/a b.png) ![Gambar](/img/logo.png)\n"
    ),
    "docs/dasar/alfa.md": b"---\nsidebar_position: 2\n---\n# Alfa\n\n:::note\nIsi\n:::\n\n```md\n:::tip\n```\n",
    "static/img/logo.png": PNG,
}


def made(files):
    course = course_of_folder("folder-asing", files)
    assert course is not None
    found, problems = read_course("kursus", course.files)
    assert found, [str(one) for one in problems]
    media = {path: medium(path, data, "0" * 64) for path, data in course.files.items() if path.startswith("media/")}
    html = {item.title: item.body_html for item in render_course(found, media).items}
    return course, found, html


def told(course):
    return {str(one.what) for one in course.decisions}


def test_a_course_of_ours_stays_byte_for_byte():
    course = course_of_folder("kecil", FILES)
    assert course.is_ours
    assert course.files == FILES
    assert (course.title, course.decisions) == ("Kursus kecil", ())


def test_lessons_with_assignments_become_items_with_their_pictures():
    course, found, html = made(IOT)
    assert (course.title, found.summary) == ("IoT untuk Pemula", "Kurikulum dua belas pekan.")
    assert [item.title for item in found.items] == ["Pengantar IoT", "Selidiki sensor", "Lebih dalam", "Akhir"]
    page = html["Pengantar IoT"]
    assert page.count("<img") == 2
    assert f'<a href="/courses/kursus/{found.items[1].slug}">Tugas</a>' in page
    assert "https://video.contoh/1" in page
    assert "&lt;" not in page
    assert "<strong>tengah</strong>" in page
    assert "HTML became Markdown." in told(course)
    assert len([path for path in course.files if path.startswith("media/")]) == 2


def test_a_carpentries_lesson_becomes_a_course_without_its_templates():
    course, found, html = made(CARPENTRIES)
    assert [item.title for item in found.items] == ["Memperkenalkan shell", "Berkas"]
    assert "{" not in "".join(html.values())
    assert html["Berkas"].count("note--example") == 2
    keys = next(one for one in course.decisions if "Settings" in str(one.what))
    assert set(keys.examples) == {"teaching", "exercises", "questions"}


def test_the_order_of_an_mdbook_is_that_of_its_summary():
    _course, found, html = made(MDBOOK)
    titles = [(section.title, [item.title for item in section.items]) for section in found.sections]
    assert titles[0][1] == ["Pendahuluan"]
    assert [one for section in titles[1:] for one in section[1]] == ["Kedua", "Pertama", "Dalam"]
    assert "#akhir" in html["Pertama"]
    assert "{{" not in html["Pertama"]


def test_boxes_and_positions_of_docusaurus_are_taken_over():
    _course, found, html = made(DOCUSAURUS)
    assert [item.title for item in found.items] == ["Intro", "Zeta", "Alfa"]
    assert "Kiat saya" in html["Zeta"]
    assert "import" not in html["Zeta"]
    assert html["Zeta"].count("<img") == 1
    assert ":::tip" in html["Alfa"]


def test_plain_files_without_anything_get_titles_numbers_and_names():
    _course, found, _html = made({"1 Dasar.md": b"a\x00\xa0", "001.md": b"b", "Bab 10.md": b"c", "bab 2.md": b"d"})
    assert len(list(found.items)) == 4
    assert all(item.path[:2].isdigit() for item in found.items)


def test_more_items_than_two_digits_number_are_divided():
    _course, found, _html = made({f"bab/{number}.md": b"isi" for number in range(120)})
    assert len(list(found.items)) == 120


@pytest.mark.parametrize("files", [{}, {"a.txt": b"x"}, {"a.png": PNG}, {"a.md": b""}])
def test_a_folder_without_text_is_no_course(files):
    assert course_of_folder("x", files) is None


_NAMES = "README.md a.md 1-b/README.md 1-b/2/3/c.md SUMMARY.md d.mdx m/x.png é/ü.md"
_LINES = """# A|---|title: x|:::tip|:::|> ## q|{: .x}|{% y %}|<img src=m/x.png>|<details>|[a](1-b/README.md)
|- [b](a.md)|```|    code|<div>|</div>|import a from 'b'|![é](m/x.png)|| |\t|\ufeff"""
_name = st.sampled_from(_NAMES.split(" "))
_line = st.sampled_from(_LINES.split("|"))


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.dictionaries(_name, st.lists(_line, max_size=12).map(lambda lines: "\n".join(lines).encode()), max_size=5))
def test_any_folder_becomes_a_course_that_can_be_published(files):
    course = course_of_folder("folder", files)
    if course and not course.is_ours:
        found, problems = read_course("kursus", course.files)
        assert found, [str(one) for one in problems]
