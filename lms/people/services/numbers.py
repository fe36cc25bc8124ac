"""What is wrong with a NIP or NI PPPK, in words: for forms and imports alike."""

from __future__ import annotations

from lms.core.i18n import LazyString, lazy
from lms.people.nip import NipProblem, normalise

COMPLAINTS: dict[NipProblem, LazyString] = {
    NipProblem.EMPTY: lazy("The number is missing."),
    NipProblem.SPREADSHEET: lazy(
        "A spreadsheet has shortened this number and lost its last digits. "
        "Format the column as text, then enter the number again."
    ),
    NipProblem.NOT_DIGITS: lazy("The number has signs other than digits, spaces and dots."),
    NipProblem.NOT_18_DIGITS: lazy("A NIP or NI PPPK has exactly 18 digits; here are %(count)s."),
    NipProblem.BIRTH_DATE: lazy("The first eight digits must be a birth date: year, month, day."),
    NipProblem.KIND: lazy("Digit 13 must be 0 or 1 for a NIP, 2 for a NI PPPK."),
    NipProblem.MONTH: lazy("Digits 13 and 14 must be a month, 01 to 12."),
    NipProblem.CONTRACT: lazy("Digit 14 of a NI PPPK, the number of the contract, must be 1 to 9."),
    NipProblem.SEX: lazy("Digit 15 must be 1 or 2."),
    NipProblem.SEQUENCE: lazy("The last three digits cannot be 000."),
    NipProblem.TOO_YOUNG: lazy("By this number the person was younger than 18 when appointed."),
}


def complaint_text(complaint: NipProblem, text: str) -> str:
    """What is wrong with the number ``text``, as it was written."""
    words = str(COMPLAINTS[complaint])
    return words % {"count": len(normalise(text))} if complaint is NipProblem.NOT_18_DIGITS else words
