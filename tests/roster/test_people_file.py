"""Reading lists: headings and cells as real offices write them."""

from __future__ import annotations

import io

import pytest
from people_files import HEADINGS, nip, row, xlsx
from xlsxwriter import Workbook

from lms.people import phones
from lms.roster import columns as people_columns
from lms.roster.columns import COLUMNS, EXAMPLE_ROW
from lms.roster.list_file import NoHeadings, NoRows, read_people
from lms.roster.parsed_row import parse_row


def only_row(headings, cells):
    return read_people(xlsx([cells], headings)).rows[0].cells


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (["N I P", "Nama Lengkap", "Gol/Ruang", "Unor"], ["nip", "name", "rank", "unit"]),
        (["NIP BARU", "NAMA", "Pangkat / Gol. Ruang", "SKPD"], ["nip", "name", "rank", "unit"]),
        (["nip/ni pppk", "nama pegawai", "status kepegawaian", "OPD"], ["nip", "name", "status", "unit"]),
        (["NIP (18 digit)", "Nama (tanpa gelar)", "E-mail", "No. HP"], ["nip", "name", "email", "phone"]),
        (["No", "NIP", "Gelar Depan", "Gelar Belakang"], ["nip", "title_before", "title_after"]),
        (["Alamat email", "Nama"], ["email", "name"]),
        (HEADINGS, list(COLUMNS)),
    ],
)
def test_headings_are_known_by_many_names(headings, fields):
    file = read_people(xlsx([[nip(1), "x"] + ["a"] * (len(headings) - 2)], headings))
    assert list(file.headings) == fields


def test_what_is_not_known_is_named_and_left_out():
    file = read_people(xlsx([[1, nip(1), "A", "x", "y"]], ["No.", "NIP", "Nama", "Agama", "Nama"]))
    assert file.unread == ("No.", "Agama", "Nama")
    assert file.rows[0].cells == {"nip": nip(1), "name": "A"}


def test_a_letterhead_stands_above_the_headings():
    above = ["PEMERINTAH KOTA SORONG", "DAFTAR PEGAWAI", "Keadaan Agustus 2026"]
    file = read_people(xlsx([row(1)], above=above))
    assert [(one.number, one.cells["nip"]) for one in file.rows] == [(5, nip(1))]


def test_two_rows_of_headings_with_merged_cells_are_one():
    out = io.BytesIO()
    with Workbook(out) as book:
        page = book.add_worksheet()
        page.merge_range("A1:A2", "NIP")
        page.merge_range("B1:B2", "Nama")
        page.merge_range("C1:D1", "Gelar")
        page.write_row("C2", ["Depan", "Belakang"])
        page.write_row("A3", ["1", "2", "3", "4"])
        page.write_row("A4", [nip(1), "Budi", "Dr.", "M.Si."])
    file = read_people(out.getvalue())
    expected = {"nip": nip(1), "name": "Budi", "title_before": "Dr.", "title_after": "M.Si."}
    assert [one.cells for one in file.rows] == [expected]


def test_the_sheet_with_people_is_found_wherever_it_is():
    out = io.BytesIO()
    with Workbook(out) as book:
        book.add_worksheet("Petunjuk").write("A1", "Isilah lembar kedua.")
        page = book.add_worksheet("Pegawai")
        page.write_row("A1", ["NIP", "Nama"])
        page.write_row("A2", [nip(1), "Budi"])
    assert read_people(out.getvalue()).sheet == "Pegawai"


def test_example_rows_and_repeated_headings_are_nobody():
    file = read_people(xlsx([EXAMPLE_ROW, row(1), HEADINGS, row(2)]))
    assert (file.examples, [one.number for one in file.rows]) == (1, [3, 5])


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (xlsx([["a", "b"]], ["Nama Kursus", "JP"]), NoHeadings),
        (xlsx([["a", "b"]], ["Nama", "Jabatan"]), NoHeadings),
        (xlsx([], HEADINGS), NoRows),
        (xlsx([EXAMPLE_ROW], HEADINGS), NoRows),
    ],
)
def test_a_file_without_people_is_told(data, refusal):
    with pytest.raises(refusal):
        read_people(data)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (1.98609262015051e17, "1,98609E+17"),
        (1234567890, "1234567890"),
        ("'198609262015051001", "198609262015051001"),
        ("  dua   kata ", "dua kata"),
        ("Jose\u0301", "José"),
        (3.5, "3.5"),
    ],
)
def test_cells_are_read_as_a_person_would(cell, text):
    assert only_row(["NIP", "Nama"], [cell, "x"])["nip"] == text


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        ({"nip": 1.98609262015051e17}, ["spreadsheet"]),
        ({"nip": "1,98609E+17"}, ["spreadsheet"]),
        ({"nip": "198609262015051000"}, ["shortened"]),
        ({"nip": "1986"}, ["not-18-digits"]),
        ({"nip": "", "email": ""}, ["no-login-name"]),
        ({"nip": " 19900102 201503 1 001"}, []),
        ({"nip": "'1990.0102.201503.1.001"}, []),
        ({"email": "bukan alamat"}, ["email"]),
        ({"email": "Nama@Contoh.GO.ID"}, []),
        ({"status": "raja"}, ["status"]),
        ({"status": "P3K"}, []),
        ({"rank": "V/z"}, ["rank"]),
        ({"rank": "Penata Muda Tk. I (III/b)"}, []),
        ({"name": "x" * 161}, ["too-long"]),
        ({"phone": "12"}, ["phone"]),
        ({"name": "Budi, S.Kom."}, ["titles-in-name"]),
    ],
)
def test_each_cell_is_judged_by_its_own_rules(cells, codes):
    parsed = parse_row(read_people(xlsx([row(1, **cells)])).rows[0])
    assert [problem.code for problem in parsed.problems] == codes


@pytest.mark.parametrize(
    ("text", "rank"),
    [
        ("III/b", "III/b"), ("iii b", "III/b"), ("IIIb", "III/b"), ("Penata Muda Tingkat I, III/b", "III/b"),
        ("Penata Muda Tk. I", "III/b"), ("Pembina", "IV/a"), ("IX", "IX"), ("ix", "IX"), ("I/e", None), ("", None),
        ("Golongan", None), ("Penata  Muda\u00a0TK.I", "III/b"), ("Pémbina\u200b", "IV/a"),
    ],
)  # fmt: skip
def test_ranks_are_found_in_what_people_write(text, rank):
    assert people_columns.rank_of(text) == rank


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0812-3456-7890", "+6281234567890"), ("81234567890", "+6281234567890"),
        ("+62 812 3456 7890", "+6281234567890"), ("62812 3456 7890", "+6281234567890"),
        ("0062 812 34567890", "+6281234567890"), ("+62 0812 34567890", "+6281234567890"),
        ("+1 202 555 0100", "+12025550100"), ("0811", None), ("tidak ada", None), ("", None), ("08" * 10, None),
    ],
)  # fmt: skip
def test_telephone_numbers_are_kept_in_one_spelling(text, number):
    assert phones.normalise(text) == number


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e", "\ufeff"])
def test_signs_that_nobody_sees_are_not_read(hidden):
    """Copied from chats and documents, they make another name of one, or a name of nothing."""
    assert only_row(HEADINGS, row(1, name=f"Maria{hidden} Contoh"))["name"] == "Maria Contoh"
    assert "position" not in only_row(HEADINGS, row(1, position=hidden))


@pytest.mark.parametrize("stroke", ["-", "–", "—", ".", "--", " - "])
def test_a_stroke_in_a_cell_means_that_nothing_is_there(stroke):
    cells = only_row(HEADINGS, row(1, title_before=stroke, position=stroke, unit=stroke, email=stroke, phone=stroke))
    assert set(cells) == {"nip", "name", "status", "rank"}


@pytest.mark.parametrize(
    ("headings", "cells", "unit"),
    [
        (["Instansi", "Unit Kerja"], ["Kota Sorong", "Puskesmas Contoh"], "Kota Sorong > Puskesmas Contoh"),
        (["OPD", "Unor"], ["Dinas Sosial", "Sekretariat"], "Dinas Sosial > Sekretariat"),
        (["Unor", "OPD"], ["Sekretariat", "Dinas Sosial"], "Dinas Sosial > Sekretariat"),
        (["OPD", "Unor"], ["Dinas Kesehatan", "-"], "Dinas Kesehatan"),
        (["OPD", "Unor"], ["", "Sekretariat"], "Sekretariat"),
        (["OPD", "Unit kerja"], ["Dinas Sosial", "DINAS  Sosial"], "DINAS Sosial"),
        (["Seksi", "Bidang", "SKPD", "Pemda"], ["Seksi A", "Bidang B", "Dinas C", "Kota D"],
         "Kota D > Dinas C > Bidang B > Seksi A"),
        (["OPD", "Bidang", "Puskesmas"], ["Dinas Kesehatan", "", "Puskesmas A"], "Dinas Kesehatan > Puskesmas A"),
        (["Unit kerja", "Bidang"], ["Dinas Sosial", "Bidang A"], "Dinas Sosial > Bidang A"),
        (["OPD", "Unit kerja", "Seksi"], ["Dinas A", "Bidang B", "Seksi C"], "Dinas A > Bidang B > Seksi C"),
        (["OPD", "Unit kerja"], ["Dinas A", "Kota D > Dinas A > Bidang B"], "Kota D > Dinas A > Bidang B"),
        (["OPD", "Unit kerja"], ["Dinas A", "Dinas A > Bidang B"], "Dinas A > Bidang B"),
        (["Instansi", "OPD", "Unit kerja"], ["Kota D", "Dinas A", "Dinas A > Bidang B"], "Kota D > Dinas A > Bidang B"),
        (["Instansi", "Unit kerja"], ["Kota D", "Pemerintah Kota D > Dinas A"], "Pemerintah Kota D > Dinas A"),
        (["OPD", "Unit kerja"], ["Dinas A", "Dinas B > Bidang C"], "Dinas A > Dinas B > Bidang C"),
    ],
)  # fmt: skip
def test_columns_of_units_are_a_path_from_the_highest_level_to_the_lowest(headings, cells, unit):
    file = read_people(xlsx([[nip(1), "Budi", *cells]], ["NIP", "Nama", *headings]))
    assert file.rows[0].cells["unit"] == unit
    assert file.unread == ()


def test_the_columns_of_the_path_are_named_in_its_order_and_tell_the_kinds_of_units():
    file = read_people(xlsx([[nip(1), "Budi", "YPK", "Dinas A"]], ["NIP", "Nama", "Sekolah", "OPD"]))
    assert file.headings["unit"] == "OPD > Sekolah"
    assert file.rows[0].unit_kinds == {"dinas a": "opd", "ypk": "sekolah"}


def test_headings_of_units_repeated_on_each_page_are_nobody():
    headings = ["NIP", "Nama", "OPD", "Unit kerja"]
    people = [[nip(number), "Budi", "Dinas A", "Bidang B"] for number in (1, 2)]
    assert [one.number for one in read_people(xlsx([people[0], headings, people[1]], headings)).rows] == [2, 4]


def sheets(**pages) -> bytes:
    out = io.BytesIO()
    with Workbook(out) as book:
        for name, rows in pages.items():
            page = book.add_worksheet(name)
            for number, cells in enumerate(rows):
                page.write_row(number, 0, cells)
            if name.startswith("hidden"):
                page.hide()
    return out.getvalue()


def test_sheets_that_hold_people_too_and_are_not_read_are_named():
    people = [["NIP", "Nama"], [nip(1), "Budi"]]
    notes, empty = [["Catatan"], ["Surel ke BKPSDM"]], [["NIP", "Nama"]]
    file = read_people(sheets(PNS=people, PPPK=people, Catatan=notes, Kosong=empty, hidden=people))
    assert (file.sheet, file.other_sheets) == ("PNS", ("PPPK",))
    assert read_people(sheets(PNS=people, hidden=people)).other_sheets == ()


def test_a_number_that_is_kept_as_a_formula_of_text_is_read():
    data = f'NIP;Nama\n="{nip(1)}";Budi\n'.encode()
    assert read_people(data).rows[0].cells["nip"] == nip(1)
