"""Numbers in words are checked against a list by hand and by reading them back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.lib.numerals import in_words, roman

BY_HAND = {
    0: "nol",
    1: "satu",
    2: "dua",
    3: "tiga",
    4: "empat",
    5: "lima",
    6: "enam",
    7: "tujuh",
    8: "delapan",
    9: "sembilan",
    10: "sepuluh",
    11: "sebelas",
    12: "dua belas",
    13: "tiga belas",
    14: "empat belas",
    15: "lima belas",
    16: "enam belas",
    17: "tujuh belas",
    18: "delapan belas",
    19: "sembilan belas",
    20: "dua puluh",
    21: "dua puluh satu",
    22: "dua puluh dua",
    30: "tiga puluh",
    37: "tiga puluh tujuh",
    40: "empat puluh",
    45: "empat puluh lima",
    50: "lima puluh",
    60: "enam puluh",
    70: "tujuh puluh",
    80: "delapan puluh",
    90: "sembilan puluh",
    99: "sembilan puluh sembilan",
    100: "seratus",
    101: "seratus satu",
    110: "seratus sepuluh",
    111: "seratus sebelas",
    112: "seratus dua belas",
    120: "seratus dua puluh",
    199: "seratus sembilan puluh sembilan",
    200: "dua ratus",
    211: "dua ratus sebelas",
    400: "empat ratus",
    903: "sembilan ratus tiga",
    999: "sembilan ratus sembilan puluh sembilan",
    1000: "seribu",
    1001: "seribu satu",
    1010: "seribu sepuluh",
    1011: "seribu sebelas",
    1100: "seribu seratus",
    1111: "seribu seratus sebelas",
    1945: "seribu sembilan ratus empat puluh lima",
    2000: "dua ribu",
    2026: "dua ribu dua puluh enam",
    9999: "sembilan ribu sembilan ratus sembilan puluh sembilan",
    10_000: "sepuluh ribu",
    11_000: "sebelas ribu",
    12_000: "dua belas ribu",
    20_000: "dua puluh ribu",
    21_000: "dua puluh satu ribu",
    100_000: "seratus ribu",
    100_001: "seratus ribu satu",
    101_000: "seratus satu ribu",
    111_111: "seratus sebelas ribu seratus sebelas",
    201_100: "dua ratus satu ribu seratus",
    500_000: "lima ratus ribu",
    999_999: "sembilan ratus sembilan puluh sembilan ribu sembilan ratus sembilan puluh sembilan",
}

DIGITS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def read_back(words: str) -> int:
    """The number that words name, by rules of reading rather than of writing."""
    spoken = words.replace("seribu", "satu ribu").replace("seratus", "satu ratus")
    spoken = spoken.replace("sepuluh", "satu puluh").replace("sebelas", "satu belas")
    thousands = below = digit = 0
    for word in spoken.split():
        match word:
            case "ribu":
                thousands, below, digit = below + digit, 0, 0
            case "ratus":
                below, digit = below + digit * 100, 0
            case "puluh":
                below, digit = below + digit * 10, 0
            case "belas":
                below, digit = below + digit + 10, 0
            case _:
                digit = DIGITS.index(word)
    return thousands * 1000 + below + digit


@pytest.mark.parametrize(("number", "words"), BY_HAND.items())
def test_a_number_in_words_is_what_a_person_writes(number, words):
    assert in_words(number) == words


@pytest.mark.parametrize("hundred", range(0, 10_000, 100))
def test_words_read_back_give_the_same_number(hundred):
    assert [read_back(in_words(number)) for number in range(hundred, hundred + 100)] == list(
        range(hundred, hundred + 100)
    )


@given(st.integers(0, 999_999))
def test_words_of_any_number_read_back_and_say_one_as_se(number):
    words = in_words(number)
    assert read_back(words) == number
    assert not words.startswith(("satu belas", "satu puluh", "satu ratus", "satu ribu"))
    assert number == 0 or "nol" not in words


@pytest.mark.parametrize("number", [-1, -20, 1_000_000, 10**9])
def test_a_number_outside_the_range_is_refused(number):
    with pytest.raises(ValueError, match="not between"):
        in_words(number)


@pytest.mark.parametrize(("month", "letters"), list(enumerate(MONTHS, start=1)))
def test_a_month_has_its_roman_numeral(month, letters):
    assert roman(month) == letters


@pytest.mark.parametrize(
    ("number", "letters"),
    [
        (14, "XIV"),
        (17, "XVII"),
        (40, "XL"),
        (49, "XLIX"),
        (90, "XC"),
        (99, "XCIX"),
        (400, "CD"),
        (444, "CDXLIV"),
        (900, "CM"),
        (1945, "MCMXLV"),
        (1999, "MCMXCIX"),
        (2026, "MMXXVI"),
        (3999, "MMMCMXCIX"),
    ],
)
def test_larger_roman_numerals_subtract_where_they_should(number, letters):
    assert roman(number) == letters


def test_roman_numerals_are_all_different_and_never_repeat_a_letter_four_times():
    all_of_them = [roman(number) for number in range(1, 4000)]
    assert len(set(all_of_them)) == 3999
    assert not [letters for letters in all_of_them if any(letter * 4 in letters for letter in "IVXLCDM")]


@pytest.mark.parametrize("number", [0, -1, 4000])
def test_what_has_no_roman_numeral_is_refused(number):
    with pytest.raises(ValueError, match="no Roman numeral"):
        roman(number)
