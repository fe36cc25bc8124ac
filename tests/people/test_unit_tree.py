from __future__ import annotations

import pytest

from lms.people.unit_tree import Node, UnitTree

TREE = UnitTree(
    Node(number, parent, name, "opd")
    for number, parent, name in [
        (1, None, "Kota"),
        (2, 1, "Dinas Sosial"),
        (3, 1, "Dinas Tenaga Kerja"),
        (4, 2, "Sekretariat"),
        (5, 3, "sekretariat"),
        (6, 2, "Bidang Bantuan"),
        (7, 4, "Subbagian Umum"),
        (8, 5, "Subbagian Umum"),
        (9, 4, "Subbagian Keuangan"),
    ]
)


def test_parts_go_over_and_those_of_one_name_become_one_at_every_depth():
    found = TREE.merger(2, 3)
    assert found.joined == [(2, 3), (4, 5), (7, 8)]
    assert found.moved == [(6, 3), (9, 5)]


def test_a_unit_goes_into_the_one_above_it_with_its_parts():
    found = TREE.merger(4, 2)
    assert found.joined == [(4, 2)]
    assert found.moved == [(9, 2), (7, 2)]


def test_a_part_named_like_the_unit_that_ends_does_not_join_it():
    tree = UnitTree([*TREE.by_id.values(), Node(10, 4, "Sekretariat", "bidang")])
    assert (10, 2) in tree.merger(4, 2).moved


def test_parts_join_by_what_people_consider_one_name_and_no_twin_is_guessed():
    def merger(*names: str) -> list[tuple[int, int]]:
        there = [Node(20 + number, 3, name, "bidang") for number, name in enumerate(names)]
        units = [Node(1, None, "Kota", "instansi"), Node(2, 1, "A", "opd"), Node(3, 1, "B", "opd")]
        return UnitTree([*units, Node(9, 2, "Tata Usaha", "bidang"), *there]).merger(2, 3).joined[1:]

    assert merger("Tata  usaha") == [(9, 20)]
    assert merger("TATA USAHA", "Tata Usaha") == [(9, 21)]
    assert merger("TATA USAHA", "tata usaha") == []


@pytest.mark.parametrize(
    ("unit_ids", "found"),
    [({2}, {2, 4, 6, 7, 9}), ({1}, set(TREE.by_id)), ({7, 8}, {7, 8}), ({99}, set()), (set(), set())],
)
def test_units_are_found_with_all_below_them(unit_ids, found):
    assert TREE.below(unit_ids) == found


def test_a_circle_ends():
    circle = UnitTree([Node(1, 2, "A", "opd"), Node(2, 1, "B", "opd")])
    assert circle.below({1}) == {1, 2}
