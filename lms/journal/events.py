"""Events as bytes, their hashes and hash chains, and the page that an event came from."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

GENESIS = "0" * 64
"""The previous hash of the first event of a chain."""

SERVER = "server"
"""The device of events that came as form posts."""


@dataclass(frozen=True)
class Entry:
    """A parsed event.

    ``wall`` is the time on the device's clock and ``arrived`` the time on the server's, both
    in milliseconds since 1970 (UTC).
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


@dataclass(frozen=True)
class ClientSeq:
    """The page load that sent a request, and the number of the change on it; 0 if no script has counted one."""

    page: str
    number: int

    @classmethod
    def parse(cls, text: str | None) -> ClientSeq | None:
        """Parse ``page`` or ``page.number``; None if the request names no page."""
        page, _, number = (text or "").partition(".")
        is_counted = number.isascii() and number.isdecimal()
        return cls(page, int(number) if is_counted else 0) if page else None

    @staticmethod
    def new_page() -> str:
        """A name for a page that is about to be shown."""
        return secrets.token_urlsafe(6)


def write(*, device: str, subject: str, n: int, prev: str, wall: int, kind: str, body: Mapping[str, Any]) -> bytes:
    """The bytes of an event, which are hashed and stored as they are and never serialized again."""
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
    """The number of the first event that does not follow its predecessor; None if the chain is intact."""
    before = GENESIS
    for expected, entry in enumerate(sorted(chain, key=lambda one: one.n), start=1):
        if entry.n != expected or entry.prev != before:
            return expected
        before = entry.hash
    return None
