"""Waiting times after failed sign-ins. They make guessing take years, but a typing error costs half a minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from lms.lib.keyed_hash import hmac_hex
from lms.lib.moments import is_future

Proof = Literal["password", "code", "second factor", "current password"]
"""What somebody proves to be the person: the password at sign-in, a one-time code, the second factor after one of them,
or the current password before it is changed. Each is counted for itself, so that failures with one do not bar the way
by another."""
AT_SIGN_IN: tuple[Proof, ...] = ("password", "code", "second factor")
FREE_FAILURES = 5
WAITS = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 300, 900))
"""After the fifth failure, the sixth, and so on. The last applies to all further failures."""
MEMORY = timedelta(hours=24)
"""Older failures do not count."""
NO_WAIT = timedelta(0)


@dataclass(frozen=True)
class Bucket:
    """Failures are counted by proof, by login name and by device, if the owner of the name has signed in on it before.

    All other devices share one bucket, with an empty ``device_hash``. So a stranger
    who guesses passwords does not block the owner on their own phone.
    """

    login_hash: str
    device_hash: str


def bucket(proof: Proof, login: str, device: str, key: str) -> Bucket:
    """``login`` is in the form of ``names.login_name``, ``device`` what the device cookie holds for it, or empty."""
    return Bucket(login_hash(proof, login, key), hmac_hex(f"device {device}", key) if device else "")


def own_bucket(proof: Proof, person_id: int, sign_in_id: int, key: str) -> Bucket:
    """The bucket for the current password or second factor of somebody who is signed in. Nobody else can fill it."""
    return bucket(proof, f"person {person_id}", f"sign-in {sign_in_id}", key)


def login_hash(proof: Proof, login: str, key: str) -> str:
    return hmac_hex(f"{proof} {login}", key)


def wait_left(failures: int, last_at: datetime | None, now: datetime) -> timedelta:
    """The remaining waiting time after ``failures``, the last of them at ``last_at``.

    None after failures that a clock stamped which was ahead: the wait would last until it is as late again.
    """
    if failures < FREE_FAILURES or last_at is None or is_future(last_at, now):
        return NO_WAIT
    wait = WAITS[min(failures - FREE_FAILURES, len(WAITS) - 1)]
    return max(NO_WAIT, last_at + wait - now)
