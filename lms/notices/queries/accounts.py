"""What others did with people's accounts, by the ledger."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import select

from lms.core.db import db, in_batches
from lms.core.ledger import LedgerEntry
from lms.people.models import Person


def removed_second_factors(since: datetime) -> list[tuple[int, int]]:
    """Those that somebody else removed: (person id, id of the ledger's entry)."""
    rows = select(LedgerEntry.target, LedgerEntry.actor_id, LedgerEntry.id).where(
        LedgerEntry.verb == "remove second factor", LedgerEntry.at > since
    )
    found = [(int(target.partition(":")[2]), actor, entry) for target, actor, entry in db.session.execute(rows)]
    return [(person_id, entry) for person_id, actor, entry in found if actor != person_id]


def changed_numbers(since: datetime) -> list[tuple[int, str, int]]:
    """Numbers that somebody else changed or added: (person id, the number now, id of the ledger's entry)."""
    verbs = LedgerEntry.verb.in_(("update person", "activate person"))
    rows = select(LedgerEntry.target, LedgerEntry.facts, LedgerEntry.actor_id, LedgerEntry.id)
    entries = db.session.execute(rows.where(verbs, LedgerEntry.at > since)).all()
    found = {
        int(target.partition(":")[2]): (actor_id, entry_id)
        for target, facts, actor_id, entry_id in entries
        if "nip" in json.loads(facts).get("changed", ())
    }
    numbers: dict[int, str] = {}
    for batch in in_batches(found):
        people = select(Person.id, Person.nip).where(Person.id.in_(batch), Person.is_active, Person.nip.is_not(None))
        numbers |= {person_id: number or "" for person_id, number in db.session.execute(people)}
    return [
        (person_id, numbers[person_id], entry_id)
        for person_id, (actor_id, entry_id) in found.items()
        if person_id in numbers and actor_id != person_id
    ]
