from __future__ import annotations

import pytest

from lms.admin.setting_text import NotANumber, read, shown


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("20", int, 20),
        (" 20 ", int, 20),
        ("1.000", int, 1000),
        ("-3", int, -3),
        ("70,01", float, 70.01),
        ("70.01", float, 70.01),
        ("70", float, 70.0),
        ("  Kepala BKPSDM ", str, "Kepala BKPSDM"),
        ("satu\r\ndua\r\n", str, "satu\ndua"),
    ],
)
def test_a_value_is_read_as_it_is_meant(text, kind, value):
    assert read(text, kind) == value
    assert type(read(text, kind)) is kind


@pytest.mark.parametrize(
    ("text", "kind"), [("dua puluh", int), ("2,5", int), ("", int), ("", float), ("nan", float), ("inf", float)]
)
def test_what_is_no_number_is_refused(text, kind):
    with pytest.raises(NotANumber) as refused:
        read(text, kind)
    assert refused.value.is_whole is (kind is int)


@pytest.mark.parametrize("value", [0, 20, 70.01, 60.0, -1.5, "teks\nlagi", True, False])
def test_what_is_shown_is_read_back_as_the_same_value(value):
    assert read(shown(value), type(value)) == value


def test_a_fraction_is_shown_with_a_comma():
    assert shown(70.01) == "70,01"
    assert shown(70.0) == "70"
