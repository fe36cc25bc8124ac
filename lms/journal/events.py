"""An event as it is kept: its exact bytes, their hash, and the chain that hashes make."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

GENESIS = "0" * 64
"""What the first event of a chain names as the one before."""

SERVER = "server"
"""The device of everything that came as a plain form post."""


@dataclass(frozen=True)
class Entry:
    """One event as rules read it. ``wall`` and ``arrived`` are milliseconds since 1970, UTC.

    ``wall`` is when the device says it happened, ``arrived`` when the server got it.
    """

    device: str
    subject: str
    n: int
    prev: str
    wall: int
    kind: str
    body: Mapping[str, Any]
    hash: str
    arrived: int


def write(*, device: str, subject: str, n: int, prev: str, wall: int, kind: str, body: Mapping[str, Any]) -> bytes:
    """The bytes of an event. What is hashed is what is kept: nobody ever writes them a second time."""
    event = {
        "device": device,
        "subject": subject,
        "n": n,
        "prev": prev,
        "at": {"wall": wall},
        "kind": kind,
        "body": body,
    }
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def read(data: bytes, *, arrived: int) -> Entry:
    """The event that these bytes say."""
    event = json.loads(data)
    return Entry(
        device=event["device"],
        subject=event["subject"],
        n=event["n"],
        prev=event["prev"],
        wall=event["at"]["wall"],
        kind=event["kind"],
        body=event["body"],
        hash=digest(data),
        arrived=arrived,
    )


def first_broken(chain: Iterable[Entry]) -> int | None:
    """The number of the first event that does not follow the one before it; None where the chain holds."""
    before = GENESIS
    for expected, entry in enumerate(sorted(chain, key=lambda one: one.n), start=1):
        if entry.n != expected or entry.prev != before:
            return expected
        before = entry.hash
    return None
