"""Attempts as a table: on the page, and the same cells as a file."""

from __future__ import annotations

import io
from datetime import datetime
from decimal import Decimal

import pytest
from analysis_world import ANSWERS, AnalysedCourse, make_analysed_course
from factories import NOON
from html5lib import parse
from openpyxl import load_workbook

from lms.core.i18n import in_language, say_number, to_site_time
from lms.people.models import Person

PAGE = "/teach/courses/pelatihan/items/kuis/attempts"


@pytest.fixture
def analysed(session) -> AnalysedCourse:
    made = make_analysed_course(ANSWERS[3:])
    made.attempt(ANSWERS[0], made.enrolment("=cmd|'/c calc'!A1"), minutes=90)
    return made


def cells_of_page(client, address: str) -> list[list[str]]:
    page = parse(client.get(address).get_data(as_text=True), treebuilder="etree", namespaceHTMLElements=False)
    table = page.find(".//table")
    return [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in table.iter("tr")]


def sheet_of(client, address: str):
    answer = client.get(address)
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(answer.get_data())).active


def shown(value) -> str:
    """A cell of the file as the page says it."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return f"{value.day} November 2026 pukul {value:%H.%M} WIT"
    with in_language("id"):
        return say_number(Decimal(str(value))) if isinstance(value, int | float) else " ".join(value.split())


def test_the_file_says_what_the_page_says_cell_by_cell(client, analysed):
    client.sign_in(analysed.teacher)
    on_page = cells_of_page(client, PAGE)
    sheet = sheet_of(client, f"{PAGE}.xlsx")
    top = next(row for row in range(1, 20) if sheet.cell(row, 2).value == "NIP")
    in_file = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=top)]
    assert in_file[0] == on_page[0]
    assert len(in_file) == 11
    assert [list(map(shown, row)) for row in in_file[1:]] == on_page[1:]


def test_numbers_are_numbers_and_moments_moments(client, analysed):
    sheet = sheet_of(client.sign_in(analysed.teacher), f"{PAGE}.xlsx")
    row = next(row for row in sheet.iter_rows() if row[0].value == "Peserta 01")
    assert [cell.data_type for cell in row[:12]] == ["s", "s", "n", "s", "n", "d", "d", "n", "n", "n", "n", "s"]
    assert row[5].value == to_site_time(NOON).replace(tzinfo=None)
    assert [cell.value for cell in row[7:12]] == [5, 4, 5, 80, "ya"]


def test_nobody_sends_a_formula_to_the_instructors_spreadsheet(client, analysed):
    sheet = sheet_of(client.sign_in(analysed.teacher), f"{PAGE}.xlsx")
    texts = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=")}
    assert texts == {"=cmd|'/c calc'!A1": "s", "=1+1": "s"}


def test_a_nip_is_masked(client, analysed, session):
    client.sign_in(analysed.teacher)
    numbers = [person.nip for person in session.query(Person).all() if person.nip]
    assert numbers
    sheet = sheet_of(client, f"{PAGE}.xlsx")
    everything = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    everything += client.get(PAGE).get_data(as_text=True)
    assert "•••••••• •••••• •" in everything
    assert not [nip for nip in numbers if nip in everything or nip[:8] in everything]


def test_both_take_the_same_choice_of_attempts(client, analysed):
    again = analysed.enrolment("Peserta ulang")
    analysed.attempt({}, again)
    analysed.attempt(ANSWERS[0], again, minutes=60)
    client.sign_in(analysed.teacher)
    for way, expected in {"first": 11, "last": 11, "best": 11, "all": 12}.items():
        on_page = cells_of_page(client, f"{PAGE}?attempts={way}")[1:]
        sheet = sheet_of(client, f"{PAGE}.xlsx?attempts={way}")
        assert len(on_page) == expected
        own = [row[4].value for row in sheet.iter_rows() if row[0].value == "Peserta ulang"]
        assert [row[4] for row in on_page if row[0] == "Peserta ulang"] == list(map(str, own))
        assert own == {"first": [1], "last": [2], "best": [2], "all": [1, 2]}[way]


def test_without_attempts_the_page_says_so_and_the_file_has_its_headings(client, session):
    made = make_analysed_course([])
    client.sign_in(made.teacher)
    assert "Belum ada percobaan" in client.text(PAGE)
    assert sheet_of(client, f"{PAGE}.xlsx").max_row >= 5
