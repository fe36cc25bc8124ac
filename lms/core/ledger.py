"""The ledger: who did what to what, appended and never edited. The audit log shows this same table.

Entries are written in the transaction of the change itself. ``extend_chain`` later links them, in
order, into one chain of hashes: an entry that is altered, removed or inserted
afterwards no longer fits, and ``first_broken`` names it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, func, insert, or_, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import BATCH_SIZE, Id, Model, acquire_write_lock, db

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
    chain_hash: Mapped[str | None] = mapped_column("seal", String(64), index=True)
    """SHA-256 over the previous entry's chain hash and this entry; null until the entry is chained."""


def record(actor_id: int | None, verb: str, target: str, *, now: datetime, **facts: Any) -> LedgerEntry:
    """Append an entry in the caller's transaction."""
    entry = LedgerEntry(
        at=now,
        actor_id=actor_id,
        verb=verb,
        target=target,
        facts=_encoded(facts),
    )
    db.session.add(entry)
    return entry


def record_all(actor_id: int | None, verb: str, facts: Mapping[str, Mapping[str, Any]], *, now: datetime) -> None:
    """Append an entry for each target, with its ``facts``, in one statement."""
    db.session.flush()
    shared = {"at": now, "actor_id": actor_id, "verb": verb}
    rows = [{"target": target, "facts": _encoded(values), **shared} for target, values in facts.items()]
    if rows:
        table: Any = LedgerEntry.__table__
        db.session.execute(insert(table), rows)  # without the mapper, a third faster


def _encoded(facts: Mapping[str, Any]) -> str:
    return json.dumps(facts, sort_keys=True, ensure_ascii=False, default=str)


def hashed_text(entry: LedgerEntry) -> str:
    """What an entry's chain hash covers besides the previous hash."""
    return chained_text(entry.id, microseconds(entry), entry.actor_id, entry.verb, entry.target, entry.facts)


def microseconds(entry: LedgerEntry) -> int:
    """When it was written, since 1970 (UTC)."""
    return int(entry.at.timestamp() * 1_000_000)


def columns(entry: LedgerEntry) -> list[Any]:
    """All that the chain hash covers, and the chain hash."""
    values = [entry.id, microseconds(entry), entry.actor_id, entry.verb, entry.target, entry.facts]
    return [*values, entry.chain_hash]


def chained_text(entry_id: int, at: int, actor_id: int | None, verb: str, target: str, facts: str) -> str:
    return "\n".join([str(entry_id), str(at), str(actor_id or ""), verb, target, facts])


def next_chain_hash(previous: str, entry: LedgerEntry) -> str:
    return chain_hash_after(previous, hashed_text(entry))


def chain_hash_after(previous: str, text: str) -> str:
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def extend_chain(most: int | None = None) -> int:
    """Chain the new entries, or the oldest ``most`` of them, and return how many there were. The caller commits.

    Does nothing while another transaction is writing entries; the next run will chain them.
    """
    if not _lock_out_writers():
        return 0
    last_hash = db.session.scalar(
        select(LedgerEntry.chain_hash)
        .where(LedgerEntry.chain_hash.is_not(None))
        .order_by(LedgerEntry.id.desc())
        .limit(1)
    )
    previous, chained = last_hash or GENESIS, []
    new = select(LedgerEntry).where(LedgerEntry.chain_hash.is_(None)).order_by(LedgerEntry.id).limit(most)
    for entry in db.session.scalars(new):
        previous = next_chain_hash(previous, entry)
        chained.append({"id": entry.id, "chain_hash": previous})
    if chained:
        db.session.execute(update(LedgerEntry), chained)
        db.session.expire_all()
    return len(chained)


def _lock_out_writers() -> bool:
    """Make sure that until this transaction ends no entry appears with an id below one already seen.

    SQLite has one writer at a time. PostgreSQL assigns ids before the commit, so
    a lower id may become visible after a higher one was chained. The lock does
    not wait, because a request queued behind it could cause a deadlock.
    """
    if db.session.get_bind().dialect.name != "postgresql":
        acquire_write_lock()
        return True
    try:
        with db.session.begin_nested():
            db.session.execute(text(f"LOCK TABLE {LedgerEntry.__tablename__} IN SHARE ROW EXCLUSIVE MODE NOWAIT"))
    except OperationalError:
        return False
    return True


def facts_about(verb: str, targets: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """The facts of the entries with this verb, the oldest first, by target."""
    rows = select(LedgerEntry.target, LedgerEntry.facts).where(
        LedgerEntry.target.in_(targets), LedgerEntry.verb == verb
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for target, facts in db.session.execute(rows.order_by(LedgerEntry.id)):
        found.setdefault(target, []).append(json.loads(facts))
    return found


def moments_of(verb: str, targets: Collection[str]) -> dict[str, datetime]:
    """When the newest entry with this verb was written, by target."""
    rows = select(LedgerEntry.target, func.max(LedgerEntry.at)).where(
        LedgerEntry.target.in_(targets), LedgerEntry.verb == verb
    )
    return dict(db.session.execute(rows.group_by(LedgerEntry.target)).all())


_RECENT = 10_000


@dataclass(frozen=True)
class Mark:
    """The newest entries about some kinds of targets at a moment."""

    kinds: tuple[str, ...]
    after: int
    entry_ids: frozenset[int]

    def is_past(self) -> bool:
        """Whether something was recorded about these kinds since then, also by a transaction that began before."""
        return _ids_after(self.after, self.kinds) != self.entry_ids


def mark(*kinds: str) -> Mark:
    """Remember the present, to ask later whether a target of these kinds (``person``, ``unit``) has changed since."""
    after = (db.session.scalar(select(func.max(LedgerEntry.id))) or 0) - _RECENT
    return Mark(kinds, after, _ids_after(after, kinds))


def _ids_after(entry_id: int, kinds: Collection[str]) -> frozenset[int]:
    about = or_(*(LedgerEntry.target.startswith(f"{kind}:") for kind in kinds))
    return frozenset(db.session.scalars(select(LedgerEntry.id).where(LedgerEntry.id > entry_id, about)))


def targets_of(verb: str) -> Iterator[str]:
    """The targets of all entries with this verb, in batches from the database."""
    rows = select(LedgerEntry.target).where(LedgerEntry.verb == verb).order_by(LedgerEntry.id)
    yield from db.session.scalars(rows.execution_options(yield_per=BATCH_SIZE))


def chained_entries() -> Iterator[LedgerEntry]:
    """The chained entries in their order, fetched in batches."""
    chained = select(LedgerEntry).where(LedgerEntry.chain_hash.is_not(None)).order_by(LedgerEntry.id)
    yield from db.session.scalars(chained.execution_options(yield_per=BATCH_SIZE))


def checked_entries() -> Iterator[tuple[LedgerEntry, int | None]]:
    """All entries in order, each with the id of the first one so far that does not fit the chain, or None.

    Only the newest entries may be unchained: an unchained entry before a chained one was inserted afterwards.
    """
    previous, unchained, broken = GENESIS, None, None
    batches = select(LedgerEntry).order_by(LedgerEntry.id).execution_options(yield_per=BATCH_SIZE)
    with closing(db.session.scalars(batches)) as entries:
        for entry in entries:
            if entry.chain_hash is None:
                unchained = unchained or entry.id
            else:
                fits = unchained is None and entry.chain_hash == next_chain_hash(previous, entry)
                broken = broken if broken or fits else unchained or entry.id
                previous = entry.chain_hash
            yield entry, broken


def first_broken() -> int | None:
    """The id of the first entry whose chain hash does not fit, or None if the whole chain holds."""
    return next((broken for _entry, broken in checked_entries() if broken is not None), None)
