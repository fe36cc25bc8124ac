"""What is wrong with a list of people, in words: for pages, commands and the file of refused rows alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lms.core.errors import Refusal
from lms.core.i18n import LazyString, lazy
from lms.core.i18n import gettext as _
from lms.lib.tables_reading import UnreadableReason
from lms.people.details import DetailsWarning
from lms.people.nip import NipProblem
from lms.people.services.doubts import DOUBTS
from lms.people.services.numbers import complaint_text
from lms.roster.parsed_row import RowFault

FAULTS: dict[RowFault, LazyString] = {
    RowFault.NO_LOGIN_NAME: lazy("There is neither a number nor an e-mail address. Fill in one of them."),
    RowFault.SHORTENED: lazy(
        "A spreadsheet has shortened this number and put zeros in place of its last digits. "
        "Format the column as text, then enter the number again."
    ),
    RowFault.NO_NAME: lazy("The name is missing. Fill it in: this person is not here yet."),
    RowFault.TOO_LONG: lazy("This is too long: at most %(hint)s characters. Shorten it."),
    RowFault.STATUS: lazy("There is no such status. Write PNS, CPNS, PPPK, PPPK Paruh Waktu or Non-ASN."),
    RowFault.RANK: lazy("There is no such rank. Write it as III/b (PNS) or IX (PPPK)."),
    RowFault.EMAIL: lazy("Not a valid e-mail address. It should look like nama@contoh.go.id."),
    RowFault.PHONE: lazy("This is no telephone number; it looks like 0812 3456 7890. It was left out."),
    RowFault.UNIT_UNKNOWN: lazy("There is no unit of this name. Mend the name, or have missing units made."),
    RowFault.UNIT_MERGED: lazy("This unit was merged into another one. Write the unit that took over: %(hint)s."),
    RowFault.UNIT_AMBIGUOUS: lazy("Several units have this name. Write the units above it as well: %(hint)s."),
    RowFault.TWICE: lazy("This number stands in row %(hint)s already. Keep one of the two rows."),
    RowFault.EMAIL_TWICE: lazy("This address stands in row %(hint)s already. Each person needs an own one, or none."),
    RowFault.EMAIL_TAKEN: lazy(
        "Another person has this address already. Take it out, or change it at that person first."
    ),
    RowFault.UNIT_MISSING: lazy("The unit is missing. Fill in one of your agency's units."),
    RowFault.WITHOUT_UNIT: lazy("No unit is given: no head sees this person. Fill one in, or choose it later."),
    RowFault.OUTSIDE: lazy(
        "This person does not belong to your agency here. Ask the admin of the site to move the person."
    ),
    RowFault.UNIT_OUTSIDE: lazy("This unit does not belong to your agency. Fill in one of your own."),
    RowFault.REACHES_BEYOND: lazy(
        "This person has rights that you do not have. Ask the admin of the site to change the data."
    ),
    RowFault.NAME_DIFFERS: lazy(
        "With this number we know a person of quite another name: %(hint)s. Compare the number."
    ),
    RowFault.TITLES_IN_NAME: lazy("Titles have columns of their own: before the name and after the name."),
    RowFault.UNIT_NEARLY: lazy(
        "This unit will be made, yet one of nearly this name is there: %(hint)s. Is it the same?"
    ),
}
FILES: dict[UnreadableReason | str, LazyString] = {
    UnreadableReason.EMPTY: lazy("The file is empty. Choose the file that holds your list."),
    UnreadableReason.HTML: lazy(
        "This file is a web page that only calls itself a spreadsheet; older systems give out such files. "
        "Open it in your spreadsheet program, save it as XLSX, and hand that in."
    ),
    UnreadableReason.LOCKED: lazy(
        "The file is protected by a password. Save it without the password, and hand it in again."
    ),
    UnreadableReason.NO_TABLE: lazy(
        "This is no spreadsheet and no CSV file. Save your list as XLSX, and hand that in."
    ),
    UnreadableReason.BROKEN: lazy(
        "The file is damaged and cannot be read. Open it in your spreadsheet program and save it anew."
    ),
    UnreadableReason.NOT_TEXT: lazy(
        "The file holds signs that no list has. Open it in your spreadsheet program, save it as XLSX."
    ),
    UnreadableReason.QUOTES: lazy(
        "In line %(line)s a quotation mark is opened and not closed, so it is not clear where cells end. "
        "Mend this line, or save your list as XLSX."
    ),
    UnreadableReason.TOO_MANY_ROWS: lazy(
        "The file has more than 50,000 rows. Split the list, and hand in one part after the other."
    ),
    UnreadableReason.TOO_LARGE: lazy(
        "Unpacked, this file is far too large for a list of people. "
        "Copy only the rows of people into our template, and hand that in."
    ),
    "no-headings": lazy(
        "No sheet has a row of headings with “NIP” (or “Surel”) and at least one more column that is known here. "
        "Compare your headings with our template."
    ),
    "no-rows": lazy("The file has headings, but nobody stands below them."),
    "too-slow": lazy(
        "Reading this file took too long, so it was stopped. "
        "Copy only the rows of people into our template, and hand that in."
    ),
    "no-right": lazy("Whoever handed this list in may not bring in people any more. Nothing was written."),
}
"""UnreadableReason a whole file gives no list."""
_OF_NUMBERS = {complaint.value for complaint in NipProblem}
_BY_CODE: dict[str, LazyString] = {fault.value: words for fault, words in FAULTS.items()} | {
    doubt.value: words for doubt, words in DOUBTS.items()
}
_HINTED = {RowFault.UNIT_UNKNOWN.value: lazy("Nearly so called: %(hint)s.")}
assert len(_BY_CODE.keys() | _OF_NUMBERS) == len(RowFault) + len(NipProblem) + len(DetailsWarning), "two share a code"


class ListRefused(Refusal):
    """No list of people can be read from a file; ``code`` is a key of ``FILES``, ``line`` a place in the file."""

    status = 422

    def __init__(self, code: UnreadableReason | str, line: int | None = None) -> None:
        super().__init__(line=line)
        self.code = code.value if isinstance(code, UnreadableReason) else code
        self.message = FILES[code]
        self.line = line


def only_one_sheet(sheet: str, others: Iterable[str]) -> str:
    """That a file holds more people than were read."""
    return _(
        "Only the sheet “%(sheet)s” was read; people stand in others as well: %(others)s. "
        "Put all of them into one sheet. Until then nobody is switched off by this list.",
        sheet=sheet,
        others=", ".join(others),
    )


def file_text(code: str, line: int | None) -> str:
    """UnreadableReason a file was refused, from what is kept of the refusal."""
    return ListRefused(UnreadableReason(code) if code in {why.value for why in UnreadableReason} else code, line).text


def problem_text(problem: Mapping[str, Any]) -> str:
    """What is wrong and what to do; ``problem`` is a ``people_row.Problem`` as it is kept."""
    if problem["code"] in _OF_NUMBERS:
        return complaint_text(NipProblem(problem["code"]), problem["value"])
    text = str(_BY_CODE[problem["code"]])
    if problem["hint"] and problem["code"] in _HINTED:
        text += " " + str(_HINTED[problem["code"]])
    return text % {"hint": problem["hint"]} if "%(hint)s" in text else text
