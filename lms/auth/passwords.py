"""Password hashes: argon2id with 19 MiB, two passes and one lane, as OWASP recommends.

A hash takes about 40 ms of a core. No more of them are computed at once than
there are cores, so that many sign-ins at a time do not exhaust the memory.
"""

from __future__ import annotations

import os
import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lms.lib.compute_lock import compute_lock

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_cores = threading.BoundedSemaphore(os.cpu_count() or 2)


def hash_password(password: str) -> str:
    with compute_lock.released(), _cores:
        return _hasher.hash(_normalised(password))


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password is right. Without a hash (an unknown name) it is wrong, after the same time."""
    stored = password_hash or _decoy()
    with compute_lock.released(), _cores:
        try:
            fits = _hasher.verify(stored, _normalised(password))
        except (VerificationError, InvalidHashError):
            return False
    return fits and password_hash is not None


def rehash_if_outdated(password_hash: str, password: str) -> str | None:
    """A new hash of a correct password if the stored hash has outdated parameters, otherwise None."""
    return hash_password(password) if _hasher.check_needs_rehash(password_hash) else None


def _normalised(password: str) -> str:
    """Keyboards encode the same letter in different ways, which must give the same password."""
    return unicodedata.normalize("NFKC", password)


@cache
def _decoy() -> str:
    return hash_password("nobody has this password")
