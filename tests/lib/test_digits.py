"""Whole numbers as pages send them."""

from __future__ import annotations

import pytest

from lms.lib.digits import whole_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), ("2147483647", 2147483647)])
def test_digits_are_a_number(text, number):
    assert whole_number(text) == number


@pytest.mark.parametrize(
    "text", ["", " 7", "-1", "+1", "1.0", "1_000", "²", "٣", "7\n", "2147483648", "9999999999", "9" * 5000]
)
def test_anything_else_is_none(text):
    assert whole_number(text) is None


def test_a_field_may_allow_less_or_more():
    assert (whole_number("1000", most=999), whole_number("999", most=999)) == (None, 999)
    assert whole_number("9" * 15, most=10**15) == 999_999_999_999_999
