"""The code of a record: random, long enough that nobody guesses one, short enough to type from paper.

Twenty signs of 32 are 100 bits. The letters I, L, O and U do not occur; whoever
reads one of them into a printed code is understood all the same.
"""

from __future__ import annotations

import re
import secrets
import unicodedata

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 20
GROUP = 4

_LOOK_ALIKES = str.maketrans("ILOU", "110V")
_OTHER = re.compile(r"[^0-9A-Z]")
_ADDRESS = re.compile(r"/verify/([^/?#\s]+)", re.IGNORECASE)


def new_code() -> str:
    return "".join(secrets.choice(SIGNS) for _ in range(LENGTH))


def normalise(typed: str) -> str:
    """The code as it is kept, of one typed in any case with any spaces and dashes, or of the check page's address.

    What is no code comes out as something that no record has; it is never longer than a code by much.
    """
    address = _ADDRESS.search(typed)
    text = unicodedata.normalize("NFKC", address[1] if address else typed).upper()
    return _OTHER.sub("", text.removesuffix(".PDF").removesuffix(".JSON")).translate(_LOOK_ALIKES)[: LENGTH * 2]


def in_groups(code: str) -> str:
    """``K7QF3M2PXR9T`` as it is printed and read out: ``K7QF-3M2P-XR9T``."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))
