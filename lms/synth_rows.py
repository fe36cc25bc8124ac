"""Rows by the ten thousand: gathered with their numbers, written in bulk, and bound into the ledger."""

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
"""Rows of one statement."""


class Rows:
    """Rows by table, each with its number, and the lines of the ledger that belong to them."""

    def __init__(self) -> None:
        self._of: dict[str, list[Row]] = defaultdict(list)
        self._last: Counter[str] = Counter()
        self._lines: list[Row] = []

    def next_id(self, table: str) -> int:
        if table not in self._last:
            self._last[table] = db.session.scalar(select(func.max(Base.metadata.tables[table].c.id))) or 0
        self._last[table] += 1
        return self._last[table]

    def add(self, table: str, **values: Any) -> int:
        """Gather a row; gives its number."""
        number = self.next_id(table)
        self._of[table].append({"id": number, **values})
        return number

    def add_unnumbered(self, table: str, **values: Any) -> None:
        """Gather a row whose key is not a number of its own."""
        self._of[table].append(values)

    def note(self, at: datetime, actor_id: int | None, verb: str, target: str, **facts: Any) -> None:
        """Gather a line of the ledger; they are put in the order of time when it is sealed."""
        said = json.dumps(facts, sort_keys=True, ensure_ascii=False, default=str)
        self._lines.append({"at": at, "actor_id": actor_id, "verb": verb, "target": target, "facts": said})

    def write(self) -> None:
        """Write what was gathered, but for the ledger's lines, in the order that foreign keys ask for."""
        for table in Base.metadata.sorted_tables:
            found = self._of.pop(table.name, [])
            for start in range(0, len(found), AT_ONCE):
                db.session.execute(insert(table), found[start : start + AT_ONCE])

    def seal(self) -> None:
        """Write the ledger's lines behind those that are there, and bind them all into its chain."""
        ledger.extend_chain()
        newest = select(LedgerEntry.chain_hash).order_by(LedgerEntry.id.desc()).limit(1)
        before = db.session.scalar(newest) or GENESIS
        for line in sorted(self._lines, key=lambda line: line["at"]):
            entry = LedgerEntry(id=self.next_id("ledger_entry"), **line)
            before = next_chain_hash(before, entry)
            self._of["ledger_entry"].append(line | {"id": entry.id, "seal": before})
        self._lines = []
        self.write()

    def tell_the_database(self) -> None:
        """PostgreSQL counts by itself: its counters go on behind the rows made here."""
        if db.engine.dialect.name == "postgresql":
            for table, last in self._last.items():
                words = text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last)")
                db.session.execute(words, {"table": table, "last": last})
