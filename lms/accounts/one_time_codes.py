"""One-time codes: read out over the phone, typed on a phone."""

from __future__ import annotations

import secrets

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without 0 O 1 I L, which nobody can tell apart on paper."""
LENGTH = 10


def new_code() -> str:
    """Ten characters, 49 bits: far more than can be tried in a day."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalise(text: str) -> str:
    """A code as typed: any case, with or without spaces and dashes."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


def formatted(code: str) -> str:
    """``ABCD-EFG-HJK``: in groups that can be read out in one breath."""
    return f"{code[:4]}-{code[4:7]}-{code[7:]}"
