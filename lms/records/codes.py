"""The code of a record: random, too long to guess, short enough to type from paper.

Twenty characters out of 32 are 100 bits. The letters I, L, O and U do not occur; when
someone types one of them, the look-alike is meant.
"""

from __future__ import annotations

import re
import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 20
GROUP = 4

_LOOK_ALIKES = str.maketrans("ILOU", "110V")
_OTHER = re.compile(r"[^0-9A-Z]")
_ADDRESS = re.compile(r"/verify/([^/?#\s]+)", re.IGNORECASE)


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalise(typed: str) -> str:
    """The stored form of a code typed in any case, with spaces and dashes, or as the address of the check page.

    Other input becomes a string that no record has, of at most twice the length of a code.
    """
    address = _ADDRESS.search(typed)
    text = unicodedata.normalize("NFKC", address[1] if address else typed).upper()
    return _OTHER.sub("", text.removesuffix(".PDF").removesuffix(".JSON")).translate(_LOOK_ALIKES)[: LENGTH * 2]


def in_groups(code: str) -> str:
    """``K7QF3M2PXR9T`` becomes ``K7QF-3M2P-XR9T``, as printed."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))
