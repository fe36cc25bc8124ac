"""The details of a person, and warnings about details that contradict each other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from lms.people import nip as numbers
from lms.people import ranks


@dataclass(frozen=True)
class PersonDetails:
    """What an admin enters about a person: at least one of ``nip``, digits only, and ``email``, in lower case."""

    name: str
    status: str
    nip: str | None = None
    email: str | None = None
    title_before: str = ""
    title_after: str = ""
    rank: str = ""
    position: str = ""
    unit_id: int | None = None
    phone: str | None = None
    """As returned by ``phones.normalise``."""


class DetailsWarning(Enum):
    """Details that an admin is asked to check. They can be saved all the same, because records do contain errors."""

    NUMBER_IS_PPPK = "number-is-pppk"
    NUMBER_IS_PNS = "number-is-pns"
    NUMBER_OF_NON_ASN = "number-of-non-asn"
    NO_NUMBER = "no-number"
    RANK_OF_ANOTHER_STATUS = "rank-of-another-status"


def find_warnings(details: PersonDetails) -> list[DetailsWarning]:
    found = []
    is_pppk = details.status.startswith("pppk")
    if details.status == "non-asn":
        if details.nip:
            found.append(DetailsWarning.NUMBER_OF_NON_ASN)
    elif details.nip is None:
        found.append(DetailsWarning.NO_NUMBER)
    elif numbers.parse(details.nip).kind == "pppk" and not is_pppk:
        found.append(DetailsWarning.NUMBER_IS_PPPK)
    elif numbers.parse(details.nip).kind == "pns" and is_pppk:
        found.append(DetailsWarning.NUMBER_IS_PNS)
    if details.rank and details.rank not in ranks.ranks_of(details.status):
        found.append(DetailsWarning.RANK_OF_ANOTHER_STATUS)
    return found


def likely_status(nip: str | None) -> str:
    """The status that a number suggests. It does not distinguish CPNS from PNS, nor part-time from full-time PPPK."""
    return numbers.parse(nip).kind if nip else "non-asn"
