"""Texts of the warnings about a person's details, for forms, imports and commands."""

from __future__ import annotations

from lms.core.i18n import LazyString, lazy
from lms.people.details import DetailsWarning

WARNING_TEXTS: dict[DetailsWarning, LazyString] = {
    DetailsWarning.NUMBER_IS_PPPK: lazy(
        "The 13th digit shows that the number is a NI PPPK, but the status is different."
    ),
    DetailsWarning.NUMBER_IS_PNS: lazy(
        "The 13th digit shows that the number is the NIP of a PNS, but the status is different."
    ),
    DetailsWarning.NUMBER_OF_NON_ASN: lazy("The person has a NIP or NI PPPK, but the status is “not ASN”."),
    DetailsWarning.NO_NUMBER: lazy("The person is ASN, but the NIP or NI PPPK is missing."),
    DetailsWarning.RANK_OF_ANOTHER_STATUS: lazy("The rank does not belong to this status."),
}
