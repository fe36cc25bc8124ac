"""What the pages about the site itself ask: the ledger, and the settings that were changed."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Select, String, cast, func, literal, or_, select

from lms.accounts.models import Person
from lms.accounts.queries.people import people_found
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.core.settings import SettingValue


def ledger_entries(*, kind: str = "", name: str = "", person_id: int | None = None) -> Select[LedgerEntry]:
    """The ledger, newest first: of a kind of target, and done by or to people of a name or to one person."""
    found = select(LedgerEntry).order_by(LedgerEntry.id.desc())
    if kind:
        found = found.where(LedgerEntry.target.startswith(f"{kind}:", autoescape=True))
    if person_id is not None:
        is_target = LedgerEntry.target == f"person:{person_id}"
        found = found.where(or_(LedgerEntry.actor_id == person_id, is_target))
    if name.strip():
        ids = people_found(name).with_only_columns(Person.id).order_by(None).scalar_subquery()
        targets = select(literal("person:") + cast(Person.id, String)).where(Person.id.in_(ids))
        found = found.where(or_(LedgerEntry.actor_id.in_(ids), LedgerEntry.target.in_(targets)))
    return found


class LedgerState(NamedTuple):
    """How far the ledger is sealed; ``last_sealed`` is an entry's id, None where none is sealed yet."""

    total: int
    waiting: int
    last_sealed: int | None


def ledger_state() -> LedgerState:
    is_sealed = LedgerEntry.chain_hash.is_not(None)
    counts = select(func.count(), func.count(LedgerEntry.chain_hash), func.max(LedgerEntry.id).filter(is_sealed))
    total, done, last = db.session.execute(counts).one()
    return LedgerState(total, total - done, last)


def changed_rules() -> dict[str, SettingValue]:
    """The rules an admin has changed, by name."""
    return {row.name: row for row in db.session.scalars(select(SettingValue))}
