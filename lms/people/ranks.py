"""Ranks: golongan and pangkat."""

from __future__ import annotations

PANGKAT = {
    "I/a": "Juru Muda",
    "I/b": "Juru Muda Tingkat I",
    "I/c": "Juru",
    "I/d": "Juru Tingkat I",
    "II/a": "Pengatur Muda",
    "II/b": "Pengatur Muda Tingkat I",
    "II/c": "Pengatur",
    "II/d": "Pengatur Tingkat I",
    "III/a": "Penata Muda",
    "III/b": "Penata Muda Tingkat I",
    "III/c": "Penata",
    "III/d": "Penata Tingkat I",
    "IV/a": "Pembina",
    "IV/b": "Pembina Tingkat I",
    "IV/c": "Pembina Utama Muda",
    "IV/d": "Pembina Utama Madya",
    "IV/e": "Pembina Utama",
}
"""Of PNS and CPNS, lowest first."""
PNS_RANKS = tuple(PANGKAT)
PPPK_RANKS = (
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX",
    "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII",
)  # fmt: skip
"""Golongan of PPPK, lowest first; they have no pangkat."""
_RANKS_OF = {"pns": PNS_RANKS, "cpns": PNS_RANKS, "pppk": PPPK_RANKS, "pppk-paruh-waktu": PPPK_RANKS}


STATUSES = tuple(_RANKS_OF)
"""Of people who have a rank."""


def pangkat(rank: str) -> str:
    """``III/b`` is Penata Muda Tingkat I. Empty for PPPK and unknown ranks."""
    return PANGKAT.get(rank, "")


def ranks_of(status: str) -> tuple[str, ...]:
    """The possible ranks of a status, lowest first. Empty for people who are not ASN."""
    return _RANKS_OF.get(status, ())


def normalise(text: str) -> str:
    """``iii / B`` becomes ``III/b``. A text that is not a rank is only stripped."""
    joined = "".join(text.split())
    golongan, _, room = joined.partition("/")
    rank = golongan.upper() + (f"/{room.lower()}" if room else "")
    return rank if rank in PANGKAT or rank in PPPK_RANKS else text.strip()


def written(rank: str) -> str:
    """Write a rank as in documents: ``Penata Muda Tingkat I, III/b``, or only the golongan for PPPK."""
    name = pangkat(rank)
    return f"{name}, {rank}" if name else rank
