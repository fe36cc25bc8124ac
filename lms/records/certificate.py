"""A certificate's facts, and the printed pages made from them.

The PDF is fit for archives (PDF/A-2a) and for screen readers (PDF/UA-1), and the same facts always
make the same bytes. It is signed by hand or not at all, and says so beside the QR code.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date

from lms.lib.numerals import in_words
from lms.records import printing

SENTENCE = (
    "berdasarkan Undang-Undang Nomor 20 Tahun 2023 tentang Aparatur Sipil Negara "
    "serta ketentuan pelaksanaannya menyatakan bahwa:"
)

_NBSP = "\u00a0"
_SPACE = re.compile(rf"[^\S{_NBSP}]+")
_CHECK_PAGE = re.compile(r"https?://[a-z0-9.:-]+/verify/[0-9A-Z]+")
"""Addresses that may be written in capitals."""
_TEMPLATE = Path(__file__).with_suffix(".typ")


class Unprintable(ValueError):
    """A fact has a character that our fonts lack, such as an emoji."""


@dataclass(frozen=True)
class Signatory:
    """The person who signs by hand. Without a name, blank lines are printed."""

    office: str = ""
    name: str = ""
    rank: str = ""
    nip: str = ""


@dataclass(frozen=True)
class Subject:
    """A row of the curriculum. ``hours`` is 0 if only the course as a whole has JP."""

    title: str
    hours: int = 0


@dataclass(frozen=True, kw_only=True)
class CertificateFacts:
    """Everything that is printed, as of the day of issue. Empty facts are left out with their labels.

    ``title`` is SERTIFIKAT or SURAT TANDA TAMAT PELATIHAN, ``statement`` TELAH MENGIKUTI or LULUS (then with
    ``qualification``). ``sentence`` follows the issuer's name and ends in "menyatakan bahwa:". ``cohort`` is
    empty for an open course, ``rank`` (pangkat) for a PPPK. Without a curriculum there is no back.

    :raises ValueError: the hours of the curriculum do not add up to ``hours``.
    """

    title: str
    number: str
    government: str = ""
    """Printed above the issuer. Records issued before there was such a setting do not have it."""
    emblem: str = ""
    """SHA-256 of the picture above it, as stored."""
    issuer: str
    sentence: str = SENTENCE
    name: str
    nip: str = ""
    rank: str = ""
    grade: str = ""
    position: str = ""
    unit: str = ""
    agency: str = ""
    statement: str = "TELAH MENGIKUTI"
    qualification: str = ""
    course: str
    cohort: str = ""
    organiser: str
    begins_on: date
    ends_on: date
    hours: int
    method: str = ""
    place: str
    issued_on: date
    signatory: Signatory | None = None
    verify_url: str
    code: str
    ledger_head: str = ""
    """The newest signed head of the ledger (``lms.core.ledger_heads.printed_head``): on paper, it is evidence."""
    curriculum: tuple[Subject, ...] = ()

    def __post_init__(self) -> None:
        total = sum(subject.hours for subject in self.curriculum)
        if total not in (0, self.hours):
            raise ValueError(f"the curriculum has {total} JP, the certificate {self.hours}")


def render_pdf(facts: CertificateFacts, emblem: bytes = b"") -> bytes:
    """The certificate as a PDF of two pages (one without a curriculum), dated on its day of issue.

    ``emblem`` is the PNG whose hash the facts name.

    :raises Unprintable: A fact has a character that cannot be printed.
    """
    made_at = datetime.combine(facts.issued_on, time(), UTC)
    try:
        return printing.pdf(_TEMPLATE, json.dumps(_printed(facts, emblem)), made_at=made_at)
    except printing.CannotPrint as error:
        if "could not be displayed" in str(error):
            raise Unprintable(str(error)) from error
        raise


def _printed(facts: CertificateFacts, emblem: bytes = b"") -> dict[str, Any]:
    """The facts as the texts and pictures that the template sets."""
    signatory = facts.signatory
    texts = {
        "title": facts.title,
        "number": facts.number,
        "government": facts.government,
        "issuer": facts.issuer,
        "sentence": facts.sentence or "menyatakan bahwa:",
        "person": _person(facts),
        "statement": facts.statement,
        "qualification": facts.qualification,
        "course": facts.course,
        "cohort": facts.cohort,
        "particulars": _particulars(facts),
        "signed_at": f"{facts.place}, {_long_date(facts.issued_on)}",
        "signatory": signatory
        and {
            "office": signatory.office,
            "name": signatory.name,
            "rank": signatory.rank,
            "nip": " ".join(_identity(signatory.nip)),
        },
        "verify_url": facts.verify_url,
        "code": _in_groups(facts.code),
        "ledger_head": facts.ledger_head,
        "curriculum": [[subject.title, str(subject.hours or "–")] for subject in facts.curriculum],
        "hours": str(facts.hours),
    }
    return {
        **tidy(texts),
        "emblem": list(emblem),
        "qr": _qr(facts.verify_url),
        "border": _weave(222, 152),
        "knot": _weave(6, 2),
    }


def _person(facts: CertificateFacts) -> list[tuple[str, str]]:
    kind, nip = _identity(facts.nip)
    rows = [
        ("Nama", facts.name),
        (kind, nip),
        (
            "Pangkat/Golongan Ruang" if facts.rank else "Golongan",
            ", ".join(filter(None, (facts.rank, facts.grade))),
        ),
        ("Jabatan", facts.position),
        ("Unit Kerja", facts.unit),
        ("Instansi", facts.agency),
    ]
    return [(label, value) for label, value in rows if value]


def _identity(number: str) -> tuple[str, str]:
    """The label of a number, and the number in groups. Digit 13 is a 2 for a PPPK."""
    if len(number) != 18:
        return "NIP" if number else "", number
    kind = "NI PPPK" if number[12] == "2" else "NIP"
    return kind, f"{number[:8]} {number[8:14]} {number[14]} {number[15:]}"


def _particulars(facts: CertificateFacts) -> str:
    begins, ends = _long_date(facts.begins_on), _long_date(facts.ends_on)
    parts = [
        facts.cohort,
        f"yang diselenggarakan oleh {facts.organiser}",
        f"pada tanggal {begins}" if begins == ends else f"dari tanggal {begins} sampai dengan {ends}",
        facts.method and f"melalui {facts.method}",
        f"yang meliputi {facts.hours}{_NBSP}({in_words(facts.hours)}) jam pelajaran.",
    ]
    return " ".join(filter(None, parts))


def _long_date(day: date) -> str:
    return format_date(day, "d MMMM y", locale="id").replace(" ", _NBSP)


def _in_groups(code: str) -> str:
    """``K7QF3M2PXR9T`` becomes ``K7QF-3M2P-XR9T``."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def tidy(value: Any) -> Any:
    """Texts without line breaks and control characters, such as those that turn the direction of writing and can make
    one name look like another."""
    if isinstance(value, dict):
        return {key: tidy(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [tidy(inner) for inner in value]
    if not isinstance(value, str):
        return value
    one_line = _SPACE.sub(" ", unicodedata.normalize("NFC", value)).strip()
    return "".join(char for char in one_line if not unicodedata.category(char).startswith("C"))


def _qr(address: str) -> str:
    """A QR code of the address, in capitals if it means the same then: fewer modules are needed, which are larger.

    A phone reads it from a photo of the whole page. RFC 3986, 6.2.2.1: scheme and host have no case; the check page
    has none in its path either.
    """
    is_same = _CHECK_PAGE.fullmatch(address) is not None
    import segno  # memory that most web processes do not need

    code = segno.make(address.upper() if is_same else address, error="m", micro=False)
    return code.svg_inline(border=0, omitsize=True, dark="#000")


@cache
def _weave(across: int, down: int) -> str:
    """A frame of strips crossing at right angles, three to its width, as at the edge of a plaited mat."""
    strips = {True: "", False: ""}
    for row in range(down + 1):
        lean = 1 if row % 2 else -1
        near, far = 2 * lean, 8 * lean
        for column in range(row % 2, across + 1, 2):
            if min(row, column, down - row, across - column) <= 2:
                x, y = column * 10, row * 10
                strips[row % 2 == 0] += f"M{x + 8} {y + near}L{x + 2} {y + far}L{x - 8} {y - near}L{x - 2} {y - far}z"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-8 -8 {across * 10 + 16} {down * 10 + 16}">'
        f'<path fill="#07616b" d="{strips[True]}"/><path fill="#5fa9ab" d="{strips[False]}"/></svg>'
    )


def unit_and_agency(path: Sequence[str]) -> tuple[str, str]:
    """Unit and agency as printed, ``("Puskesmas, Dinas Kesehatan", "Kota Sorong")``; ``path`` begins at the agency."""
    *below, agency = reversed(path or [""])
    return ", ".join(below), agency
