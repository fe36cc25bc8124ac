"""Parses one row of a list of people into values and problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from lms.people import names, nip, phones
from lms.roster import columns
from lms.roster.columns import Field
from lms.roster.list_file import FileRow

MAX_LENGTHS: dict[Field, int] = {"name": 160, "title_before": 60, "title_after": 100, "position": 160, "email": 254}


class RowFault(Enum):
    """Codes of errors and warnings on a row, besides ``nip.NipProblem`` and ``details.DetailsWarning``."""

    NO_LOGIN_NAME = "no-login-name"
    SHORTENED = "shortened"
    NO_NAME = "no-name"
    TOO_LONG = "too-long"
    STATUS = "status"
    RANK = "rank"
    EMAIL = "email"
    PHONE = "phone"
    UNIT_UNKNOWN = "unit-unknown"
    UNIT_MERGED = "unit-merged"
    UNIT_AMBIGUOUS = "unit-ambiguous"
    UNIT_ELSEWHERE = "unit-elsewhere"
    UNIT_CONTRADICTS = "unit-contradicts"
    UNIT_WITHOUT_OFFICE = "unit-without-office"
    UNIT_BEYOND = "unit-beyond"
    AGENCY_UNKNOWN = "agency-unknown"
    SURPLUS = "surplus"
    TWICE = "twice"
    EMAIL_TAKEN = "email-taken"
    EMAIL_TWICE = "email-twice"
    UNIT_MISSING = "unit-missing"
    WITHOUT_UNIT = "without-unit"
    OUTSIDE = "outside"
    UNIT_OUTSIDE = "unit-outside"
    REACHES_BEYOND = "reaches-beyond"
    NAME_DIFFERS = "name-differs"
    DUPLICATE = "duplicate"
    DUPLICATE_OUTSIDE = "duplicate-outside"
    FIRST_NUMBER = "first-number"
    TITLES_IN_NAME = "titles-in-name"
    UNIT_NEARLY = "unit-nearly"


@dataclass(frozen=True)
class RowProblem:
    """``code`` is the value of a RowFault, NipProblem or DetailsWarning; ``hint`` fills in its message.
    ``is_doubt``: only a warning, the row is not refused."""

    row: int
    field: Field
    value: str
    code: str
    hint: str = ""
    is_doubt: bool = False


@dataclass
class ParsedRow:
    """A parsed row. ``values`` has only the cells that were filled and valid."""

    row: int
    nip: str | None = None
    email: str | None = None
    values: dict[str, str] = field(default_factory=dict)
    unit: str = ""
    unit_kinds: Mapping[str, str] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        return any(not problem.is_doubt for problem in self.problems)

    def add_problem(self, column: Field, value: str, code: str, hint: str = "", *, is_doubt: bool = False) -> None:
        self.problems.append(RowProblem(self.row, column, value, code, hint, is_doubt))


def parse_row(row: FileRow) -> ParsedRow:
    parsed = ParsedRow(row.number, unit_kinds=row.unit_kinds)
    if row.has_surplus:
        parsed.add_problem("name", row.cells.get("name", ""), RowFault.SURPLUS.value)
        return parsed
    for column, text in row.cells.items():
        longest = MAX_LENGTHS.get(column)
        if longest and len(text) > longest:
            parsed.add_problem(column, text[:60] + "…", RowFault.TOO_LONG.value, str(longest))
        elif column in ("name", "title_before", "title_after", "position"):
            parsed.values[column] = text
        elif column == "unit":
            parsed.unit = text
        else:
            _READERS[column](parsed, text)
    if parsed.nip is None and parsed.email is None and not {"nip", "email"} & {p.field for p in parsed.problems}:
        parsed.add_problem("nip", "", RowFault.NO_LOGIN_NAME.value)
    if "," in parsed.values.get("name", ""):
        parsed.add_problem("name", parsed.values["name"], RowFault.TITLES_IN_NAME.value, is_doubt=True)
    return parsed


def _nip(parsed: ParsedRow, text: str) -> None:
    problem = nip.problem_of(text)
    digits = nip.normalise(text)
    if problem is None:
        parsed.nip = digits
    elif problem is nip.NipProblem.SEQUENCE and digits.endswith("000"):
        parsed.add_problem("nip", text, RowFault.SHORTENED.value)  # spreadsheets replace the last digits by zeros
    else:
        parsed.add_problem("nip", text, problem.value)


def _email(parsed: ParsedRow, text: str) -> None:
    address = names.address(text)
    host = address.rpartition("@")[2]
    if address.count("@") == 1 and " " not in address and "." in host.strip(".") and not address.startswith("@"):
        parsed.email = address
    else:
        parsed.add_problem("email", text, RowFault.EMAIL.value)


def _status(parsed: ParsedRow, text: str) -> None:
    status = columns.status_of(text)
    if status is None:
        parsed.add_problem("status", text, RowFault.STATUS.value)
    else:
        parsed.values["status"] = status


def _rank(parsed: ParsedRow, text: str) -> None:
    rank = columns.rank_of(text)
    if rank is not None:
        parsed.values["rank"] = rank
    else:
        parsed.add_problem("rank", text, RowFault.RANK.value)


def _phone(parsed: ParsedRow, text: str) -> None:
    number = phones.normalise(text)
    if number is not None:
        parsed.values["phone"] = number
    elif text != "0":
        parsed.add_problem("phone", text, RowFault.PHONE.value, is_doubt=True)


_READERS = {"nip": _nip, "email": _email, "status": _status, "rank": _rank, "phone": _phone}
