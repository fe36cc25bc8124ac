"""Tables to files and back: what is text stays text, and no file does harm."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from lms.core import isolated
from lms.lib.table_data import MAX_ROWS, Unreadable, UnreadableReason
from lms.lib.tables import Column, Sheet, write_csv, write_xlsx
from lms.lib.tables_reading import read_tables

COLUMNS = [
    Column("NIP", "text", 22),
    Column("Nama", "text"),
    Column("Nilai", "number"),
    Column("Tanggal", "date"),
    Column("Saat", "moment"),
    Column("Bagian", "percent"),
]
NIP = "198609262015051001"
MOMENT = datetime(2026, 8, 12, 23, 30, tzinfo=UTC).astimezone(ZoneInfo("Asia/Jayapura"))
ROW = (NIP, "=1+1", Decimal("85.50"), date(2026, 8, 12), MOMENT, 0.855)


def xlsx(*rows, head=()) -> bytes:
    out = io.BytesIO()
    write_xlsx(out, Sheet("Rekap: 2026/I", COLUMNS, rows, head))
    return out.getvalue()


def csv_text(*rows) -> str:
    out = io.BytesIO()
    write_csv(out, Sheet("x", COLUMNS, rows))
    assert not out.closed
    return out.getvalue().decode("utf-8-sig")


def why(data: bytes) -> UnreadableReason:
    with pytest.raises(Unreadable) as refusal:
        read_tables(data)
    return refusal.value.why


def cells(data: bytes) -> list[list[object]]:
    return [row for _number, row in read_tables(data)[0].rows]


def workbook(write) -> bytes:
    out = io.BytesIO()
    with Workbook(out) as book:
        write(book, book.add_worksheet("Data"))
    return out.getvalue()


# writing


def test_text_is_text_numbers_are_numbers_and_dates_are_dates():
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx(ROW))).active
    shown = [(cell.value, cell.data_type) for cell in sheet[2]]
    assert shown[0] == (NIP, "s")
    assert shown[1][0] == "=1+1"
    assert shown[2] == (85.5, "n")
    assert [f"{value} {kind}" for value, kind in shown[3:5]] == ["2026-08-12 00:00:00 d", "2026-08-13 08:30:00 d"]
    assert shown[5] == (0.855, "n")
    assert sheet["A2"].number_format == "@"


def test_no_text_becomes_a_formula_or_a_link():
    data = xlsx(("=HYPERLINK(1)", "http://contoh.go.id", 1, None, None, None))
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        page = packed.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in page
    assert b"hyperlink" not in page


def test_the_header_is_frozen_and_filtered_below_the_letterhead():
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx(ROW, head=["Rekap", "Belajar ASN", "12 Agustus 2026"]))).active
    assert [sheet.cell(row, 1).value for row in range(1, 6)] == ["Rekap", "Belajar ASN", "12 Agustus 2026", None, "NIP"]
    assert sheet.freeze_panes == "A6"
    assert sheet.auto_filter.ref == "A5:F6"
    assert sheet.title == "Rekap  2026 I"


def test_empty_cells_stay_empty_and_a_row_of_another_length_is_a_fault_of_ours():
    assert cells(xlsx((NIP, None, None, None, None, None)))[1] == [NIP, None, None, None, None, None]
    with pytest.raises(ValueError, match="zip"):
        xlsx((NIP,))


def test_many_sheets_make_one_file():
    out = io.BytesIO()
    write_xlsx(out, Sheet("Satu", COLUMNS, [ROW]), Sheet("Dua", COLUMNS, []))
    assert CalamineWorkbook.from_filelike(io.BytesIO(out.getvalue())).sheet_names == ["Satu", "Dua"]


def test_csv_is_as_an_indonesian_spreadsheet_reads_it():
    text = csv_text(ROW)
    assert text.splitlines()[0] == "NIP;Nama;Nilai;Tanggal;Saat;Bagian"
    assert text.splitlines()[1] == f"'{NIP};'=1+1;85,50;2026-08-12;2026-08-13 08:30;85,5%"


@pytest.mark.parametrize("text", ["=1", "+62812", "-1", "@x", "\tx", "\rx", "\nx", "12345678901234567"])
def test_csv_makes_inert_what_a_spreadsheet_would_compute_or_shorten(text):
    row = next(csv.reader(io.StringIO(csv_text((text, "", 1, None, None, None)).split("\r\n", 1)[1]), delimiter=";"))
    assert row[0] == f"'{text}"
    assert cells(f"Nama;Lain\r\n{text};x".encode())[1][1] == "x"


def test_negative_numbers_stay_numbers_in_csv():
    assert csv_text(("a", "b", -1.5, None, None, None)).splitlines()[1] == "a;b;-1,5;;;"


# reading


@pytest.mark.parametrize(
    "encoded",
    [
        lambda text: text.encode(),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("cp1252"),
    ],
)
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_csv_is_read_in_the_encodings_and_separators_people_have(encoded, separator):
    text = f"NIP{separator}Nama\r\n1{separator}“Renée”\r\n"
    assert cells(encoded(text)) == [["NIP", "Nama"], ["1", "“Renée”"]]


def test_csv_keeps_row_numbers_over_empty_lines_and_lines_within_cells():
    table = read_tables(b'sep=;\nNIP;Nama\n\n1;"dua\nbaris"\n2;B\n')[0]
    assert [number for number, _cells in table.rows] == [2, 4, 6]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", UnreadableReason.EMPTY),
        (b" \r\n\t", UnreadableReason.EMPTY),
        (b"\0\0\0", UnreadableReason.EMPTY),
        (b"NIP;Nama\n1;\0\0", UnreadableReason.NOT_TEXT),
        (b'NIP;Nama\n1;"Budi\n2;Ani\n', UnreadableReason.QUOTES),
        (b"<html><table><tr><td>NIP</td></tr></table>", UnreadableReason.HTML),
        (b"\xef\xbb\xbf<!DOCTYPE html><title>x</title>", UnreadableReason.HTML),
        (b'<?xml version="1.0"?><Workbook/>', UnreadableReason.HTML),
        (b"%PDF-1.4", UnreadableReason.NO_TABLE),
        (b"\x89PNG\r\n", UnreadableReason.NO_TABLE),
        (b"PK\x03\x04broken", UnreadableReason.BROKEN),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, UnreadableReason.NO_TABLE),
        (b"NIP;Nama\n" + b"1;a\n" * (MAX_ROWS + 1), UnreadableReason.TOO_MANY_ROWS),
    ],
)
def test_what_is_no_table_is_told(data, reason):
    assert why(data) is reason


def test_an_open_quotation_mark_names_its_line():
    with pytest.raises(Unreadable) as refusal:
        read_tables(b'a;b\n1;2\n3;"x\n4;5')
    assert refusal.value.line == 3


def test_a_locked_workbook_is_told():
    """Under a password a workbook is an encrypted packet in a file of the old kind."""
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    assert why(data) is UnreadableReason.LOCKED


def test_another_packed_file_is_no_table():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("word/document.xml", "<w/>")
    assert why(out.getvalue()) in {UnreadableReason.NO_TABLE, UnreadableReason.BROKEN}


def test_merged_cells_hold_for_each_of_them_and_hidden_sheets_come_last():
    def write(book, sheet):
        hidden = book.add_worksheet("Lama")
        sheet.merge_range("A1:A2", "Dinas")
        sheet.write("B1", "satu")
        sheet.write("B2", "dua")
        hidden.write("A1", "x")
        sheet.activate()
        hidden.hide()

    tables = read_tables(workbook(write))
    assert [table.name for table in tables] == ["Data", "Lama"]
    assert cells(workbook(write)) == [["Dinas", "satu"], ["Dinas", "dua"]]


def test_formulas_count_by_their_value_and_those_without_are_named():
    def write(_book, sheet):
        sheet.write_formula("A1", "=1+1", None, 2)
        sheet.write_formula("B1", '="a"', None, "")
        sheet.write_formula("C1", "=VLOOKUP(1,A1:A2,1)", None, "#N/A")
        sheet.write("A2", "x")
        sheet.write("B2", "#N/A")  # typed as text: it stands there

    table = read_tables(workbook(write))[0]
    assert table.rows[0][1][0] == 2
    assert table.rows[1][1][1] == "#N/A"
    assert table.uncomputed == ("B1", "C1")


def test_a_file_that_says_it_unfolds_to_gigabytes_is_refused_at_once():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<x/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"")
    data = bytearray(out.getvalue())
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<I", 2**31)  # the size it says it has
    assert why(bytes(data)) is UnreadableReason.TOO_LARGE


def test_a_file_that_a_broken_line_has_damaged_is_refused_wherever_the_damage_is():
    """Not as an error of the server: ``zipfile`` passes on what its parts raise."""
    whole = workbook(lambda _book, sheet: [sheet.write(n, 0, f"Nama {n}") for n in range(60)])
    with zipfile.ZipFile(io.BytesIO(whole)) as packed:
        sheet = packed.getinfo("xl/worksheets/sheet1.xml")
    for place in range(sheet.header_offset, sheet.header_offset + 60 + sheet.compress_size, 7):
        data = bytearray(whole)
        data[place] ^= 0x5A
        with suppress(Unreadable):
            read_tables(bytes(data))


@pytest.mark.parametrize("value", [1e10, -1e9, 1e300])
def test_a_length_of_time_beyond_all_bounds_is_refused(value):
    def write(book, sheet):
        sheet.write_number(0, 0, value, book.add_format({"num_format": "[h]:mm:ss"}))

    assert why(workbook(write)) is UnreadableReason.BROKEN


@pytest.mark.slow
def test_two_far_cells_that_span_a_whole_sheet_cost_only_the_child():
    data = workbook(lambda _book, sheet: (sheet.write(0, 0, "NIP"), sheet.write(1_048_575, 16_383, "x")))
    with pytest.raises((isolated.BrokeDown, Unreadable)):
        isolated.run(read_tables, data, seconds=30, megabytes=1024)
