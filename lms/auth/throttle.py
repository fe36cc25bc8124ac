"""Waiting times after failed sign-ins. They make guessing take years, but a typing error costs half a minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lms.lib.keyed import keyed

FREE_FAILURES = 5
WAITS = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 300, 900))
"""After the fifth failure, the sixth, and so on. The last applies to all further failures."""
MEMORY = timedelta(hours=24)
"""Older failures do not count."""
NO_WAIT = timedelta(0)


@dataclass(frozen=True)
class Bucket:
    """Failures are counted by login name and by device, if the owner of the name has signed in on it before.

    All other devices share one bucket, with an empty ``device_hash``. So a stranger
    who guesses passwords does not block the owner on their own phone.
    """

    login_hash: str
    device_hash: str


def bucket(login: str, device: str, key: str) -> Bucket:
    """``login`` is in the form of ``names.login_name``, ``device`` what the device cookie holds for it, or empty."""
    return Bucket(keyed(f"login {login}", key), keyed(f"device {device}", key) if device else "")


def wait_left(failures: int, last_at: datetime | None, now: datetime) -> timedelta:
    """The remaining waiting time after ``failures``, the last of them at ``last_at``."""
    if failures < FREE_FAILURES or last_at is None:
        return NO_WAIT
    wait = WAITS[min(failures - FREE_FAILURES, len(WAITS) - 1)]
    return max(NO_WAIT, last_at + wait - now)
