"""Messages about lists of people, for pages, commands and the file of refused rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lms.core.errors import Refusal
from lms.core.i18n import LazyString, lazy, ngettext
from lms.core.i18n import gettext as _
from lms.lib.table_data import UnreadableReason
from lms.people.details import DetailsWarning
from lms.people.nip import NipProblem
from lms.people.services.detail_warnings import WARNING_TEXTS
from lms.people.services.numbers import nip_problem_text
from lms.roster.parsed_row import RowFault

FAULTS: dict[RowFault, LazyString] = {
    RowFault.NO_LOGIN_NAME: lazy("The number and the e-mail address are missing. Fill in one of them."),
    RowFault.SHORTENED: lazy(
        "A spreadsheet has replaced the last digits of this number by zeros. Format the column as text, then "
        "enter the number again."
    ),
    RowFault.NO_NAME: lazy("The name is missing. Fill it in: this person is not registered yet."),
    RowFault.TOO_LONG: lazy("This is too long. Shorten it to at most %(hint)s characters."),
    RowFault.STATUS: lazy("Unknown status. Use PNS, CPNS, PPPK, PPPK Paruh Waktu or Non-ASN."),
    RowFault.RANK: lazy("Unknown rank. Use the form III/b (PNS) or IX (PPPK)."),
    RowFault.EMAIL: lazy("Not a valid e-mail address. It should look like nama@contoh.go.id."),
    RowFault.PHONE: lazy("This is not a valid phone number, so it was left out. Use a form such as 0812 3456 7890."),
    RowFault.UNIT_UNKNOWN: lazy("There is no unit with this name. Fix the name, or choose to create missing units."),
    RowFault.UNIT_MERGED: lazy("This unit was merged into another one. Write its successor: %(hint)s."),
    RowFault.UNIT_AMBIGUOUS: lazy("Several units have this name. Write the units above it as well: %(hint)s."),
    RowFault.UNIT_ELSEWHERE: lazy(
        "There is a unit with this name at another place: %(hint)s. Correct the units above it. If there are really "
        "two, create the second one on the page of units first."
    ),
    RowFault.UNIT_CONTRADICTS: lazy(
        "This names an office below %(hint)s, but offices are directly below an agency. Keep only the right one."
    ),
    RowFault.UNIT_WITHOUT_OFFICE: lazy(
        "This is a part of an office, but its office is missing. Fill in the OPD, or write it in front, with > between."
    ),
    RowFault.UNIT_BEYOND: lazy(
        "This unit would belong below %(hint)s, where this list creates no units. Choose a higher unit for the "
        "unknown ones, or fix the name."
    ),
    RowFault.AGENCY_UNKNOWN: lazy("There is no agency “%(hint)s”. Fix its name; a list creates no agencies."),
    RowFault.SURPLUS: lazy(
        "This row has more cells than there are headings, perhaps because of a comma in a name. Put such a name in "
        "quotation marks, or save the list as XLSX."
    ),
    RowFault.TWICE: lazy("This number is already in row %(hint)s. Keep one of the two rows."),
    RowFault.EMAIL_TWICE: lazy(
        "This address is already in row %(hint)s. Each person needs their own address, or none."
    ),
    RowFault.EMAIL_TAKEN: lazy(
        "Another person already has this address. Remove it, or change that person's address first."
    ),
    RowFault.UNIT_MISSING: lazy("The unit is missing. Fill in one of your agency's units."),
    RowFault.WITHOUT_UNIT: lazy("The unit is missing, so no head sees this person. Fill it in, or choose one later."),
    RowFault.OUTSIDE: lazy("This person is not registered in your agency. Ask a site admin to move the person."),
    RowFault.UNIT_OUTSIDE: lazy("This unit does not belong to your agency. Fill in one of your own."),
    RowFault.REACHES_BEYOND: lazy("This person has rights that you do not have. Ask a site admin to change the data."),
    RowFault.NAME_DIFFERS: lazy("This number belongs to a person with a different name: %(hint)s. Check the number."),
    RowFault.DUPLICATE: lazy(
        "%(hint)s is registered with another number, or with none. Is it the same person? Say so on the import's page."
    ),
    RowFault.DUPLICATE_OUTSIDE: lazy(
        "Somebody with this name is registered in another agency, with another number or with none. If it is the same "
        "person, ask a site admin to move the person instead of importing this row."
    ),
    RowFault.FIRST_NUMBER: lazy(
        "%(hint)s is registered with this e-mail address and no number, and gets this one. What was learned stays."
    ),
    RowFault.TITLES_IN_NAME: lazy("Enter titles in their own columns: before the name and after the name."),
    RowFault.UNIT_NEARLY: lazy(
        "This unit will be created, but there is one with a similar name: %(hint)s. Is it the same?"
    ),
}
FILES: dict[UnreadableReason | str, LazyString] = {
    UnreadableReason.EMPTY: lazy("The file is empty. Choose the file with your list."),
    UnreadableReason.HTML: lazy(
        "This file is a web page named like a spreadsheet; some older systems export such files. Open it in "
        "your spreadsheet program, save it as XLSX, and upload that."
    ),
    UnreadableReason.LOCKED: lazy(
        "The file is protected by a password. Save it without the password, and upload it again."
    ),
    UnreadableReason.NO_TABLE: lazy("This is not a spreadsheet or CSV file. Save your list as XLSX, and upload that."),
    UnreadableReason.BROKEN: lazy(
        "The file is damaged and cannot be read. Open it in your spreadsheet program and save it again."
    ),
    UnreadableReason.NOT_TEXT: lazy(
        "The file contains invalid characters. Open it in your spreadsheet program and save it as XLSX."
    ),
    UnreadableReason.QUOTES: lazy(
        "Line %(line)s has an opening quotation mark without a closing one, so it is not clear where cells "
        "end. Fix this line, or save your list as XLSX."
    ),
    UnreadableReason.TOO_MANY_ROWS: lazy(
        "The file has more than 50,000 rows. Split the list, and upload the parts one after the other."
    ),
    UnreadableReason.TOO_LARGE: lazy(
        "Uncompressed, this file is far too large for a list of people. Copy only the rows of people into our "
        "template, and upload that."
    ),
    "no-headings": lazy(
        "No sheet has a row of headings with “NIP” (or “Surel”) and at least one more known column. Compare "
        "your headings with our template."
    ),
    "first-row-is-data": lazy(
        "The file begins with a person; the headings are missing. Add a row with headings such as NIP, Nama and Unit "
        "kerja above the first person."
    ),
    "no-rows": lazy("The file has headings, but no people below them."),
    "too-slow": lazy(
        "Reading this file took too long. Copy only the rows of people into our template, and upload that."
    ),
    "no-right": lazy("The person who uploaded this list may no longer import people. Nothing was imported."),
}
"""Why a file cannot be read as a list."""
_NIP_CODES = {problem.value for problem in NipProblem}
_BY_CODE: dict[str, LazyString] = {fault.value: words for fault, words in FAULTS.items()} | {
    warning.value: words for warning, words in WARNING_TEXTS.items()
}
_HINTED = {RowFault.UNIT_UNKNOWN.value: lazy("Similar names: %(hint)s.")}
assert len(_BY_CODE.keys() | _NIP_CODES) == len(RowFault) + len(NipProblem) + len(DetailsWarning), (
    "codes must be unique"
)


class ListRefused(Refusal):
    """A file cannot be read as a list of people. ``code`` is a key of ``FILES``, ``line`` a line of the file."""

    status = 422

    def __init__(self, code: UnreadableReason | str, line: int | None = None) -> None:
        super().__init__(line=line)
        self.code = code.value if isinstance(code, UnreadableReason) else code
        self.message = FILES[code]
        self.line = line


def only_one_sheet(sheet: str, others: Iterable[str]) -> str:
    """The notice that other sheets of the file were not read."""
    return _(
        "Only the sheet “%(sheet)s” was read, but other sheets contain people too: %(others)s. Put all of "
        "them into one sheet. Until then, this list deactivates nobody.",
        sheet=sheet,
        others=", ".join(others),
    )


def file_text(code: str, line: int | None) -> str:
    """The message of a stored refusal."""
    return ListRefused(UnreadableReason(code) if code in {why.value for why in UnreadableReason} else code, line).text


def rows_text(problem: Mapping[str, Any]) -> str:
    """The numbers of the rows of a stored problem. Reports stored by earlier versions name one row."""
    rows = problem.get("rows", [problem["row"]])
    text, more = ", ".join(map(str, rows)), problem.get("row_count", 1) - len(rows)
    if not more:
        return text
    return ngettext("%(rows)s and %(num)s more", "%(rows)s and %(num)s more", more, rows=text)


def problem_text(problem: Mapping[str, Any]) -> str:
    """``problem`` is a ``RowProblem`` as a dict, as stored in the report."""
    if problem["code"] in _NIP_CODES:
        return nip_problem_text(NipProblem(problem["code"]), problem["value"])
    text = str(_BY_CODE[problem["code"]])
    if problem["hint"] and problem["code"] in _HINTED:
        text += " " + str(_HINTED[problem["code"]])
    return text % {"hint": problem["hint"]} if "%(hint)s" in text else text
