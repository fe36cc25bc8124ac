"""Texts for details of a person that contradict each other, for forms and commands."""

from __future__ import annotations

from lms.core.i18n import LazyString, lazy
from lms.people.details import DetailsWarning

DOUBTS: dict[DetailsWarning, LazyString] = {
    DetailsWarning.NUMBER_IS_PPPK: lazy("By its 13th digit the number is a NI PPPK, yet the status is another."),
    DetailsWarning.NUMBER_IS_PNS: lazy("By its 13th digit the number is a NIP of a PNS, yet the status is another."),
    DetailsWarning.NUMBER_OF_NON_ASN: lazy("The person has a NIP or NI PPPK, yet the status says: not ASN."),
    DetailsWarning.NO_NUMBER: lazy("The person is ASN, yet has no NIP or NI PPPK here."),
    DetailsWarning.RANK_OF_ANOTHER_STATUS: lazy("The rank does not belong to this status."),
}
