from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.records.numbering import DEFAULT_PATTERN, MAX_LENGTH, check, make_number

NOVEMBER = date(2026, 11, 25)


def complaints(pattern):
    return [str(message) for message in check(pattern)]


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        ("{kode}/{urut}/BKPSDM/{bulan_romawi}/{tahun}", "800.2/31/BKPSDM/XI/2026"),
        ("{kode}/{urut:4}/BKPSDM/{bulan_romawi}/{tahun}", "800.2/0031/BKPSDM/XI/2026"),
        ("{urut:1}-{tahun}", "31-2026"),
        ("B.{urut}/{kode_kursus}/{bulan}/{tahun}", "B.31/PELAYANAN-PUBLIK/11/2026"),
        ("{tahun}.{bulan}.{urut:9}", "2026.11.000000031"),
        ("Nomor {urut} Tahun {tahun}", "Nomor 31 Tahun 2026"),
    ],
)
def test_tokens_are_filled_and_everything_else_stays(pattern, number):
    assert check(pattern) == []
    assert make_number(pattern, kode="800.2", urut=31, issued_on=NOVEMBER, kode_kursus="PELAYANAN-PUBLIK") == number


def test_the_default_pattern_is_sound():
    assert check(DEFAULT_PATTERN) == []


def test_a_month_in_figures_has_two_of_them():
    assert make_number("{urut}/{bulan}/{tahun}", kode="", urut=1, issued_on=date(2026, 3, 1)) == "1/03/2026"


def test_a_sequence_longer_than_its_width_is_not_cut():
    assert make_number("{urut:2}/{tahun}", kode="", urut=12345, issued_on=NOVEMBER) == "12345/2026"


def test_braces_in_a_value_are_not_tokens():
    assert make_number("{kode}/{urut}/{tahun}", kode="{urut}", urut=7, issued_on=NOVEMBER) == "{urut}/7/2026"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("urutan", "urut"),
        ("URUT", "urut"),
        (" urut ", "urut"),
        ("thn", "tahun"),
        ("tahu", "tahun"),
        ("bulan_roman", "bulan_romawi"),
        ("bulan romawi", "bulan_romawi"),
        ("kode kursus", "kode_kursus"),
        ("kde", "kode"),
    ],
)
def test_an_unknown_token_is_answered_with_the_nearest(written, meant):
    assert f"There is no token {{{written}}}; did you mean {{{meant}}}?" in complaints(
        f"{{{written}}}/{{urut}}/{{tahun}}"
    )


@pytest.mark.parametrize("written", ["", "xyz", "instansi", "0", "kode!r", "kode.__class__"])
def test_a_token_near_to_none_gets_the_list_or_a_neighbour(written):
    (complaint,) = complaints(f"{{{written}}}/{{urut}}/{{tahun}}")
    assert complaint.startswith(f"There is no token {{{written}}};")


@pytest.mark.parametrize("written", ["urut:", "urut:0", "urut:10", "urut:x", "urut:04"])
def test_a_width_is_one_figure_from_one_to_nine(written):
    assert f"{{{written}}} is not a width: write {{urut:1}} to {{urut:9}}." in complaints(f"{{{written}}}/{{tahun}}")


def test_only_the_sequence_has_a_width():
    (complaint,) = complaints("{urut}/{tahun:2}")[:1]
    assert complaint == "There is no token {tahun:2}; did you mean {tahun}?"


@pytest.mark.parametrize(
    ("pattern", "missing"),
    [("{kode}/{tahun}", "{urut}"), ("{kode}/{urut}", "{tahun}"), ("{urut:4}/{bulan_romawi}", "{tahun}")],
)
def test_sequence_and_year_are_compulsory(pattern, missing):
    (complaint,) = complaints(pattern)
    assert complaint.startswith(f"{missing} is missing")


def test_an_empty_pattern_lacks_both():
    assert len(complaints("")) == 2


@pytest.mark.parametrize(
    "pattern",
    [
        "{urut}/{tahun}/{",
        "{urut}/{tahun}}",
        "{{urut}/{tahun}",
        "{{urut}}/{tahun}",
        "}{urut}/{tahun}",
        "{urut}/{tahun}/{kode",
    ],
)
def test_a_brace_without_its_partner_is_named(pattern):
    assert any("brace" in complaint for complaint in complaints(pattern))


def test_tokens_that_touch_are_refused_because_numbers_could_coincide():
    assert any("touch" in complaint for complaint in complaints("{kode_kursus}{urut}/{tahun}"))


def test_a_pattern_may_be_as_long_as_the_limit_and_no_longer():
    longest = "{urut}/{tahun}/".ljust(MAX_LENGTH, "A")
    assert check(longest) == []
    assert complaints(longest + "A") == [f"The pattern has {MAX_LENGTH + 1} characters; at most {MAX_LENGTH} fit."]


@pytest.mark.parametrize("sign", ["\n", "\t", "\x00", "\u202e"])
def test_a_number_holds_no_sign_that_cannot_be_seen(sign):
    assert any("cannot be printed" in complaint for complaint in complaints(f"{{urut}}{sign}/{{tahun}}"))


def test_filling_a_faulty_pattern_is_refused():
    with pytest.raises(ValueError, match="is missing"):
        make_number("{kode}", kode="800", urut=1, issued_on=NOVEMBER)


def test_a_sequence_begins_with_one():
    with pytest.raises(ValueError, match="begins with 1"):
        make_number(DEFAULT_PATTERN, kode="800", urut=0, issued_on=NOVEMBER)


@given(
    st.sampled_from(["{kode}/{urut}/{tahun}", "{urut:4}-{kode_kursus}-{tahun}", "{tahun}.{bulan}.{urut:3}"]),
    st.tuples(st.integers(1, 99_999), st.dates()),
    st.tuples(st.integers(1, 99_999), st.dates()),
)
def test_another_sequence_or_year_is_another_number(pattern, one, other):
    first, second = (
        make_number(pattern, kode="800.1", urut=urut, issued_on=day, kode_kursus="K-1") for urut, day in (one, other)
    )
    if (one[0], one[1].year) != (other[0], other[1].year):
        assert first != second


@given(st.text(max_size=60))
def test_any_text_gets_an_answer_and_never_a_failure(pattern):
    if not check(pattern):
        assert make_number(pattern, kode="800", urut=1, issued_on=NOVEMBER)
