"""Passwords as hashes: argon2id with 19 MiB, two passes, one lane (OWASP's first choice).

A hash takes about 40 ms of a core and its memory; no more of them run at once
than there are cores, so that a rush of sign-ins cannot starve the machine.
"""

from __future__ import annotations

import os
import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_cores = threading.BoundedSemaphore(os.cpu_count() or 2)


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _cores:
        return _hasher.hash(_same_everywhere(password))


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether this is the password. Without a hash (an unknown name) it takes as long, and is wrong."""
    stored = password_hash or _decoy()
    with _cores:
        try:
            fits = _hasher.verify(stored, _same_everywhere(password))
        except (VerificationError, InvalidHashError):
            return False
    return fits and password_hash is not None


def renewed(password_hash: str, password: str) -> str | None:
    """A new hash of a password that was correct, if the old hash is weaker than today's; else None."""
    return hashed(password) if _hasher.check_needs_rehash(password_hash) else None


def _same_everywhere(password: str) -> str:
    """Keyboards write the same letter in several ways; all of them are the same password."""
    return unicodedata.normalize("NFKC", password)


@cache
def _decoy() -> str:
    return hashed("nobody has this password")
