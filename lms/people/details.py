"""What is written about a person, and where it disagrees with itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from lms.people import nip as numbers
from lms.people import ranks


@dataclass(frozen=True)
class PersonDetails:
    """The part of a person that an admin writes; ``nip`` digits only, ``email`` lower case, at least one of both."""

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
    """As ``phones.normalise`` writes it."""


class DetailsWarning(Enum):
    """What an admin is asked to look at again. Records contain errors, so none of it is refused."""

    NUMBER_IS_PPPK = "number-is-pppk"
    NUMBER_IS_PNS = "number-is-pns"
    NUMBER_OF_NON_ASN = "number-of-non-asn"
    NO_NUMBER = "no-number"
    RANK_OF_ANOTHER_STATUS = "rank-of-another-status"


def doubts(details: PersonDetails) -> list[DetailsWarning]:
    """Where number, status and rank do not fit each other."""
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


def status_told_by(nip: str | None) -> str:
    """The most likely status for a number. It cannot tell ``CPNS`` or part-time PPPK."""
    return numbers.parse(nip).kind if nip else "non-asn"
