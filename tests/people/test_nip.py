"""The number says who somebody is; a wrong one is refused with the reason."""

from __future__ import annotations

from datetime import date

import pytest

from lms.people import nip
from lms.people.nip import NipProblem
from lms.people.services.numbers import PROBLEM_TEXTS, nip_problem_text

PNS = "198609262015051001"
PPPK = "199305202023211005"


def test_a_nip_tells_birth_appointment_sex_and_sequence():
    read = nip.parse(PNS)
    assert (read.kind, read.born_on, read.year, read.month) == ("pns", date(1986, 9, 26), 2015, 5)
    assert (read.contract, read.sex, read.sequence) == (None, "man", 1)


def test_a_ni_pppk_tells_year_and_contract_instead_of_a_month():
    read = nip.parse(PPPK)
    assert (read.kind, read.born_on, read.year, read.month) == ("pppk", date(1993, 5, 20), 2023, None)
    assert (read.contract, read.sex, read.sequence) == (1, "man", 5)


@pytest.mark.parametrize(
    "typed",
    [
        "19860926 201505 1 001",
        "19860926.201505.1.001",
        "  198609262015051001\n",
        "1986 0926 2015 0510 01",
        "19860926\u00a0201505\u00a01\u00a0001",
        "\u202a198609262015051001\u202c",
        "\u200b19860926\u2060201505\ufeff1001",
        "１９８６０９２６２０１５０５１００１",
    ],
)
def test_spaces_dots_and_invisible_marks_do_not_matter(typed):
    assert nip.parse(typed).digits == PNS


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("", NipProblem.EMPTY),
        (" . ", NipProblem.EMPTY),
        ("1,98609E+17", NipProblem.SPREADSHEET),
        ("1.98609E+17", NipProblem.SPREADSHEET),
        (" 1.98609262015051e17 ", NipProblem.SPREADSHEET),
        ("2E+17", NipProblem.SPREADSHEET),
        ("19860926201505100A", NipProblem.NOT_DIGITS),
        ("19860926-201505-1-001", NipProblem.NOT_DIGITS),
        ("peserta", NipProblem.NOT_DIGITS),
        ("١٩٨٦٠٩٢٦٢٠١٥٠٥١٠٠١", NipProblem.NOT_DIGITS),
        ("131234567", NipProblem.NOT_18_DIGITS),
        (PNS[:-1], NipProblem.NOT_18_DIGITS),
        (PNS + "0", NipProblem.NOT_18_DIGITS),
        ("198613262015051001", NipProblem.BIRTH_DATE),
        ("198602302015051001", NipProblem.BIRTH_DATE),
        ("198600262015051001", NipProblem.BIRTH_DATE),
        ("000009262015051001", NipProblem.BIRTH_DATE),
        ("198609262015311001", NipProblem.KIND),
        ("198609262015911001", NipProblem.KIND),
        ("198609262015001001", NipProblem.MONTH),
        ("198609262015131001", NipProblem.MONTH),
        ("198609262015191001", NipProblem.MONTH),
        ("199305202023201005", NipProblem.CONTRACT),
        ("198609262015050001", NipProblem.SEX),
        ("198609262015053001", NipProblem.SEX),
        ("199305202023213005", NipProblem.SEX),
        ("198609262015051000", NipProblem.SEQUENCE),
        ("199305202023211000", NipProblem.SEQUENCE),
        ("198609262003051001", NipProblem.TOO_YOUNG),
        ("198609262004081001", NipProblem.TOO_YOUNG),
        ("199305202010211005", NipProblem.TOO_YOUNG),
        ("201505202015051001", NipProblem.TOO_YOUNG),
    ],
)
def test_each_fault_has_its_own_complaint(typed, complaint):
    assert nip.problem_of(typed) is complaint
    with pytest.raises(nip.NotANip):
        nip.parse(typed)


def test_eighteen_in_the_month_of_the_birthday_is_old_enough():
    assert nip.problem_of("198609262004091001") is None
    assert nip.problem_of("200212312020211001") is None


def test_a_leap_day_is_a_birth_date_in_leap_years_only():
    assert nip.problem_of("198802292010011001") is None
    assert nip.problem_of("198702292010011001") is NipProblem.BIRTH_DATE


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("sex", ["1", "2"])
@pytest.mark.parametrize("sequence", ["001", "042", "999"])
def test_every_month_of_appointment_makes_a_nip(month, sex, sequence):
    read = nip.parse(f"198609262015{month:02}{sex}{sequence}")
    assert (read.kind, read.month, read.sequence) == ("pns", month, int(sequence))
    assert read.sex == {"1": "man", "2": "woman"}[sex]


@pytest.mark.parametrize("contract", range(1, 10))
@pytest.mark.parametrize("sex", ["1", "2"])
def test_every_contract_makes_a_ni_pppk(contract, sex):
    read = nip.parse(f"1993052020232{contract}{sex}005")
    assert (read.kind, read.contract, read.month) == ("pppk", contract, None)


@pytest.mark.parametrize(
    "number",
    ["197503122000031001", "198207152008012002", "197011051995031003", PPPK]
    + [f"199001012015031{number:03}" for number in range(1, 25)],
)
def test_the_numbers_of_the_demo_people_are_sound(number):
    assert nip.problem_of(number) is None


def test_it_is_printed_in_groups():
    assert nip.formatted(PNS) == "19860926 201505 1 001" == str(nip.parse(PNS))
    assert nip.parse(nip.formatted(PPPK)).digits == PPPK


def test_a_masked_number_shows_only_what_tells_nothing():
    assert nip.masked(PNS) == "•••••••• •••••• • 001"
    woman_of_another_age = "199912312021122001"
    assert nip.masked(woman_of_another_age) == nip.masked(PNS)


def test_every_problem_has_a_text():
    assert set(PROBLEM_TEXTS) == set(NipProblem)


def test_a_number_of_another_length_is_told_how_long_it_is(app):
    assert nip_problem_text(nip.NipProblem.NOT_18_DIGITS, "19860926 201505 1 01") == (
        "Nomor ini terdiri atas 17 angka. NIP atau NI PPPK terdiri atas tepat 18 angka."
    )


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("19860926 201505 1 001", PNS),
        ("999999999999999999", "999999999999999999"),
        (PNS[:-1], None),
        ("Sekretariat", None),
        (f"Contoh {PNS}", None),
        ("", None),
    ],
)
def test_a_text_that_may_be_somebodys_number_is_known_before_it_gets_into_an_address(text, digits):
    assert nip.whole_number(text) == digits
