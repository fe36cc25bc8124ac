"""One-time codes: read out over the phone or printed on a slip, typed on a phone."""

from __future__ import annotations

import hmac
import secrets

from lms.lib.keyed import keyed

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without 0 O 1 I L, which nobody can tell apart on paper."""
LENGTH = 10
KEYED = "hmac-sha256$"
"""The prefix of current hashes; older ones have another (``passwords``)."""


def new_code() -> str:
    """Ten characters, 49 bits: far more than can be tried over the network in a month."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalise(text: str) -> str:
    """A code as typed: any case, with or without spaces and dashes."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


def formatted(code: str) -> str:
    """``ABCD-EFG-HJK``: in groups that can be read out in one breath."""
    return f"{code[:4]}-{code[4:7]}-{code[7:]}"


def hashed(code: str, person_id: int, key: str) -> str:
    """What is kept of a code: a hash under the site's secret, of this person alone."""
    return KEYED + keyed(f"code {person_id} {normalise(code)}", key)


def is_right(code_hash: str, code: str, person_id: int, key: str) -> bool:
    """Whether a code as typed is the one that was kept by ``hashed``."""
    return hmac.compare_digest(code_hash, hashed(code, person_id, key))
