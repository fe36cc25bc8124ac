"""What a grader reads of a document on the site: safe HTML, or in words why not."""

from __future__ import annotations

import io
from functools import cache

import pypdf
import pytest
import typst
from word_documents import PICTURE, make_docx, paragraph

from lms.content.documents import pdf_file, shown
from lms.content.documents.pdf_file import in_paragraphs
from lms.content.folder.archive import BadArchive


@cache
def make_pdf(
    text: str = "= Rencana\nAntrean *dua* jam. <script>alert(1)</script>\n#pagebreak()\nHalaman kedua.",
) -> bytes:
    return typst.compile(text.replace("<", "\\<").encode())


def blank_pages(count: int) -> bytes:
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    for _ in range(count):
        writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()


def locked(password: str) -> bytes:
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    writer.append(io.BytesIO(make_pdf()))
    writer.encrypt(password, "pemilik", algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


def test_the_pages_of_a_pdf_are_its_text_and_no_markup():
    found = shown.shown("pdf", make_pdf())
    assert (len(found.pages), found.page_count, found.is_cut) == (2, 2, False)
    assert "Antrean dua jam. &lt;script&gt;" in found.pages[0]
    assert "Halaman kedua." in found.pages[1]


def test_a_scan_has_no_text():
    found = shown.shown("pdf", blank_pages(3))
    assert found.is_empty
    assert found.page_count == 3


def test_of_a_long_pdf_the_beginning_is_shown(monkeypatch):
    monkeypatch.setattr(pdf_file, "MAX_PAGES", 1)
    found = shown.shown("pdf", make_pdf())
    assert (len(found.pages), found.page_count, found.is_cut) == (1, 2, True)


def test_a_pdf_that_only_forbids_changes_is_read():
    assert "Antrean" in shown.shown("pdf", locked("")).pages[0]


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("pdf", locked("rahasia")),
        ("pdf", make_pdf()[:3000]),
        ("pdf", b"%PDF-1.7\n"),
        ("docx", b"PK\x03\x04 rusak"),
        ("docx", make_docx()[:200]),
        ("pptx", make_docx()),
    ],
    ids=["locked", "half", "head only", "no zip", "half a zip", "another kind"],
)
def test_what_cannot_be_read_says_why_and_what_to_do(kind, data):
    with pytest.raises(BadArchive) as refusal:
        shown.shown(kind, data)
    assert str(refusal.value.what)
    assert str(refusal.value.fix)


def test_a_document_is_safe_html_with_its_structure_and_a_mark_for_each_picture():
    body = paragraph("Rencana", "Heading1") + paragraph("&lt;script&gt;alert(1)&lt;/script&gt; **bukan tebal**")
    found = shown.shown("docx", make_docx(body + PICTURE), "file-7-")
    assert '<h2 id="file-7-rencana">Rencana</h2>' in found.pages[0]
    assert "&lt;script&gt;alert(1)&lt;/script&gt; **bukan tebal**" in found.pages[0]
    assert "<img" not in found.pages[0]
    assert f"<em>{shown.PICTURE} Alur pelayanan</em>" in found.pages[0]
    assert found.picture_count == 1


def test_a_document_that_is_too_long_is_not_shown():
    with pytest.raises(BadArchive):
        shown.shown("docx", make_docx("".join(paragraph("Antrean " * 100) for _ in range(300))))


def test_plain_text_keeps_its_lines_and_shows_markup_as_text(monkeypatch):
    assert shown.shown("txt", "\ufeffSatu\r\ndua\r\n\r\n<b>tiga</b>".encode()).pages == (
        "<p>Satu<br>\ndua</p>\n<p>&lt;b&gt;tiga&lt;/b&gt;</p>",
    )
    monkeypatch.setattr(shown, "MAX_CHARACTERS", 4)
    found = shown.shown("md", b"Satu dua")
    assert (found.pages, found.is_cut) == (("<p>Satu</p>",), True)


LONG = "Antrean di loket rata-rata dua jam karena hanya ada satu orang petugas yang bertugas."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("Judul", "Judul"),
        (f"{LONG}\nSelesai.", f"{LONG} Selesai."),
        (f"{LONG}\n{LONG}\nPendek.\n{LONG}", f"{LONG} {LONG} Pendek.\n\n{LONG}"),
        (f"{LONG}\n\n{LONG}", f"{LONG}\n\n{LONG}"),
        (f"{LONG}\n• satu hal\n• dua hal", f"{LONG}\n\n• satu hal\n\n• dua hal"),
        (f"{LONG}\n1. satu\n2) dua\na. tiga\n- empat", f"{LONG}\n\n1. satu\n\n2) dua\n\na. tiga\n\n- empat"),
        (f"{LONG[:-1]} orang-\norang", f"{LONG[:-1]} orang-orang"),
        ("  Dua   spasi  ", "Dua spasi"),
        (f"{LONG}\n2026 adalah tahun ini.", f"{LONG} 2026 adalah tahun ini."),
    ],
)
def test_lines_of_a_page_become_paragraphs(text, expected):
    assert in_paragraphs(text) == expected
