"""Waits after failed sign-ins: guessing takes years, a typing error half a minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lms.lib.keyed import keyed

FREE_TRIES = 5
WAITS = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 300, 900))
"""Waits after the fifth failure, the sixth, and so on; the last one applies to all further ones."""
MEMORY = timedelta(hours=24)
"""Older failures do not count."""
NO_WAIT = timedelta(0)


@dataclass(frozen=True)
class Bucket:
    """What wrong tries are counted by: a login name, and a device its owner has signed in on before.

    All other devices share one bucket of the name (``device_hash`` empty): a
    stranger who guesses slows down strangers, not the owner on an own phone.
    """

    login_hash: str
    device_hash: str


def bucket(login: str, device: str, key: str) -> Bucket:
    """``login`` in its one spelling; ``device`` what this browser's cookie holds for it, or empty."""
    return Bucket(keyed(f"login {login}", key), keyed(f"device {device}", key) if device else "")


def wait_left(tries: int, last_at: datetime | None, now: datetime) -> timedelta:
    """The remaining wait after ``tries`` failures, the last one at ``last_at``."""
    if tries < FREE_TRIES or last_at is None:
        return NO_WAIT
    wait = WAITS[min(tries - FREE_TRIES, len(WAITS) - 1)]
    return max(NO_WAIT, last_at + wait - now)
