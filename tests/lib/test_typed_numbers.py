"""Numbers as people type them: what each is read as, and what is not read at all."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.lib.typed_numbers import TypedNumber, decimals_of, describe, read_number
from lms.lib.units import is_unit, scale_of, unit_key

READ = {
    "7": "7",
    "0": "0",
    "007": "7",
    "1250": "1250",
    "1.250": "1250",
    "1.250.000": "1250000",
    "12.500": "12500",
    "125.000": "125000",
    "1.25": "1.25",
    "1.2": "1.2",
    "1.2500": "1.25",
    "1.25000": "1.25",
    "12.5": "12.5",
    "1234.5": "1234.5",
    "0.125": "0.125",
    "0.5": "0.5",
    "00.125": "0.125",
    ".5": "0.5",
    ".125": "0.125",
    ",5": "0.5",
    ",125": "0.125",
    "1,5": "1.5",
    "1,250": "1.25",
    "1250,5": "1250.5",
    "1.250,5": "1250.5",
    "1.250.000,75": "1250000.75",
    "0,384": "0.384",
    "1 250": "1250",
    "1 250 000": "1250000",
    "1 250,5": "1250.5",
    "1 250.5": "1250.5",
    "1\u00a0250\u00a0000": "1250000",
    "1\u202f250": "1250",
    "1\u2009250,25": "1250.25",
    "  20  ": "20",
    "\u200b20\u200b": "20",
    "-5": "-5",
    "- 5": "-5",
    "−5": "-5",
    "–5": "-5",
    "—5": "-5",
    "-0,5": "-0.5",
    "−1.250,5": "-1250.5",
    "+5": "5",
    "20.": "20",
    "20,": "20",
    "20;": "20",
    "２０": "20",
    "１．２５０，５": "1250.5",
    "٢٠": "20",
    "5.000,-": "5000",
    "5000,--": "5000",
    "5000.-": "5000",
}
WITH_UNIT = {
    "7 km": ("7", "km"),
    "7km": ("7", "km"),
    "7,5 km.": ("7.5", "km"),
    "1.250,5 km": ("1250.5", "km"),
    "1 250 km": ("1250", "km"),
    "20%": ("20", "%"),
    "20 %": ("20", "%"),
    "２０％": ("20", "%"),
    "20 persen": ("20", "persen"),
    "12,5 persen": ("12.5", "persen"),
    "45 menit": ("45", "menit"),
    "45 hari kerja": ("45", "hari kerja"),
    "3 m2": ("3", "m2"),
    "3m2": ("3", "m2"),
    "3 m²": ("3", "m²"),
    "3 m^2": ("3", "m^2"),
    "60 km/jam": ("60", "km/jam"),
    "60 km per jam": ("60", "km per jam"),
    "36,5 °C": ("36.5", "°C"),
    "Rp5.000": ("5000", "Rp"),
    "Rp 5.000": ("5000", "Rp"),
    "Rp. 5.000,-": ("5000", "Rp."),
    "rp 5.000,00": ("5000", "rp"),
    "-Rp 5.000": ("-5000", "Rp"),
    "Rp -5.000": ("-5000", "Rp"),
    "IDR 5000": ("5000", "IDR"),
    "$ 20": ("20", "$"),
    "5.000 rupiah": ("5000", "rupiah"),
    "2 juta": ("2000000", ""),
    "2,5 juta rupiah": ("2500000", "rupiah"),
    "Rp10,5 juta": ("10500000", "Rp"),
    "Rp 200 juta": ("200000000", "Rp"),
    "1,25 miliar": ("1250000000", ""),
    "20 ribu": ("20000", ""),
    "20 rb": ("20000", ""),
    "3 jt": ("3000000", ""),
    "1 triliun": ("1000000000000", ""),
}
UNREAD = [
    "",
    " ",
    "dua puluh",
    "kira-kira 20",
    "± 20",
    "20 ± 1",
    "10-15",
    "10 - 15",
    "10 s.d. 15",
    "10..15",
    "20 30",
    "1 25",
    "12 5",
    "1.250.5",
    "1.25.000",
    "1234.567",
    "12.34.56",
    "1,250,000",
    "1,250.5",
    "1.250,5,5",
    "1,,5",
    "1..5",
    "5 km 200 m",
    "10²",
    "2½",
    "½",
    "1/2",
    "1e3",
    "10^3",
    "3 × 4",
    "--5",
    "+-5",
    "-",
    ",",
    ".",
    "%",
    "km",
    "Rp",
    "Rp 5.000 rupiah",
    "20 !@#",
    "20 _",
    "x20",
    "20 " + "a" * 41,
    "1" * 101,
    "3x2",
    "5 - km",
    "NaN",
    "inf",
    "0x10",
    "1_000",
    "\x00",
]


@pytest.mark.parametrize(("text", "value"), READ.items())
def test_a_number_alone(text, value):
    assert read_number(text) == TypedNumber(Fraction(value), "", read_number(text).decimals)


@pytest.mark.parametrize(("text", "wanted"), WITH_UNIT.items())
def test_a_number_with_its_unit(text, wanted):
    found = read_number(text)
    assert (found.value, found.unit) == (Fraction(wanted[0]), wanted[1])


@pytest.mark.parametrize("text", UNREAD)
def test_what_is_no_number_or_could_be_two_is_not_read(text):
    assert read_number(text) is None


@pytest.mark.parametrize(("text", "decimals"), [("20", 0), ("20,0", 1), ("20,50", 2), ("1.250,5", 1), ("1,25 ribu", 0)])
def test_the_places_behind_the_comma_are_counted(text, decimals):
    assert read_number(text).decimals == decimals


EXACT = st.builds(lambda whole, places: Fraction(whole, 10**places), st.integers(-(10**12), 10**12), st.integers(0, 9))


@given(EXACT)
def test_what_is_said_is_read_as_the_same_value(value):
    assert read_number(describe(value)).value == value


@given(EXACT, st.sampled_from(["", "km", "%", "m2", "hari kerja"]))
def test_a_number_with_a_unit_is_read_as_it_is_said(value, unit):
    typed = TypedNumber(value, unit, decimals_of(value))
    assert read_number(str(typed)) == typed


@given(st.integers(0, 10**15), st.integers(0, 6))
def test_points_and_spaces_between_groups_of_three_change_nothing(whole, places):
    grouped = f"{whole:,}"
    part = f",{'5' * places}" if places else ""
    values = {read_number(sign.join(grouped.split(",")) + part).value for sign in (".", " ", "\u00a0", "\u202f")}
    assert values == {read_number(f"{whole}{part}").value} == {Fraction(f"{whole}.{'5' * places or 0}")}


@given(st.text(max_size=120) | st.text("0123456789.,- %kmRp", max_size=20))
def test_any_text_is_a_number_or_none_and_a_number_is_read_again_as_it_is_said(text):
    found = read_number(text)
    if found is not None:
        assert read_number(describe(found.value)).value == found.value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("1250.5", "1.250,5"),
        ("-1250.5", "−1.250,5"),
        ("1/4", "0,25"),
        ("1/3", "1/3"),
        ("1000000", "1.000.000"),
        ("0.05", "0,05"),
    ],
)
def test_a_value_is_said_in_indonesian(value, text):
    assert describe(Fraction(value)) == text


@pytest.mark.parametrize(
    "spellings",
    [
        ("km", "KM", "Km", "km.", "kilometer", "k m"),
        ("m2", "m²", "m^2", "M2", "meter persegi", "Meter  Persegi"),
        ("%", "persen", "Persen", "percent"),
        ("menit", "Menit", "mnt", "menit."),
        ("Rp", "Rp.", "rp", "rupiah", "IDR"),
        ("km/jam", "km / jam", "km per jam", "kilometer/jam", "KM/Jam"),
        ("°C", "℃", "derajat Celsius"),
        ("hari kerja", "Hari Kerja", "harikerja"),
    ],
)
def test_spellings_of_one_unit(spellings):
    assert len({unit_key(one) for one in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("km", "m"), ("m", "m2"), ("menit", "jam"), ("jam", "jam pelajaran"), ("%", "")]
)
def test_units_that_are_not_the_same(one, other):
    assert unit_key(one) != unit_key(other)


@pytest.mark.parametrize("text", ["20", "²", "½", "m4", "m22", "1 km", "", "-", ".", "a_b", "a" * 41, "\n"])
def test_what_is_no_unit(text):
    assert not is_unit(text)


def test_a_word_for_zeros_is_no_unit():
    assert scale_of("juta rupiah") == (6, "rupiah")
    assert scale_of("jutaan") == (0, "jutaan")
