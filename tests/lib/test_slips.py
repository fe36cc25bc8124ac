"""One slip of the finger, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.lib.slips import is_one_slip


@pytest.mark.parametrize(
    ("typed", "meant", "is_slip"),
    [
        ("maklumt", "maklumat", True), ("makluumat", "maklumat", True), ("maklumet", "maklumat", True),
        ("makulmat", "maklumat", True), ("aklumat", "maklumat", True), ("maklumata", "maklumat", True),
        ("maklumat", "maklumat", False), ("maklum", "maklumat", False), ("mklumt", "maklumat", False),
        ("satu", "dua", False), ("dau", "dua", False), ("skm", "sk", False), ("", "satu", False),
        ("tahun 2008", "tahun 2009", False), ("pasal 45", "pasal 4", False), ("pasal45", "pasal 45", True),
        ("abba", "baab", False), ("pelayanan public", "pelayanan publik", True),
    ],
)  # fmt: skip
def test_one_slip_is_told_from_another_word(typed, meant, is_slip):
    assert is_one_slip(typed, meant) == is_slip


@given(st.text("abcd ", min_size=5, max_size=12), st.integers(0, 11), st.sampled_from("xyz"))
def test_one_letter_missing_more_or_other_is_a_slip_and_the_same_is_none(text, at, letter):
    at %= len(text)
    for typed in (text[:at] + text[at + 1 :], text[:at] + letter + text[at:], text[:at] + letter + text[at + 1 :]):
        assert is_one_slip(typed, text)
    assert not is_one_slip(text, text)


@given(st.text("ab1", max_size=8), st.text("ab1", max_size=8))
def test_both_ways_agree_for_longer_texts(one, other):
    if min(len(one), len(other)) >= 4:
        assert is_one_slip(one, other) == is_one_slip(other, one)
