"""The kind of a unit, by its name: lists and forms rarely say it."""

from __future__ import annotations

import re

_SCHOOLS = "sd|sdn|sdit|smp|smpn|smpit|sma|sman|smk|smkn|slb|slbn|tk|tkn|paud|skb|sekolah"
_OFFICES = (
    r"dinas|badan(?! layanan umum)|inspektorat(?! pembantu)|kecamatan|distrik|satuan polisi|satpol|bappeda\w*|bkpsdm"
    r"|sekretariat (?:daerah|dewan|dpr\w*|mrp)"
)
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"(?:{words})(?!\w)", re.IGNORECASE))
    for kind, words in (
        ("instansi", "pemerintah|pemkot|pemkab|pemprov|pemda|kementerian"),
        ("sekolah", rf"(?:uptd? )?(?:{_SCHOOLS})"),
        ("puskesmas", "(?:uptd? )?(?:puskesmas|pustu)"),
        ("upt", "uptd?|unit pelaksana teknis|rsud|rumah sakit|laboratorium|labkesda|balai|cabang dinas"),
        ("opd", _OFFICES),
        ("seksi", r"seksi|sub ?bag(?:ian)?|sub ?bid(?:ang)?|sub ?koordinator"),
        ("bidang", "bidang|bagian|sekretariat|inspektorat pembantu|kelurahan"),
    )
)
"""How names of each kind begin."""
PARTS = frozenset({"bidang", "seksi"})
"""Parts of an office, which say little without it: every office has a secretariat."""


def kind_of(name: str) -> str | None:
    """The kind of unit that a name suggests, or None."""
    plain = " ".join(name.replace(".", " ").split())
    return next((kind for kind, words in _KINDS if words.match(plain)), None)


def kind_below(name: str, parent_kind: str, heading_kind: str | None = None) -> str:
    """The most likely kind of a new unit below a unit of ``parent_kind``.

    :param heading_kind: the kind that the heading of its column names; the name itself counts more.
    """
    kind = kind_of(name) or heading_kind
    if parent_kind == "instansi":
        return kind if kind in ("upt", "puskesmas", "sekolah") else "opd"
    return "bidang" if kind is None or kind in ("instansi", "opd") else kind
