"""Tables as files to download."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from flask import Response

from lms.lib.tables import Sheet, write_csv, write_xlsx
from lms.web.headers import set_disposition

MIMETYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
IN_MEMORY, PIECE = 1024 * 1024, 64 * 1024


def table_response(sheets: Sequence[Sheet], kind: str, name: str) -> Response:
    """Beyond a megabyte the file goes to disk and is sent in pieces. A CSV has only the first of several sheets."""
    out = cast(BinaryIO, SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115  _pieces closes it
    if kind == "xlsx":
        write_xlsx(out, *sheets)
    else:
        write_csv(out, sheets[0])
    out.seek(0)
    answer = Response(_pieces(out), content_type=MIMETYPES[kind])
    set_disposition(answer, "attachment", f"{name}.{kind}".replace(" ", "-").lower())
    return answer


def _pieces(out: BinaryIO) -> Iterator[bytes]:
    with out:
        while piece := out.read(PIECE):
            yield piece
