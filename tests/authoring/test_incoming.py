"""The page that makes a course of files: first what they become, then the draft."""

from __future__ import annotations

import io

import pytest
from authoring_factories import FILES, zipped
from factories import grant, make_person
from pages import csrf_token
from word_documents import make_docx

from lms.authoring import services
from lms.courses import queries as courses

IMPORT = "/teach/courses/import"
MARKDOWN = {"Dasar.md": b"---\nauthor: x\n---\n# Dasar\n\nIsi ![Alur](a.png)\n", "a.png": b"x"}


def sent(client, *files, field="files"):
    form = {"csrf_token": csrf_token(client.text(IMPORT)), field: [(io.BytesIO(data), name) for name, data in files]}
    return client.post(IMPORT, data=form)


def begun(client, where, **values):
    page = client.text(where)
    digest = where.partition("upload=")[2]
    return client.post(IMPORT, data={"csrf_token": csrf_token(page), "upload": digest, "split": "headings"} | values)


def test_a_zip_of_ours_becomes_another_course_byte_for_byte(client, teacher):
    assert IMPORT in client.text("/teach/courses/new")
    answer = sent(client, ("kecil.zip", zipped(FILES)))
    page = client.text(answer.location)
    assert "Modul satu" in page
    assert "/teach/courses/kecil/bring-back" in page
    answer = begun(client, answer.location, title="Kursus kecil")
    assert answer.location == "/teach/courses/kursus-kecil/edit"
    assert services.source(courses.course("kursus-kecil").id).data == FILES


def test_a_folder_of_markdown_becomes_a_course_and_says_what_was_decided(client, teacher):
    answer = sent(client, *((f"bahan/{name}", data) for name, data in MARKDOWN.items()), field="folder")
    page = client.text(answer.location)
    assert "author" in page
    answer = begun(client, answer.location, title="Bahan saya")
    found = services.source(courses.course("bahan-saya").id)
    assert found.data == {
        "course.md": b"---\ntitle: Bahan saya\nsummary: Bahan\n---\nBahan\n",
        "01-dasar.md": b"---\ntitle: Dasar\n---\nIsi ![Alur](media/a.png)\n",
        "media/a.png": b"x",
    }


def test_a_word_document_becomes_modules_as_one_chooses(client, teacher):
    where = sent(client, ("Pelayanan Prima.docx", make_docx())).location
    page = client.text(where)
    assert "Standar pelayanan" in page
    one = client.text(f"{where}&split=one")
    assert "Standar pelayanan" not in one.partition("<ol>")[2].partition("</ol>")[0]
    answer = begun(client, where, title="Pelayanan Prima")
    found = services.source(courses.course("pelayanan-prima").id)
    assert {"01-dasar-pelayanan.md", "02-standar-pelayanan.md", "media/gambar-1.png"} < set(found.files)
    assert client.get(answer.location.replace("/edit", "/publish")).status_code == 200


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.zip", b"x"), ("a.zip", zipped({"a.txt": b""})), ("a.docx", b"x"), ("a.doc", b"x"), ("a.png", b"x")],
)
def test_bad_files_are_refused_with_a_reason(client, teacher, name, data):
    assert sent(client, (name, data)).status_code == 422


def test_nothing_chosen_is_said(client, teacher):
    assert client.post(IMPORT, data={"csrf_token": csrf_token(client.text(IMPORT))}).status_code == 422


def test_somebody_elses_files_are_not_shown(client, teacher, course):
    where = sent(client, ("kecil.zip", zipped(FILES))).location
    other = make_person()
    grant(other, "instructor", course=course)
    client.sign_in(other)
    assert client.get(where).location == IMPORT


def test_who_may_not_begin_a_course_may_not_import_one(client, teacher):
    client.sign_in(make_person())
    assert client.get(IMPORT).status_code == 404


def test_pasted_html_becomes_markdown(client, teacher, course):
    token = csrf_token(client.text("/teach/courses/kecil/edit/01-modul.md"))
    where = "/teach/courses/kecil/paste"
    answer = client.post(where, data={"csrf_token": token, "html": "<p>Satu <b>dua</b></p>"})
    assert answer.json == {"text": "Satu **dua**\n"}
    assert client.post(where, data={"csrf_token": token}).status_code == 400
