"""Names as one addresses people."""

from __future__ import annotations

import pytest

from lms.people.names import name_without_titles


@pytest.mark.parametrize(
    ("name", "addressed"),
    [
        ("Siti Contoh", "Siti Contoh"),
        ("Dr. Siti Contoh, M.Si.", "Siti Contoh"),
        ("DRS. ABRAHAM CONTOH, M.SI", "Abraham Contoh"),
        ("Prof. Dr. Ir. Abraham Contoh, S.T., M.T.", "Abraham Contoh"),
        ("dr. Maria Contoh, Sp.A", "Maria Contoh"),
        ("M. Yusuf Contoh", "M. Yusuf Contoh"),
        ("H. Contoh", "H. Contoh"),
        ("MA'RUF CONTOH", "Ma'ruf Contoh"),
        ("Drs.", "Drs."),
        ("Dr", "Dr"),
        ("Ani", "Ani"),
        ("", ""),
    ],
)
def test_titles_are_left_out(name, addressed):
    assert name_without_titles(name) == addressed
