"""Certificates are read back as PDF files, as a reader program would."""

from __future__ import annotations

import dataclasses
import io
import json
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pypdf
import pytest
import segno
import typst
import zxingcpp
from PIL import Image, ImageFilter

from lms.records import certificate as certificate_module
from lms.records.certificate import CertificateFacts, Signatory, Subject, Unprintable, render_pdf

HEAD = Signatory(
    office="Kepala BKPSDM Kota Sorong",
    name="Drs. Contoh Kepala, M.Si.",
    rank="Pembina Utama Muda, IV/c",
    nip="197101051995031003",
)
SUBJECTS = (
    Subject("Dasar pelayanan publik", 2),
    Subject("Standar dan maklumat pelayanan", 3),
    Subject("Komunikasi layanan dan kelompok rentan", 2),
    Subject("Pengelolaan pengaduan", 2),
    Subject("Survei kepuasan dan perbaikan", 3),
)
FACTS = CertificateFacts(
    title="SERTIFIKAT",
    number="800.2/0031/BKPSDM/XI/2026",
    issuer="Badan Kepegawaian dan Pengembangan Sumber Daya Manusia Kota Sorong",
    name="Maria Contoh, S.Sos., M.Si.",
    nip="198609262015052001",
    rank="Penata Muda Tingkat I",
    grade="III/b",
    position="Analis Kebijakan Ahli Pertama",
    unit="Bidang Pelayanan Kesehatan",
    agency="Dinas Kesehatan Kota Sorong",
    course="Pelatihan Manajemen Pelayanan Publik",
    cohort="Angkatan I Tahun 2026",
    organiser="BKPSDM Kota Sorong",
    begins_on=date(2026, 11, 2),
    ends_on=date(2026, 11, 20),
    hours=12,
    method="pembelajaran daring mandiri",
    place="Sorong",
    issued_on=date(2026, 11, 25),
    signatory=HEAD,
    verify_url="https://belajar.example.go.id/verify/K7QF3M2PXR9T",
    code="K7QF3M2PXR9T",
    curriculum=SUBJECTS,
)
LONG_NAME = "Prof. Dr. Ir. Yohanes Maria Christianus Contoh Panjang Sekali Nama, S.Sos., S.H., M.Si., M.H., Ph.D."
LONG_COURSE = (
    "Pelatihan Teknis Perencanaan, Penganggaran, Pelaksanaan, Penatausahaan, Akuntansi, Pelaporan, "
    "dan Pengawasan Keuangan Daerah Berbasis Kinerja bagi Pejabat Penatausahaan Keuangan Satuan Kerja "
    "Perangkat Daerah"
)


def reader(**changes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(render_pdf(dataclasses.replace(FACTS, **changes))))


def words(page: pypdf.PageObject) -> str:
    """The text of a page with every stretch of white space as one space."""
    return " ".join(page.extract_text().split())


def places_of_text(page: pypdf.PageObject) -> list[tuple[float, float]]:
    """Where each stretch of text begins, in points from the lower left corner."""
    places = []

    def note(text, page_matrix, text_matrix, _font, _size):
        if text.strip():
            *_, x, y = pypdf.mult(text_matrix, page_matrix)
            places.append((x, y))

    page.extract_text(visitor_text=note)
    return places


def tags_below(node) -> Iterator[tuple[str, str | None]]:
    """Each tag in order of reading, with the text that stands for it where it is a picture."""
    if "/S" in node:
        yield node["/S"], node.get("/Alt")
    children = node.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        below = child.get_object()
        if isinstance(below, dict):
            yield from tags_below(below)


def subjects(count: int, text: str = "Mata pelatihan nomor {} tentang hal yang penting bagi daerah"):
    return {"curriculum": tuple(Subject(text.format(n), 2) for n in range(1, count + 1)), "hours": count * 2}


@pytest.fixture(scope="module")
def certificate() -> pypdf.PdfReader:
    return reader()


@pytest.mark.parametrize(
    "text",
    [
        "SERTIFIKAT",
        "Nomor: 800.2/0031/BKPSDM/XI/2026",
        "BADAN KEPEGAWAIAN DAN PENGEMBANGAN SUMBER DAYA MANUSIA KOTA SORONG",
        "Kota Sorong berdasarkan Undang-Undang Nomor 20 Tahun 2023 tentang Aparatur Sipil Negara "
        "serta ketentuan pelaksanaannya menyatakan bahwa:",
        "Nama : Maria Contoh, S.Sos., M.Si.",
        "NIP : 19860926 201505 2 001",
        "Pangkat/Golongan Ruang : Penata Muda Tingkat I, III/b",
        "Jabatan : Analis Kebijakan Ahli Pertama",
        "Unit Kerja : Bidang Pelayanan Kesehatan",
        "Instansi : Dinas Kesehatan Kota Sorong",
        "TELAH MENGIKUTI",
        "Pelatihan Manajemen Pelayanan Publik Angkatan I Tahun 2026 yang diselenggarakan oleh BKPSDM "
        "Kota Sorong dari tanggal 2 November 2026 sampai dengan 20 November 2026 melalui "
        "pembelajaran daring mandiri yang meliputi 12 (dua belas) jam pelajaran.",
        "Sorong, 25 November 2026 Kepala BKPSDM Kota Sorong",
        "Drs. Contoh Kepala, M.Si. Pembina Utama Muda, IV/c NIP 19710105 199503 1 003",
        "K7QF-3M2P-XR9T",
        "https://belajar.example.go.id/verify/K7QF3M2PXR9T",
    ],
)
def test_the_front_states_every_fact(certificate, text):
    assert text in words(certificate.pages[0])


def test_the_back_lists_the_curriculum_with_its_total_and_is_signed_again(certificate):
    back = words(certificate.pages[1])
    assert "KURIKULUM PELATIHAN" in back
    assert "No Mata Pelatihan JP 1 Dasar pelayanan publik 2 2 Standar dan maklumat pelayanan 3" in back
    assert "Jumlah jam pelajaran 12" in back
    assert "Nomor 800.2/0031/BKPSDM/XI/2026" in back
    assert "Drs. Contoh Kepala, M.Si." in back


def test_it_says_that_the_qr_code_is_no_signature_and_claims_none(certificate):
    front = words(certificate.pages[0])
    assert "Keaslian dokumen ini diperiksa pada alamat di samping kode QR." in front
    assert "Kode QR bukan tanda tangan elektronik." in front
    assert "ditandatangani" not in front


def test_a_certificate_is_two_sheets_of_a4_across(certificate):
    assert [tuple(map(round, page.mediabox[2:])) for page in certificate.pages] == [(842, 595)] * 2


def test_the_file_names_itself_its_issuer_its_language_and_its_day(certificate):
    assert certificate.metadata.title == "SERTIFIKAT 800.2/0031/BKPSDM/XI/2026"
    assert certificate.metadata.author == FACTS.issuer
    assert certificate.metadata.creation_date.date() == FACTS.issued_on
    assert certificate.trailer["/Root"]["/Lang"] == "id-ID"
    assert certificate.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]


def test_the_government_stands_above_the_agency_where_it_is_named(certificate):
    agency = "BADAN KEPEGAWAIAN DAN PENGEMBANGAN SUMBER DAYA MANUSIA KOTA SORONG"
    named = reader(government="Pemerintah Kota Sorong")
    assert words(named.pages[0]).startswith(f"PEMERINTAH KOTA SORONG {agency} SERTIFIKAT")
    assert words(certificate.pages[0]).startswith(f"{agency} SERTIFIKAT")
    assert "<pdfaid:part>2</pdfaid:part>" in named.trailer["/Root"]["/Metadata"].get_data().decode()
    assert len(reader(government="Pemerintah " * 11, name=LONG_NAME, course=LONG_COURSE).pages) == 2


def test_the_file_declares_the_archive_and_the_accessibility_standard(certificate):
    declared = certificate.trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in declared
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in declared
    assert "<pdfuaid:part>1</pdfuaid:part>" in declared


def test_the_pages_are_tagged_so_that_a_screen_reader_finds_title_table_and_picture(certificate):
    tags = list(tags_below(certificate.trailer["/Root"]["/StructTreeRoot"]))
    kinds = [kind for kind, _ in tags]
    assert certificate.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert (kinds.count("/H1"), kinds.count("/H2"), kinds.count("/Table")) == (1, 1, 1)
    assert kinds.count("/TH") == 3
    assert [alt for kind, alt in tags if kind == "/Figure"] == [f"Kode QR menuju {FACTS.verify_url}"]


def test_every_font_is_our_own_and_travels_with_the_file(certificate):
    fonts = [font.get_object() for page in certificate.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        assert "+LibertinusSerif" in font["/BaseFont"]
        descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
        assert "/FontFile3" in descriptor or "/FontFile2" in descriptor


def test_the_same_facts_make_the_same_bytes_in_any_thread():
    with ThreadPoolExecutor(max_workers=3) as pool:
        renderings = set(pool.map(render_pdf, [FACTS] * 6))
    assert renderings == {render_pdf(FACTS)}


def test_other_facts_make_other_bytes():
    assert render_pdf(FACTS) != render_pdf(dataclasses.replace(FACTS, name="Maria Lain"))


@pytest.mark.parametrize(
    ("changes", "gone"),
    [
        ({"nip": ""}, "NIP : "),
        ({"rank": "", "grade": ""}, "Golongan"),
        ({"position": ""}, "Jabatan"),
        ({"unit": ""}, "Unit Kerja"),
        ({"agency": ""}, "Instansi"),
        ({"cohort": ""}, "Angkatan"),
        ({"method": ""}, "melalui"),
        ({"sentence": ""}, "Undang-Undang"),
        ({"signatory": None}, "Kepala"),
        ({"signatory": Signatory(office="Kepala BKPSDM")}, "NIP 1971"),
    ],
)
def test_what_is_not_known_is_left_out_with_its_label(changes, gone):
    front = words(reader(**changes).pages[0])
    assert gone not in front
    assert "Maria Contoh, S.Sos., M.Si." in front
    assert "jam pelajaran." in front


def test_without_a_legal_sentence_the_issuer_simply_declares():
    assert "Kota Sorong menyatakan bahwa:" in words(reader(sentence="").pages[0])


def test_without_a_curriculum_there_is_no_back():
    assert len(reader(curriculum=()).pages) == 1


def test_a_course_with_hours_only_as_a_whole_shows_no_hours_for_its_parts():
    back = words(reader(curriculum=(Subject("Pertama"), Subject("Kedua"))).pages[1])
    assert "1 Pertama – 2 Kedua – Jumlah jam pelajaran 12" in back


def test_a_pppk_has_a_golongan_without_pangkat_and_another_kind_of_number():
    front = words(reader(nip="199305202023211005", rank="", grade="IX").pages[0])
    assert "NI PPPK : 19930520 202321 1 005" in front
    assert "Golongan : IX" in front
    assert "Pangkat" not in front


def test_an_identity_number_of_another_length_is_printed_as_it_is():
    assert "NIP : 130123456" in words(reader(nip="130123456").pages[0])


def test_a_course_of_one_day_has_one_date():
    front = words(reader(ends_on=FACTS.begins_on).pages[0])
    assert "pada tanggal 2 November 2026" in front
    assert "sampai dengan" not in front


def test_graded_training_states_passed_and_the_qualification():
    front = words(
        reader(title="SURAT TANDA TAMAT PELATIHAN", statement="LULUS", qualification="Sangat Memuaskan").pages[0]
    )
    assert "SURAT TANDA TAMAT PELATIHAN" in front
    assert "LULUS dengan kualifikasi Sangat Memuaskan" in front


WRITTEN = [
    "#panic()",
    '#import "/etc/passwd"',
    "$a^2$",
    "*tebal* _miring_",
    "] #[ ] )",
    "Ma'mun",
    "A @b <c>",
    "// komentar /* lagi */",
    "`mentah` \\n \\",
    '"kutip" & <b>',
    "= judul",
    "- butir",
    "{urut} %(x)s",
    "-- --- ... ~",
    "Ñusa Éclair Škoda",
]


@pytest.mark.parametrize("first", range(0, len(WRITTEN), 3))
def test_text_is_printed_as_it_is_and_never_obeyed(first):
    """Three texts on a certificate: each takes half a second to print."""
    name, course, subject = WRITTEN[first : first + 3]
    made = reader(name=f"Siti {name}", course=f"Kursus {course}", curriculum=(Subject(f"Mata {subject}", 12),))
    front, back = (words(page) for page in made.pages)
    assert f"Nama : Siti {name} NIP" in front
    assert f"Kursus {course} Angkatan" in front
    assert f"Mata {subject} 12" in back


def test_signs_that_steer_instead_of_showing_are_taken_out():
    front = words(reader(name="Maria\u202e \r\n\tContoh\u200b\x00\x07\ue000, S.Sos.").pages[0])
    assert "Nama : Maria Contoh, S.Sos. NIP" in front


@pytest.mark.parametrize("sign", ["😀", "中"])
def test_a_sign_that_no_font_has_is_refused_by_name(sign):
    with pytest.raises(Unprintable, match=sign):
        reader(name=f"Maria {sign}")


def test_a_certificate_after_a_refused_one_is_printed_as_ever():
    with pytest.raises(Unprintable):
        reader(name="😀")
    assert "Maria Contoh" in words(reader().pages[0])


@pytest.mark.parametrize("hours", [11, 13])
def test_a_curriculum_that_does_not_add_up_is_refused(hours):
    with pytest.raises(ValueError, match=f"12 JP, the certificate {hours}"):
        dataclasses.replace(FACTS, hours=hours)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"signatory": None},
        {"signatory": Signatory()},
        {"name": LONG_NAME, "course": LONG_COURSE, "qualification": "Sangat Memuaskan"},
        {"position": LONG_COURSE, "unit": LONG_COURSE, "agency": LONG_COURSE},
        {"organiser": LONG_COURSE, "issuer": LONG_COURSE, "method": LONG_COURSE},
        subjects(1),
        subjects(13),
        subjects(30) | {"name": LONG_NAME, "course": LONG_COURSE},
    ],
    ids=[
        "usual",
        "unsigned",
        "line only",
        "long names",
        "long posts",
        "long bodies",
        "one",
        "thirteen",
        "thirty",
    ],
)
def test_all_fits_on_two_pages_and_nothing_runs_off_the_paper(changes):
    made = reader(**changes)
    assert len(made.pages) == 2
    for page in made.pages:
        places = places_of_text(page)
        assert all(40 < x < 842 - 40 and 40 < y < 595 - 40 for x, y in places), places


def test_a_very_long_curriculum_goes_on_over_the_page_and_is_signed_at_its_end():
    made = reader(**subjects(80, "Bagian {} " + LONG_COURSE))
    assert len(made.pages) > 3
    text = " ".join(words(page) for page in made.pages)
    assert all(text.count(f"Bagian {n} ") == 1 for n in range(1, 81))
    assert all("Mata Pelatihan" in words(page) for page in made.pages[1:-1])
    assert "Jumlah jam pelajaran 160" in text
    assert "Drs. Contoh Kepala" in words(made.pages[-1])


def photo(facts: CertificateFacts, *, dots_per_inch: int) -> bytes:
    """The front as somebody sends it: photographed askew and unsharp, and compressed by a messenger."""
    compiler = typst.Compiler(certificate_module._TEMPLATE, root=certificate_module._TEMPLATE.parent)
    printed = {"facts": json.dumps(certificate_module._printed(dataclasses.replace(facts, curriculum=())))}
    made = compiler.compile(format="png", sys_inputs=printed, ppi=dots_per_inch)
    assert isinstance(made, bytes)
    page = Image.open(io.BytesIO(made)).convert("L")
    page = page.rotate(7, expand=True, fillcolor=230, resample=Image.Resampling.BICUBIC)
    out = io.BytesIO()
    page.filter(ImageFilter.GaussianBlur(0.8)).save(out, "JPEG", quality=40)
    return out.getvalue()


CODES = ["B26A6ET0HHTYWVA6D8W9", "5VBBJEMR0B179XS21DTZ", "FQX5G025SJPRHV6NG7MC"]


def of_city(code: str) -> CertificateFacts:
    """With an address as long as those of cities are."""
    address = f"https://belajar.sorongkota.example.go.id/verify/{code}"
    return dataclasses.replace(FACTS, code=code, verify_url=address, ledger_head="12345:" + "9f3a" * 16)


@pytest.mark.parametrize("code", CODES)
def test_a_poor_photo_of_the_whole_page_leads_to_the_check_page(code):
    """A modern reader, and a photo of less than the hundred dots that an old one needs."""
    facts = of_city(code)
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(photo(facts, dots_per_inch=70))))
    assert [one.text for one in found] == [facts.verify_url.upper()]


@pytest.mark.skipif(shutil.which("zbarimg") is None, reason="this older reader is not installed")
@pytest.mark.parametrize("code", CODES)
def test_an_older_reader_reads_it_too(code, tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(photo(of_city(code), dots_per_inch=100))
    done = subprocess.run(["zbarimg", "-q", "--raw", path], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == of_city(code).verify_url.upper()


@pytest.mark.parametrize("address", ["https://a.example/belajar/verify/ABC", "https://a.example/verify/a%20b"])
def test_an_address_that_capitals_would_change_stays_as_it_is(address, monkeypatch):
    made, make = [], segno.make
    monkeypatch.setattr(segno, "make", lambda text, **values: made.append(text) or make(text, **values))
    certificate_module._qr(address)
    assert made == [address]
