from __future__ import annotations

import struct

import pytest
from assignment_factories import DOCX, PDF, PNG, zip_of
from hypothesis import given
from hypothesis import strategies as st

from lms.content.documents.file_types import (
    KNOWN_TYPES,
    MAX_NAME_LENGTH,
    accept_attribute,
    clean_name,
    detect,
    extension_of,
    is_accepted,
)
from lms.content.markdown.values import FILE_TYPES as AUTHORS_FILE_TYPES

JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 "
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42"
TYPES = "[Content_Types].xml"


def type_of(data: bytes, name: str = "berkas") -> str | None:
    found = detect(data, name).type
    return found.extension if found else None


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (PDF, "pdf"),
        (JPG, "jpg"),
        (PNG, "png"),
        (WEBP, "webp"),
        (HEIC, "heic"),
        (MP4, "mp4"),
        (DOCX, "docx"),
        (zip_of(TYPES, "xl/workbook.xml"), "xlsx"),
        (zip_of("ppt/presentation.xml", TYPES, "docProps/app.xml"), "pptx"),
        (zip_of(TYPES, "word/document2.xml", "word/media/image1.png"), "docx"),
        (zip_of("mimetype"), None),
        (zip_of("satu.txt", "dua.txt"), None),
        (zip_of(TYPES), None),
        (zip_of(TYPES, "word/document.xml", "xl/workbook.xml"), None),
        (zip_of("word/document.xml"), None),
        (b"MZ\x90\x00" + bytes(60), None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), None),
        (b"<html><script>alert(1)</script>", None),
        (b"", None),
        (bytes(100), None),
    ],
)
def test_a_file_is_what_its_content_says(data, expected):
    assert type_of(data) == expected


@pytest.mark.parametrize("name", ["laporan.pdf", "laporan.docx", "laporan.txt", "laporan.exe", "laporan", ".pdf", ""])
def test_the_name_does_not_make_the_type(name):
    assert type_of(PDF, name) == "pdf"
    assert type_of(b"MZ\x90\x00" + bytes(60), name) is None


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"Warga menunggu dua jam.", "catatan.txt", "txt"),
        (b"nama;menit\nA;120\n", "waktu.CSV", "csv"),
        (b"# Rencana\n", "rencana.md", "md"),
        (b"BM ini bukan gambar", "catatan.txt", "txt"),
        (b"Warga", "catatan", None),
        (b"Warga", "catatan.html", None),
        (b"Warga\x00", "catatan.txt", None),
        ("Warga".encode("utf-16"), "catatan.txt", None),
        (b"\xff\xfeabc", "catatan.txt", None),
    ],
)
def test_text_is_text_only_as_utf_8_under_a_name_of_text(data, name, expected):
    assert type_of(data, name) == expected


@pytest.mark.parametrize("part", ["text", "spreadsheet", "presentation"])
def test_open_document_says_its_type_in_its_first_entry(part):
    extension = {"text": "odt", "spreadsheet": "ods", "presentation": "odp"}[part]
    import io
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{part}")
        archive.writestr("content.xml", "<x/>")
    assert type_of(target.getvalue()) == extension


@pytest.mark.parametrize(
    "names",
    [
        (TYPES, "word/document.xml", "word/vbaProject.bin"),
        (TYPES, "xl/workbook.xml", "xl/VBAPROJECT.BIN"),
        (TYPES, "xl/workbook.xml", "xl/macrosheets/sheet1.xml"),
        ("Basic/Standard/Modul.xml", "content.xml"),
    ],
)
def test_macros_are_found_by_their_names(names):
    assert detect(zip_of(*names), "x.docx").has_macros


def test_a_document_without_macros_has_none():
    assert not detect(DOCX, "x.docx").has_macros


@pytest.mark.parametrize("cut", [1, 10, 22, 60, 100])
def test_a_broken_archive_is_nothing(cut):
    assert type_of(DOCX[:-cut]) is None


def test_a_directory_that_claims_too_much_is_not_read():
    end = DOCX.rfind(b"PK\x05\x06")
    for at, form, value in ((10, "<H", 60_000), (12, "<L", 2**31), (16, "<L", 2**31)):
        data = bytearray(DOCX)
        struct.pack_into(form, data, end + at, value)
        assert type_of(bytes(data)) is None


def test_an_archive_of_too_many_names_is_nothing():
    assert type_of(zip_of(TYPES, *(f"word/{n}.xml" for n in range(5_000)))) is None


@given(st.binary(max_size=400))
def test_no_bytes_break_the_look(data):
    detect(data, "x.txt")
    detect(b"PK\x03\x04" + data, "x.docx")
    detect(DOCX[:60] + data + DOCX[60:], "x.docx")


@pytest.mark.parametrize(
    ("name", "file_type", "clean"),
    [
        ("rencana.pdf", "pdf", "rencana.pdf"),
        ("Rencana Loket.PDF", "pdf", "Rencana Loket.pdf"),
        ("foto.jpeg", "jpg", "foto.jpeg"),
        ("foto.JPG", "jpg", "foto.jpg"),
        ("foto", "png", "foto.png"),
        ("foto.png", "jpg", "foto.png.jpg"),
        ("laporan.exe", "pdf", "laporan.exe.pdf"),
        ("laporan 12.05", "pdf", "laporan 12.05.pdf"),
        ("../../etc/passwd", "txt", "passwd.txt"),
        ("C:\\Users\\A\\tugas.docx", "docx", "tugas.docx"),
        ("a\u202efdp.exe", "pdf", "afdp.exe.pdf"),
        ("a\x00b\r\nc.pdf", "pdf", "ab c.pdf"),
        ('a<b>:"c|?*.pdf', "pdf", "a_b___c___.pdf"),
        ("  .pdf", "pdf", "pdf.pdf"),
        ("...", "pdf", "berkas.pdf"),
        ("", "pdf", "berkas.pdf"),
        (".htaccess", "txt", "htaccess.txt"),
        ("tugas..pdf", "pdf", "tugas.pdf"),
        ("e\u0301tika.pdf", "pdf", "\u00e9tika.pdf"),
    ],
)
def test_a_name_is_made_safe_and_true(name, file_type, clean):
    assert clean_name(name, KNOWN_TYPES[file_type]) == clean


@given(st.text(max_size=300), st.sampled_from(sorted(KNOWN_TYPES)))
def test_every_name_becomes_a_safe_one(name, file_type):
    clean = clean_name(name, KNOWN_TYPES[file_type])
    assert len(clean) <= MAX_NAME_LENGTH
    assert not set(clean) & set('/\\<>:"|?*\x00\n\r')
    assert clean.isprintable()
    assert not clean.startswith(".")
    assert extension_of(clean) in {KNOWN_TYPES[file_type].extension, *KNOWN_TYPES[file_type].aliases}


def test_a_long_name_keeps_its_ending():
    clean = clean_name("a" * 300 + ".docx", KNOWN_TYPES["docx"])
    assert clean == "a" * (MAX_NAME_LENGTH - 5) + ".docx"


def test_an_author_may_write_a_type_in_either_way():
    assert is_accepted(KNOWN_TYPES["jpg"], ["jpeg"])
    assert is_accepted(KNOWN_TYPES["jpg"], ["JPG"])
    assert not is_accepted(KNOWN_TYPES["jpg"], ["png", "pdf"])
    assert not is_accepted(KNOWN_TYPES["jpg"], [])


def test_the_file_field_names_extensions_and_types():
    assert accept_attribute(["pdf", "jpg"]) == ".pdf,application/pdf,.jpg,image/jpeg"


def test_every_file_type_an_author_may_name_is_detected_and_the_other_way_round():
    assert set(AUTHORS_FILE_TYPES) == set(KNOWN_TYPES)
