"""Golongan and pangkat: which ranks there are, and how they are written."""

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


def pangkat(rank: str) -> str:
    """``III/b`` is a Penata Muda Tingkat I; empty for PPPK and where no rank is known."""
    return PANGKAT.get(rank, "")


def ranks_of(status: str) -> tuple[str, ...]:
    """The ranks a person of this status can have, lowest first; none outside the civil service."""
    return _RANKS_OF.get(status, ())


def normalise(text: str) -> str:
    """``iii / B`` as ``III/b``; what is no rank comes back as it was, without spaces around."""
    joined = "".join(text.split())
    golongan, _, room = joined.partition("/")
    rank = golongan.upper() + (f"/{room.lower()}" if room else "")
    return rank if rank in PANGKAT or rank in PPPK_RANKS else text.strip()


def written(rank: str) -> str:
    """``Penata Muda Tingkat I, III/b``, as documents write it; a PPPK's golongan stands alone."""
    name = pangkat(rank)
    return f"{name}, {rank}" if name else rank
