"""A buffer for rows by the ten thousand: they get their ids in Python and are inserted in bulk."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, text

from lms.core import ledger
from lms.core.db import Base, db
from lms.core.ledger import GENESIS, LedgerEntry, next_chain_hash

Row = dict[str, Any]
AT_ONCE = 5_000
"""Rows per statement."""


class RowBuffer:
    """Rows by table, and the ledger entries that belong to them."""

    def __init__(self) -> None:
        self._of: dict[str, list[Row]] = defaultdict(list)
        self._last: Counter[str] = Counter()
        self._entries: list[Row] = []

    def next_id(self, table: str) -> int:
        if table not in self._last:
            self._last[table] = db.session.scalar(select(func.max(Base.metadata.tables[table].c.id))) or 0
        self._last[table] += 1
        return self._last[table]

    def add(self, table: str, **values: Any) -> int:
        """Add a row and return its id."""
        row_id = self.next_id(table)
        self._of[table].append({"id": row_id, **values})
        return row_id

    def add_without_id(self, table: str, **values: Any) -> None:
        """Add a row to a table whose primary key is not a number of its own."""
        self._of[table].append(values)

    def note(self, at: datetime, actor_id: int | None, verb: str, target: str, **facts: Any) -> None:
        """Add a ledger entry. ``write_ledger`` sorts them by time."""
        encoded = json.dumps(facts, sort_keys=True, ensure_ascii=False, default=str)
        self._entries.append({"at": at, "actor_id": actor_id, "verb": verb, "target": target, "facts": encoded})

    def write(self) -> None:
        """Insert the rows, but not the ledger's, in the order of the foreign keys."""
        for table in Base.metadata.sorted_tables:
            found = self._of.pop(table.name, [])
            for start in range(0, len(found), AT_ONCE):
                db.session.execute(insert(table), found[start : start + AT_ONCE])

    def write_ledger(self) -> None:
        """Append the ledger entries to the ledger and its chain of hashes."""
        ledger.extend_chain()
        newest = select(LedgerEntry.chain_hash).order_by(LedgerEntry.id.desc()).limit(1)
        before = db.session.scalar(newest) or GENESIS
        for values in sorted(self._entries, key=lambda values: values["at"]):
            entry = LedgerEntry(id=self.next_id("ledger_entry"), **values)
            before = next_chain_hash(before, entry)
            self._of["ledger_entry"].append(values | {"id": entry.id, "seal": before})
        self._entries = []
        self.write()

    def advance_sequences(self) -> None:
        """Move PostgreSQL's sequences past the ids that were given here."""
        if db.engine.dialect.name == "postgresql":
            for table, last in self._last.items():
                statement = text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last)")
                db.session.execute(statement, {"table": table, "last": last})
