"""One-time codes: read out over the phone or printed on a slip, typed on a phone."""

from __future__ import annotations

import hmac
import secrets

from lms.lib.keyed_hash import hmac_hex

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without 0, O, 1, I and L, which are hard to tell apart on paper."""
LENGTH = 10
KEYED = "hmac-sha256$"
"""The prefix of hashes. Codes issued by earlier versions have argon2 hashes without it."""


def new_code() -> str:
    """Ten characters, or 49 bits: too many to try over the network in a month."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalise(text: str) -> str:
    """Upper case, without spaces and hyphens."""
    return "".join(character for character in text.upper() if character.isalnum())


def looks_like_code(text: str) -> bool:
    """Whether this may be a code, typed where a password belongs."""
    code = normalise(text)
    return len(code) == LENGTH and set(code) <= set(ALPHABET)


def formatted(code: str) -> str:
    """Write a code in groups, for reading out: ``ABCD-EFG-HJK``."""
    return f"{code[:4]}-{code[4:7]}-{code[7:]}"


def hash_code(code: str, person_id: int, key: str) -> str:
    """The hash that is stored: keyed with the site's secret, and different for each person."""
    return KEYED + hmac_hex(f"code {person_id} {normalise(code)}", key)


def is_right(code_hash: str, code: str, person_id: int, key: str) -> bool:
    """``code`` is as typed, ``code_hash`` from ``hash_code``."""
    return hmac.compare_digest(code_hash, hash_code(code, person_id, key))
