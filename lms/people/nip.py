"""NIP and NI PPPK: the 18-digit numbers of civil servants, and what they encode.

    NIP      YYYYMMDD birth, YYYYMM  appointment,             1|2 sex, NNN sequence
    NI PPPK  YYYYMMDD birth, YYYY    appointment, 2, contract, 1|2 sex, NNN sequence

Digit 13 tells them apart: 0 or 1 begins a month, 2 stands for PPPK. The number
reveals the birth date and sex of its owner. Only the owner and admins see the
whole number; everybody else sees it ``masked``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Literal

from lms.lib.folding import visible

LENGTH = 18
MIN_AGE = 18
"""Full years at the time of appointment."""

_SEPARATORS = re.compile(r"[\s.]")
"""What people put between the digits; chat programs put invisible characters there."""
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?e\+?\d+", re.IGNORECASE)

Kind = Literal["pns", "pppk"]
Sex = Literal["man", "woman"]


class NipProblem(Enum):
    """What is wrong with a number. ``lms.people.services.numbers`` has the texts."""

    EMPTY = "empty"
    SPREADSHEET = "spreadsheet"
    NOT_DIGITS = "not-digits"
    NOT_18_DIGITS = "not-18-digits"
    BIRTH_DATE = "birth-date"
    KIND = "kind"
    MONTH = "month"
    CONTRACT = "contract"
    SEX = "sex"
    SEQUENCE = "sequence"
    TOO_YOUNG = "too-young"


class NotANip(ValueError):
    """The text is neither a NIP nor a NI PPPK."""

    def __init__(self, problem: NipProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True)
class Nip:
    """A valid number and what it encodes."""

    digits: str
    kind: Kind
    born_on: date
    year: int
    """Of the first appointment (PNS) or of the contract (PPPK)."""
    month: int | None
    """Of the first appointment; None for PPPK."""
    contract: int | None
    """The number of the PPPK contract, from 1; None for PNS."""
    sex: Sex
    sequence: int

    def __str__(self) -> str:
        return formatted(self.digits)


def normalise(text: str) -> str:
    """The number as stored: without spaces, dots and invisible characters."""
    return _SEPARATORS.sub("", visible(unicodedata.normalize("NFKC", text)))


def whole_number(text: str) -> str | None:
    """The digits, if there are as many as in a NIP, valid or not: such a text must not appear in an address."""
    digits = normalise(text)
    return digits if len(digits) == LENGTH and digits.isdecimal() else None


def parse(text: str) -> Nip:
    """Read a NIP or NI PPPK.

    :raises NotANip: with the first problem found.
    """
    digits = normalise(text)
    _check_shape(text, digits)
    born_on = _birth_date(digits)
    kind: Kind = "pppk" if digits[12] == "2" else "pns"
    if digits[12] not in "012":
        raise NotANip(NipProblem.KIND)
    year, month, contract = int(digits[8:12]), None, None
    if kind == "pns":
        month = int(digits[12:14])
        if not 1 <= month <= 12:
            raise NotANip(NipProblem.MONTH)
    else:
        contract = int(digits[13])
        if contract == 0:
            raise NotANip(NipProblem.CONTRACT)
    if digits[14] not in "12":
        raise NotANip(NipProblem.SEX)
    if digits[15:] == "000":
        raise NotANip(NipProblem.SEQUENCE)
    if _age_at(born_on, year, month) < MIN_AGE:
        raise NotANip(NipProblem.TOO_YOUNG)
    sex: Sex = "man" if digits[14] == "1" else "woman"
    return Nip(digits, kind, born_on, year, month, contract, sex, int(digits[15:]))


def problem_of(text: str) -> NipProblem | None:
    """The first problem of a number; None if it is valid."""
    try:
        parse(text)
    except NotANip as error:
        return error.problem
    return None


def formatted(digits: str) -> str:
    """Write a NIP in groups, as printed: ``19860926 201505 1 001``. A NI PPPK has the same groups."""
    return f"{digits[:8]} {digits[8:14]} {digits[14]} {digits[15:]}"


def masked(digits: str) -> str:
    """``•••••••• •••••• • 001``: the owner can recognise it, and it reveals nothing to others.

    The first eight digits are the birth date, the next six give a hint of the age,
    and the fifteenth is the sex. Only the sequence number says nothing about the owner.
    """
    return f"•••••••• •••••• • {digits[15:]}"


def _check_shape(text: str, digits: str) -> None:
    if not digits:
        raise NotANip(NipProblem.EMPTY)
    if _SCIENTIFIC.fullmatch(text.strip()):
        raise NotANip(NipProblem.SPREADSHEET)
    if not (digits.isascii() and digits.isdecimal()):
        raise NotANip(NipProblem.NOT_DIGITS)
    if len(digits) != LENGTH:
        raise NotANip(NipProblem.NOT_18_DIGITS)


def _birth_date(digits: str) -> date:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        raise NotANip(NipProblem.BIRTH_DATE) from None


def _age_at(born_on: date, year: int, month: int | None) -> int:
    """Full years at the end of the month of appointment, or of its year for PPPK: the number has no day."""
    has_had_birthday = month is None or month >= born_on.month
    return year - born_on.year - (not has_had_birthday)
