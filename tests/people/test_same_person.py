"""Whether a new number belongs to somebody who is registered; without a database."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from lms.people.same_person import SamePersonFinder

PPPK, PNS, OF_A_WOMAN, BORN_LATER = (
    "199001152023211004",
    "199001152025061001",
    "199001152023212004",
    "199001162025061001",
)


class Known(NamedTuple):
    name: str
    nip: str | None


@pytest.mark.parametrize(
    ("name", "nip", "known_name", "known_nip", "is_found"),
    [
        ("Yohanis Mambrasar", PNS, "Yohanis Mambrasar", PPPK, True),
        ("Yohanis Alfons Mambrasar", PNS, "YOHANIS MAMBRASAR", PPPK, True),
        ("Yohanis A. Mambrasar", PNS, "Yohanis Mambrasar", PPPK, True),
        ("Muh. Rizal", PNS, "Muhammad Rizal", PPPK, True),
        ("Yohanis Mambrasar", PNS, "Yohanis Kambu", PPPK, False),
        ("Yohanis Mambrasar", PNS, "Yohanis Mambrasar", OF_A_WOMAN, False),
        ("Yohanis Mambrasar", BORN_LATER, "Yohanis Mambrasar", PPPK, False),
        ("Yohanis Mambrasar", PPPK, "Yohanis Mambrasar", PPPK, False),
        ("", PNS, "Yohanis Mambrasar", PPPK, False),
        ("Yohanis Mambrasar", PNS, "yohanis  mambrasar", None, True),
        ("Yohanis Alfons Mambrasar", PNS, "Yohanis Mambrasar", None, False),
        ("Yohanis", PNS, "Yohanis", None, False),
        ("Peserta 1", PNS, "Peserta 2", PPPK, False),
    ],
)
def test_birth_date_sex_and_name_tell(name, nip, known_name, known_nip, is_found):
    known = Known(known_name, known_nip)
    assert SamePersonFinder([known]).find(name, nip) == [known] * is_found


def test_who_has_a_number_comes_before_who_has_none():
    without, with_number = Known("Yohanis Mambrasar", None), Known("Yohanis Mambrasar", PPPK)
    assert SamePersonFinder([without, with_number]).find("Yohanis Mambrasar", PNS) == [with_number, without]
