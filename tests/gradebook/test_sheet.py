"""A gradebook as a spreadsheet, changed and sent back."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.gradebook.sheet import (
    BASE,
    BASE_HEADINGS,
    MAX_CHANGES,
    PERSON,
    NotThisBook,
    OtherCourse,
    WorkState,
    base_rows,
    compare,
    headings,
    mark_of,
)
from lms.lib.table_data import SheetData
from lms.lib.tables import Column, Sheet, write_xlsx
from lms.lib.tables_reading import read_tables

TASK, QUIZ = 7, 8
COLUMNS = {"Tugas": TASK, "Kuis": QUIZ}
WORKS = {(1, TASK): WorkState(11, 1, Decimal(80)), (2, TASK): WorkState(12, 0, None)}
SCORES = {
    (1, TASK): Decimal(80),
    (1, QUIZ): Decimal(50),
    (2, TASK): None,
    (2, QUIZ): None,
    (3, TASK): None,
    (3, QUIZ): None,
}


def base(works=WORKS, slug="kursus") -> SheetData:
    rows = [BASE_HEADINGS, *base_rows(slug, {TASK: "Tugas"}, works)]
    cells = [[float(cell) if isinstance(cell, Decimal) else cell for cell in one] for one in rows]
    return SheetData(BASE, list(enumerate(cells, 1)), is_hidden=True)


def marks(*rows, columns=(PERSON, "Nama", "Tugas", "Kuis")) -> SheetData:
    return SheetData("Nilai", list(enumerate([["Nilai: Kursus"], list(columns), *map(list, rows)], 1)))


def compared(*rows, then=WORKS, now=WORKS, **values):
    return compare([marks(*rows, **values), base(then)], "kursus", COLUMNS, {TASK: "Tugas"}, SCORES, now)


def new_marks(found) -> list[tuple[int, Decimal, bool]]:
    return [(one.key[0], one.new, one.is_conflict) for one in found.changes]


def test_the_same_marks_change_nothing():
    found = compared(["1", "Ani", 80.0, 50.0], ["2", "Budi", None, None])
    assert (found.changes, found.problems, found.unchanged) == ((), (), 1)


def test_a_new_mark_and_a_first_mark_are_changes():
    found = compared(["1", "Ani", 85.5, 50.0], ["2", "Budi", "76,5", None])
    assert new_marks(found) == [(1, Decimal("85.50"), False), (2, Decimal("76.50"), False)]
    assert not found.problems


def test_columns_and_rows_stand_anywhere():
    found = compared([90, "Ani", "1.0"], columns=("Tugas", "Nama", PERSON))
    assert new_marks(found) == [(1, Decimal(90), False)]


def test_a_mark_that_somebody_else_changed_meanwhile_is_a_conflict():
    now = {(1, TASK): WorkState(11, 2, Decimal(60)), (2, TASK): WorkState(12, 0, None)}
    assert new_marks(compared(["1", "Ani", 85.0, None], now=now)) == [(1, Decimal(85), True)]
    assert not compared(["1", "Ani", 80.0, None], now=now).changes, "the file has the mark it was made with"
    assert not compared(["1", "Ani", 60.0, None], now=now).changes, "both say the same"


def test_work_that_came_after_the_file_was_made_is_a_conflict():
    now = WORKS | {(1, TASK): WorkState(21, 0, None)}
    found = compared(["1", "Ani", 85.0, None], now=now)
    assert new_marks(found) == [(1, Decimal(85), True)]
    assert found.changes[0].now.submission_id == 21


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["1", "Ani", 101.0, None]], "not-a-mark"),
        ([["1", "Ani", -1.0, None]], "not-a-mark"),
        ([["1", "Ani", "baik", None]], "not-a-mark"),
        ([["1", "Ani", True, None]], "not-a-mark"),
        ([["3", "Citra", 80.0, None]], "no-work"),
        ([["1", "Ani", 80.0, 60.0]], "from-answers"),
        ([["9", "Siapa", 80.0, None]], "nobody"),
        ([["1", "Ani", 80.0, None], ["1", "Ani", 90.0, None]], "twice"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_named(rows, code):
    found = compared(*rows)
    assert [problem.code for problem in found.problems] == [code]
    assert not found.changes


def test_rows_without_a_code_are_no_people():
    assert compared([None, "Rata-rata", 80.0, None], ["", "", 3.0, None]).changes == ()


def test_more_changes_than_a_file_may_make_are_told():
    works = {(key, TASK): WorkState(key, 0, None) for key in range(1, MAX_CHANGES + 3)}
    scores = {(key, item): None for key in range(1, MAX_CHANGES + 3) for item in (TASK, QUIZ)}
    rows = marks(*([str(key), "x", 70.0, None] for key, _item in works))
    found = compare([rows, base(works)], "kursus", COLUMNS, {TASK: "Tugas"}, scores, works)
    assert len(found.changes) == MAX_CHANGES
    assert [(one.code, one.written) for one in found.problems] == [("too-many", str(MAX_CHANGES + 2))]


@pytest.mark.parametrize("sheets", [[marks(["1", "Ani", 90.0, None])], [base()], []])
def test_a_file_of_other_origin_is_refused(sheets):
    with pytest.raises(NotThisBook):
        compare(sheets, "kursus", COLUMNS, {TASK: "Tugas"}, SCORES, WORKS)


def test_the_marks_of_another_course_are_refused():
    with pytest.raises(OtherCourse):
        compare([marks(), base(slug="lain")], "kursus", COLUMNS, {TASK: "Tugas"}, SCORES, WORKS)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (80, "80.00"), (80.0, "80.00"), (76.34999999999999, "76.35"), ("76,5", "76.50"), (" 76.5 ", "76.50"),
        ("0", "0.00"), (100, "100.00"), (100.01, None), ("76,555", None), (76.555, None), ("", None),
        ("1.000", None), ("NaN", None),
        (float("nan"), None), (float("inf"), None), (None, None), (False, None),
    ],
)  # fmt: skip
def test_what_is_read_as_a_mark(cell, expected):
    assert mark_of(cell) == (None if expected is None else Decimal(expected))


@given(st.decimals(0, 100, places=2))
def test_a_mark_comes_back_from_a_spreadsheet_as_it_was(mark):
    assert mark_of(float(mark)) == mark
    assert mark_of(str(mark).replace(".", ",")) == mark


def test_titles_that_stand_twice_get_a_number():
    assert headings(["Kuis", "Tugas", "Kuis", "Kuis (2)", PERSON]) == [
        "Kuis", "Tugas", "Kuis (2)", "Kuis (2) (2)", f"{PERSON} (2)",
    ]  # fmt: skip


def test_the_hidden_sheet_is_written_and_read():
    out = io.BytesIO()
    rows = [
        (slug, str(one), str(item), *rest) for slug, one, item, *rest in base_rows("kursus", {TASK: "Tugas"}, WORKS)
    ]
    columns = [Column(title, "text") for title in BASE_HEADINGS[:4]] + [Column(t, "number") for t in BASE_HEADINGS[4:]]
    people = [["1", "Ani", 91.25, 50.0], ["2", "Budi", None, None]]
    seen = [Column(PERSON, "text"), Column("Nama", "text"), Column("Tugas", "number"), Column("Kuis", "number")]
    write_xlsx(out, Sheet("Nilai", seen, people, ["Nilai: Kursus"]), Sheet(BASE, columns, rows, is_hidden=True))
    sheets = read_tables(out.getvalue())
    assert [(one.name, one.is_hidden) for one in sheets] == [("Nilai", False), (BASE, True)]
    found = compare(sheets, "kursus", COLUMNS, {TASK: "Tugas"}, SCORES, WORKS)
    assert new_marks(found) == [(1, Decimal("91.25"), False)]
