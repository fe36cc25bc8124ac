from __future__ import annotations

import math

import pytest

from lms.records import codes

CODE = "K7QF3M2PXR9T04BCZD6E"


def test_a_code_has_at_least_a_hundred_bits():
    assert codes.LENGTH * math.log2(len(set(codes.ALPHABET))) >= 100


def test_codes_are_made_of_the_signs_and_differ():
    made = {codes.new_code() for _ in range(500)}
    assert len(made) == 500
    assert {len(code) for code in made} == {codes.LENGTH}
    assert set("".join(made)) <= set(codes.ALPHABET)


def test_no_sign_looks_like_another_that_is_used():
    assert not set("ILOU") & set(codes.ALPHABET)


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        "K7QF-3M2P-XR9T-04BC-ZD6E",
        " k7qf 3m2p xr9t 04bc zd6e ",
        "K7QF–3M2P–XR9T–O4BC–ZD6E",
        "k7qf.3m2p.xr9t.o4bc.zd6e",
        "\u200bK7QF\u00a03M2PXR9T04BCZD6E\n",
        "Ｋ7QF3M2PXR9T04BCZD6E",
        "https://belajar.example.go.id/verify/K7QF3M2PXR9T04BCZD6E",
        "belajar.example.go.id/verify/k7qf-3m2p-xr9t-04bc-zd6e?x=1",
        "/verify/K7QF3M2PXR9T04BCZD6E.json",
    ],
)
def test_a_code_is_understood_however_it_is_typed(typed):
    assert codes.normalise(typed) == CODE


@pytest.mark.parametrize(("typed", "kept"), [("I", "1"), ("l", "1"), ("o", "0"), ("U", "V")])
def test_look_alikes_are_read_as_what_they_look_like(typed, kept):
    assert codes.normalise(typed) == kept


@pytest.mark.parametrize("typed", ["", "  ", "---", "€/", "中文"])
def test_what_has_no_sign_of_a_code_is_empty(typed):
    assert codes.normalise(typed) == ""


def test_endless_text_is_cut():
    assert len(codes.normalise("K7QF" * 10_000)) <= 2 * codes.LENGTH


def test_a_code_is_shown_in_groups_of_four_and_read_back():
    assert codes.in_groups(CODE) == "K7QF-3M2P-XR9T-04BC-ZD6E"
    assert codes.normalise(codes.in_groups(CODE)) == CODE
