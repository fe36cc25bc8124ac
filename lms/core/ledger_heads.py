"""Signed heads of the ledger: how many entries there were at a moment, and the chain hash of the last.

The chain alone shows that an entry was altered. It does not show that the newest
entries are gone, nor that somebody computed all hashes anew. A head does, because
its signature needs a key that is not in the database. Heads are stored in the
database, and appended to a file beside the backups (the anchors), which somebody
who can only write to the database cannot change.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from flask import current_app
from sqlalchemy import String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock, ledger
from lms.core.db import Id, Model, db
from lms.core.ledger import LedgerEntry
from lms.core.signing import Keys, PublicKey

ANCHORS = "ledger-heads.jsonl"
FaultKind = Literal["entry", "head", "missing", "signature", "anchor", "no-anchors"]
SIGNED_EVERY = timedelta(minutes=10)
"""Entries that are newer than the last head could be removed unnoticed."""


CHAINED_AT_ONCE = 1_000
"""Entries in one transaction, since nobody else can write meanwhile."""


class LedgerHead(Model):
    __tablename__ = "ledger_head"

    id: Mapped[Id]
    entry_id: Mapped[int]
    entries: Mapped[int]
    """The number of entries up to this one."""
    chain_hash: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime]
    key_id: Mapped[str] = mapped_column(String(16))
    signature: Mapped[str] = mapped_column(String(88))
    """Base64."""


@dataclass(frozen=True)
class SignedHead:
    """A head as it is signed."""

    entry_id: int
    entries: int
    chain_hash: str
    signed_at: str
    """ISO 8601, UTC."""
    key_id: str = ""
    signature: str = ""

    @property
    def message(self) -> bytes:
        """The bytes that are signed: five lines."""
        lines = ["ledger head", str(self.entries), str(self.entry_id), self.chain_hash, self.signed_at]
        return "\n".join(lines).encode()

    def is_signed(self, keys: dict[str, PublicKey]) -> bool:
        key = keys.get(self.key_id)
        try:
            return key is not None and key.has_signed(self.message, base64.b64decode(self.signature))
        except ValueError:
            return False

    def to_json(self) -> str:
        return json.dumps(vars(self), sort_keys=True)


def keys() -> Keys:
    return Keys(current_app.config["LMS"].instance)


def anchor_file() -> Path:
    backups: Path = current_app.config["LMS"].backups
    return backups / ANCHORS


def chain_and_sign() -> None:
    """Chain the new entries, and sign the head if the last one is ten minutes old. Commits."""
    is_more = True
    while is_more:
        is_more = ledger.extend_chain(CHAINED_AT_ONCE) == CHAINED_AT_ONCE
        db.session.commit()
    now = clock.now()
    newest = _newest()
    is_early = newest is not None and timedelta(0) <= now - newest.signed_at < SIGNED_EVERY
    if not is_early and sign_head(now=now) is not None:
        db.session.commit()


def sign_head(*, now: datetime) -> SignedHead | None:
    """Sign the last chained entry and append the head to the anchors. None if nothing is new. The caller commits."""
    last = db.session.scalar(
        select(LedgerEntry).where(LedgerEntry.chain_hash.is_not(None)).order_by(LedgerEntry.id.desc()).limit(1)
    )
    newest = _newest()
    if last is None or (newest is not None and newest.entry_id == last.id):
        return None
    since = newest.entry_id if newest else 0
    added = select(func.count()).where(LedgerEntry.id > since, LedgerEntry.id <= last.id)
    entries = (newest.entries if newest else 0) + (db.session.scalar(added) or 0)
    unsigned = SignedHead(last.id, entries, str(last.chain_hash), now.astimezone(UTC).isoformat())
    key_id, signature = keys().sign(unsigned.message)
    head = replace(unsigned, key_id=key_id, signature=base64.b64encode(signature).decode())
    db.session.add(LedgerHead(**vars(head) | {"signed_at": now}))
    db.session.flush()
    append_anchor(head)
    return head


def _newest() -> LedgerHead | None:
    return db.session.scalar(select(LedgerHead).order_by(LedgerHead.id.desc()).limit(1))


def printed_head() -> str:
    """The newest signed head as it is printed on certificates and reports: entry id, colon, chain hash. Empty if there
    is none. On paper it is an anchor that nobody can change.
    """
    newest = _newest()
    return f"{newest.entry_id}:{newest.chain_hash}" if newest else ""


def unknown_heads(printed: Collection[str]) -> set[str]:
    """Return the printed heads that are not in the ledger."""
    ids = {entry_id for entry_id in (_entry_id(head) for head in printed) if entry_id is not None}
    rows = db.session.execute(select(LedgerEntry.id, LedgerEntry.chain_hash).where(LedgerEntry.id.in_(ids)))
    return set(printed) - {f"{entry_id}:{chain_hash}" for entry_id, chain_hash in rows}


def _entry_id(head: str) -> int | None:
    number = head.partition(":")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 16 else None


def append_anchor(head: SignedHead) -> None:
    path = anchor_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("a") as file:
        file.write(head.to_json() + "\n")
        file.flush()
        os.fsync(file.fileno())


def anchors() -> list[SignedHead]:
    """The heads of the anchor file. A line that cannot be read has the entry id 0."""
    try:
        lines = anchor_file().read_text().splitlines()
    except FileNotFoundError:
        return []
    return [_anchor(line) for line in lines if line.strip()]


def _anchor(line: str) -> SignedHead:
    try:
        return SignedHead(**json.loads(line))
    except (ValueError, TypeError):
        return SignedHead(0, 0, "", "")


def heads() -> list[SignedHead]:
    """The heads of the database, the oldest first."""
    rows = db.session.scalars(select(LedgerHead).order_by(LedgerHead.id)).all()
    return [
        SignedHead(
            row.entry_id,
            row.entries,
            row.chain_hash,
            row.signed_at.astimezone(UTC).isoformat(),
            row.key_id,
            row.signature,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Fault:
    """Something that does not fit, and at which entry.

    ``entry``: altered, removed or inserted. ``head``: the entries up to a signed one are not those that were signed.
    ``missing``: a signed entry is gone. ``signature``: a head is not signed by this site. ``anchor``: a line of the
    anchor file cannot be read. ``no-anchors``: there is no anchor file.
    """

    kind: FaultKind
    entry_id: int


def faults() -> Iterator[Fault]:
    """Everything that does not fit in the chain and its heads, in one pass over the entries."""
    known, signed, anchored = keys().public(), heads(), anchors()
    for head in [*signed, *anchored]:
        if not head.is_signed(known):
            yield Fault("signature" if head.entry_id else "anchor", head.entry_id)
    if signed and not anchored:
        yield Fault("no-anchors", signed[0].entry_id)
    yield from _entry_faults([head for head in {*signed, *anchored} if head.is_signed(known)])


def _entry_faults(trusted: Iterable[SignedHead]) -> Iterator[Fault]:
    waiting: dict[int, set[tuple[int, str | None]]] = {}
    for head in trusted:
        waiting.setdefault(head.entry_id, set()).add((head.entries, head.chain_hash))
    broken = None
    for count, (entry, first_broken) in enumerate(ledger.checked_entries(), start=1):
        broken = first_broken
        if waiting.pop(entry.id, {(count, entry.chain_hash)}) != {(count, entry.chain_hash)}:
            yield Fault("head", entry.id)
    if broken is not None:
        yield Fault("entry", broken)
    yield from (Fault("missing", entry_id) for entry_id in sorted(waiting))


def set_aside_anchors(*, now: datetime) -> None:
    """Set the anchors aside after a restore, since those of the entries after the backup no longer fit.

    They stay beside the new file under another name, as evidence. The heads that the backup has become anchors again.
    """
    path = anchor_file()
    if path.exists():
        path.rename(path.with_name(f"{path.stem}-before-restore-{now:%Y%m%d-%H%M%S}{path.suffix}"))
    for head in heads():
        append_anchor(head)


def public_keys() -> list[dict[str, Any]]:
    """All public keys and which of them signs now, for others to verify with."""
    own = keys()
    return [
        {"id": key.id, "algorithm": "Ed25519", "public_key": key.base64, "is_current": key.id == own.current_id}
        for key in own.public().values()
    ]
