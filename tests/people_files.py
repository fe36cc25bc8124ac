"""Spreadsheets of people for tests of the import."""

from __future__ import annotations

import io
from collections.abc import Sequence

from xlsxwriter import Workbook

from lms.roster.columns import COLUMNS

HEADINGS = [column.title for column in COLUMNS.values()]


def nip(number: int, kind: str = "pns") -> str:
    """A valid NIP of nobody."""
    middle = "2023211" if kind == "pppk" else "2015031"
    return f"199001{1 + number // 999 % 28:02}{middle}{1 + number % 999:03}"


def row(number: int, **values: str) -> list[object]:
    """A complete row of the template; ``values`` by field name."""
    cells = {"nip": nip(number), "name": f"Pegawai {number}", "status": "PNS", "rank": "III/a", "position": "Analis"}
    return [(cells | values).get(field, "") for field in COLUMNS]


def xlsx(
    rows: Sequence[Sequence[object]], headings: Sequence[object] = HEADINGS, above: Sequence[object] = ()
) -> bytes:
    """An XLSX file with ``rows`` below ``headings``, and the lines ``above`` on top of them."""
    out = io.BytesIO()
    with Workbook(out, {"strings_to_formulas": False}) as book:
        page = book.add_worksheet("Pegawai")
        lines = [[text] for text in above] + [list(headings)] + [list(one) for one in rows]
        for number, cells in enumerate(lines):
            for place, cell in enumerate(cells):
                if cell not in ("", None):
                    page.write(number, place, cell)
    return out.getvalue()
