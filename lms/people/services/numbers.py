"""Texts of the problems that a NIP or NI PPPK can have, for forms, imports and commands."""

from __future__ import annotations

from lms.core.i18n import LazyPlural, LazyString, lazy, lazy_ngettext
from lms.people.nip import NipProblem, normalise

PROBLEM_TEXTS: dict[NipProblem, LazyString | LazyPlural] = {
    NipProblem.EMPTY: lazy("The number is missing."),
    NipProblem.SPREADSHEET: lazy(
        "A spreadsheet has rounded this number, so its last digits are lost. "
        "Format the column as text, then enter the number again."
    ),
    NipProblem.NOT_DIGITS: lazy("The number contains characters other than digits, spaces and dots."),
    NipProblem.NOT_18_DIGITS: lazy_ngettext(
        "This number has %(num)s digit. A NIP or NI PPPK has exactly 18.",
        "This number has %(num)s digits. A NIP or NI PPPK has exactly 18.",
        "count",
    ),
    NipProblem.BIRTH_DATE: lazy("The first eight digits must be a birth date: year, month, day."),
    NipProblem.KIND: lazy("Digit 13 must be 0 or 1 for a NIP, 2 for a NI PPPK."),
    NipProblem.MONTH: lazy("Digits 13 and 14 must be a month, 01 to 12."),
    NipProblem.CONTRACT: lazy("Digit 14 of a NI PPPK, the contract number, must be 1 to 9."),
    NipProblem.SEX: lazy("Digit 15 must be 1 or 2."),
    NipProblem.SEQUENCE: lazy("The last three digits cannot be 000."),
    NipProblem.TOO_YOUNG: lazy("According to this number, the person was under 18 when appointed."),
}


def nip_problem_text(problem: NipProblem, number: str) -> str:
    """The message for a problem of ``number``, as typed."""
    return str(PROBLEM_TEXTS[problem] % {"count": len(normalise(number))})
