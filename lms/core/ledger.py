"""The ledger: who did what to what, appended and never edited; the audit trail is this same table.

Entries are written in the transaction of the deed. ``seal`` later binds them, in
their order, into one chain of hashes: an entry altered, removed or put between
others afterwards no longer fits, and ``first_broken`` names it.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import closing
from datetime import datetime
from typing import Any

from sqlalchemy import String, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, Model, db

GENESIS = "0" * 64


class LedgerEntry(Model):
    __tablename__ = "ledger_entry"

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    """Null: the system itself, or an operator on the command line."""
    verb: Mapped[str] = mapped_column(String(40))
    target: Mapped[str] = mapped_column(String(80), index=True)
    """``kind:id``, such as ``record:17``."""
    facts: Mapped[str]
    """JSON with sorted keys: the exact text that was hashed. Never a whole NIP."""
    seal: Mapped[str | None] = mapped_column(String(64), index=True)
    """SHA-256 over the seal before and this entry; null until sealed."""


def record(actor_id: int | None, verb: str, target: str, *, now: datetime, **facts: Any) -> LedgerEntry:
    """Append what was done, in the caller's transaction."""
    entry = LedgerEntry(
        at=now,
        actor_id=actor_id,
        verb=verb,
        target=target,
        facts=json.dumps(facts, sort_keys=True, ensure_ascii=False, default=str),
    )
    db.session.add(entry)
    return entry


def seal_text(entry: LedgerEntry) -> str:
    """What an entry's seal covers besides the seal before it."""
    at = int(entry.at.timestamp() * 1_000_000)
    return "\n".join([str(entry.id), str(at), str(entry.actor_id or ""), entry.verb, entry.target, entry.facts])


def next_seal(before: str, entry: LedgerEntry) -> str:
    return hashlib.sha256(f"{before}\n{seal_text(entry)}".encode()).hexdigest()


def seal() -> int:
    """Bind the entries that are not yet sealed; gives their number. The caller commits.

    Where somebody is writing just now, nothing is sealed; the next run does it.
    """
    if not _is_nobody_writing():
        return 0
    before = db.session.scalar(
        select(LedgerEntry.seal).where(LedgerEntry.seal.is_not(None)).order_by(LedgerEntry.id.desc()).limit(1)
    )
    before = before or GENESIS
    entries = db.session.scalars(select(LedgerEntry).where(LedgerEntry.seal.is_(None)).order_by(LedgerEntry.id)).all()
    for entry in entries:
        before = entry.seal = next_seal(before, entry)
    db.session.flush()
    return len(entries)


def _is_nobody_writing() -> bool:
    """Until this transaction ends, no entry appears that has a number below one already seen.

    On SQLite writers come one after the other. PostgreSQL gives numbers before the
    commit, so a smaller one may come after a greater one was sealed. The lock does
    not wait: a request that waited behind it could be waited for in its turn.
    """
    if db.session.get_bind().dialect.name != "postgresql":
        return True
    try:
        with db.session.begin_nested():
            db.session.execute(text(f"LOCK TABLE {LedgerEntry.__tablename__} IN SHARE ROW EXCLUSIVE MODE NOWAIT"))
    except OperationalError:
        return False
    return True


def first_broken() -> int | None:
    """The id of the first entry whose seal does not fit, or None where the whole chain holds.

    Only the newest entries may be unsealed: one before a sealed one was put there afterwards.
    """
    before, unsealed = GENESIS, None
    few_at_once = select(LedgerEntry).order_by(LedgerEntry.id).execution_options(yield_per=500)
    with closing(db.session.scalars(few_at_once)) as entries:
        for entry in entries:
            if entry.seal is None:
                unsealed = unsealed or entry.id
                continue
            if unsealed or entry.seal != next_seal(before, entry):
                return unsealed or entry.id
            before = entry.seal
    return None
