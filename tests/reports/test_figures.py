"""How figures are rolled up: by the tree, by person, by year. Nothing here meets a database."""

from __future__ import annotations

from datetime import date

import pytest

from lms.people.scopes import EVERYBODY, Scope
from lms.people.unit_tree import Node, UnitTree
from lms.records.years import JpTarget
from lms.reports.board import Cell, JpTotals, board, groups
from lms.reports.filters import BoardFilters, BoardQuery
from lms.reports.yearly import CompletionFigures, YearHours, by_course, by_status, by_unit

TREE = UnitTree(
    (
        Node(1, None, "Kota", "instansi"),
        Node(2, 1, "Dinas B", "opd"),
        Node(3, 1, "Dinas A", "opd"),
        Node(4, 3, "Bidang A1", "bidang"),
        Node(9, None, "Kabupaten", "instansi"),
    )
)
TARGETS = {"pns": JpTarget(20, "floor"), "pppk": JpTarget(24, "ceiling"), "non-asn": JpTarget(0, "floor")}


def asked(filters: BoardFilters | None = None, scope: Scope = EVERYBODY) -> BoardQuery:
    return BoardQuery(filters or BoardFilters(), scope, TREE, date(2026, 11, 23), 7, "Asia/Jayapura", TARGETS)


def lines(query: BoardQuery) -> list[tuple[str, bool]]:
    return [(line.name, line.is_only) for line in groups(query, own="own", without="none")]


@pytest.mark.parametrize(
    ("filters", "scope", "expected"),
    [
        (BoardFilters(), EVERYBODY, [("Kabupaten", False), ("Kota", False), ("none", False)]),
        (BoardFilters(unit_id=1), EVERYBODY, [("Dinas A", False), ("Dinas B", False), ("own", True)]),
        (BoardFilters(unit_id=4), EVERYBODY, [("Bidang A1", False)]),
        (BoardFilters(unit_id=3, is_unit_only=True), EVERYBODY, [("Dinas A", True)]),
        (BoardFilters(unit_id=0), EVERYBODY, [("none", False)]),
        (BoardFilters(), Scope(frozenset({1, 2, 3, 4})), [("Dinas A", False), ("Dinas B", False), ("own", True)]),
        (BoardFilters(), Scope(frozenset({2, 4})), [("Bidang A1", False), ("Dinas B", False)]),
        (BoardFilters(unit_id=9), Scope(frozenset({2, 4})), []),
        (BoardFilters(unit_id=1), Scope(frozenset({2, 4})), [("Dinas B", False)]),
    ],
)
def test_the_lines_are_one_level_below_the_chosen_unit(filters, scope, expected):
    assert lines(asked(filters, scope)) == expected


@pytest.mark.parametrize(
    ("filters", "scope", "expected"),
    [
        (BoardFilters(), EVERYBODY, None),
        (BoardFilters(unit_id=3), EVERYBODY, {3, 4}),
        (BoardFilters(unit_id=3, is_unit_only=True), EVERYBODY, {3}),
        (BoardFilters(unit_id=1), Scope(frozenset({2, 4})), {2, 4}),
        (BoardFilters(unit_id=9), Scope(frozenset({2, 4})), set()),
        (BoardFilters(unit_id=77), EVERYBODY, set()),
        (BoardFilters(unit_id=0), Scope(frozenset({2, 4})), set()),
    ],
)
def test_a_choice_never_widens_the_scope(filters, scope, expected):
    assert asked(filters, scope).narrowed.unit_ids == (None if expected is None else frozenset(expected))


def test_each_figure_is_counted_in_one_line_and_in_the_whole():
    query = asked(BoardFilters(unit_id=1))
    states = {"finished": 3, "overdue": 1, "withdrawn": 2, "near": 5}
    cells = [(4, 7, 3, 3), (3, 7, 1, 0), (2, 7, 0, 0), (1, 8, 5, 0)]
    hours = [(4, "pns", 20, 2), (4, "pns", 3, 1), (2, "pppk", 4, 6), (1, "pns", 0, 5)]
    found = board(query, states, cells, hours, 6, groups(query, own="own", without="none"))
    by_name = {line.name: line for line in found.groups}
    assert by_name["Dinas A"].cells[7] == Cell(enrolled=4, finished=3)
    assert by_name["Dinas B"].cells[7] == Cell()
    assert by_name["own"].cells == {8: Cell(enrolled=5)}
    assert found.tiles["not-enrolled"] == 6
    assert (found.found, found.people) == (11, 14)
    assert by_name["Dinas A"].jp_totals == JpTotals(people=3, jp=43, with_target=3, reached=2)
    assert by_name["Dinas B"].jp_totals == JpTotals(people=6, jp=24)
    assert sum(found.spread.values()) == 14
    assert found.spread[20, 24] == 2


@pytest.mark.parametrize(("finished", "shade"), [(0, 0), (1, 1), (20, 1), (21, 2), (80, 4), (81, 5), (100, 5)])
def test_the_more_have_finished_the_darker(finished, shade):
    assert Cell(100, finished).shade == shade


def test_a_year_adds_up_along_the_tree():
    hours = [YearHours(4, "pns", 20, 1, late=6), YearHours(3, "pns", 10, 2)]
    hours += [YearHours(None, "pns", 5, 1), YearHours(77, "pns", 1, 1)]
    found = {line.name: line.jp_totals for line in by_unit(TREE, EVERYBODY, hours, TARGETS, "none")}
    assert found["Kota"] == JpTotals(people=3, jp=40, with_target=3, reached=1, late=6)
    assert found["Dinas A"] == found["Kota"]
    assert found["Bidang A1"].people == 1
    assert found["none"] == JpTotals(people=2, jp=6, with_target=2)
    assert "Dinas B" not in found


def test_of_an_agency_only_the_own_branch_is_added_up():
    found = by_unit(TREE, Scope(frozenset({3, 4})), [YearHours(4, "pns", 20, 1)], TARGETS, "none")
    assert [(line.name, line.depth) for line in found] == [("Dinas A", 0), ("Bidang A1", 1)]


def test_a_ceiling_is_nothing_to_be_reached():
    hours = [YearHours(1, "pns", 20, 1), YearHours(1, "pns", 19, 1), YearHours(1, "pppk", 30, 1)]
    found = by_status(hours, TARGETS)
    assert (found["pns"].reached, found["pns"].missed) == (1, 1)
    assert (found["pppk"].people, found["pppk"].with_target) == (1, 0)
    assert "non-asn" not in found


def test_of_a_course_the_mean_mark_and_the_median_days_are_said():
    enrolled, completed = {1: (5, 1), 3: (1, 0)}, {1: CompletionFigures(3, 80.004, 3.96)}
    one, other = by_course({1: "Hukum", 2: "Uang", 3: "Data"}, enrolled, completed)
    assert (one.enrolled, one.withdrawn, one.finished, one.percent) == (5, 1, 3, 75)
    assert (one.mean_score, one.median_days) == (80.0, 4.0)
    assert (other.finished, other.mean_score, other.median_days) == (0, None, None)


def test_an_address_says_what_was_chosen_and_nothing_else():
    filters = BoardFilters(unit_id=0, state="near", jp=(5, 9), words="a&b", picked=frozenset({4}))
    assert filters.address() == {"unit": "0", "state": "near", "q": "a&b", "jp": "5-9"}
    assert filters.address(state=None, unit_id=None, jp=None, words="") == {}
