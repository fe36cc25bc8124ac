"""Labels of employment statuses and kinds of units."""

from __future__ import annotations

from lms.core.i18n import LazyString, lazy

STATUSES: dict[str, LazyString] = {
    "pns": lazy("PNS"),
    "cpns": lazy("CPNS"),
    "pppk": lazy("PPPK"),
    "pppk-paruh-waktu": lazy("PPPK, part-time"),
    "non-asn": lazy("not ASN"),
}

UNIT_KINDS = {
    "instansi": lazy("Agency (instansi)"),
    "opd": lazy("Office (OPD)"),
    "bidang": lazy("Division (bidang, bagian)"),
    "seksi": lazy("Section (seksi, subbagian)"),
    "upt": lazy("Technical unit (UPT)"),
    "puskesmas": lazy("Health centre (puskesmas)"),
    "sekolah": lazy("School"),
}
