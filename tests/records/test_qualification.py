from __future__ import annotations

from decimal import Decimal

import pytest

from lms.records import qualification
from lms.records.qualification import BadLine

LAN = qualification.read(qualification.LAN_SCALE)


@pytest.mark.parametrize(
    ("score", "word"),
    [
        ("100", "Sangat Memuaskan"),
        ("90.01", "Sangat Memuaskan"),
        ("90.00", "Memuaskan"),
        ("80.01", "Memuaskan"),
        ("80", "Cukup Memuaskan"),
        ("70.01", "Cukup Memuaskan"),
        ("70", "Kurang Memuaskan"),
        ("60", "Tidak Memuaskan"),
        ("0", "Tidak Memuaskan"),
    ],
)
def test_a_score_has_the_word_of_its_band(score, word):
    assert qualification.word_for(Decimal(score), LAN) == word


def test_without_a_score_or_below_the_lowest_band_there_is_no_word():
    assert qualification.word_for(None, LAN) == ""
    assert qualification.word_for(Decimal(50), qualification.read("70 Baik")) == ""


@pytest.mark.parametrize(
    "table",
    [
        "92,5 Sangat Memuaskan\n85 Memuaskan",
        "85 Memuaskan; 92.5 Sangat Memuaskan;",
        " 85  Memuaskan \n\n92,5 Sangat Memuaskan",
    ],
)
def test_lines_and_decimal_signs_are_taken_as_they_come(table):
    assert qualification.read(table) == [(Decimal("92.5"), "Sangat Memuaskan"), (Decimal(85), "Memuaskan")]


@pytest.mark.parametrize("line", ["Memuaskan", "90,01", "101 Hebat", "-5 Buruk", "90,001 Teliti", "70 " + "x" * 61])
def test_a_line_that_cannot_be_read_is_named(line):
    with pytest.raises(BadLine) as caught:
        qualification.read(f"80 Baik\n{line}")
    assert caught.value.line == line


def test_a_score_stands_once():
    with pytest.raises(BadLine):
        qualification.read("80 Baik\n80,00 Bagus")
