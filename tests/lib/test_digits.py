"""Whole numbers as pages send them."""

from __future__ import annotations

import pytest

from lms.lib.digits import whole_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), ("1234567890", 1234567890)])
def test_digits_are_a_number(text, number):
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["", " 7", "-1", "+1", "1.0", "1_000", "²", "٣", "7\n", "12345678901", "9" * 5000])
def test_anything_else_is_none(text):
    assert whole_number(text) is None


def test_a_field_may_allow_fewer_or_more_digits():
    assert (whole_number("1000", most_digits=3), whole_number("9" * 15, most_digits=15)) == (None, 999_999_999_999_999)
