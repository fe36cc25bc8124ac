"""The ledger: whatever is altered, removed or put in afterwards breaks its chain, and nothing else does."""

from __future__ import annotations

import pytest
from factories import NOON
from sqlalchemy import delete, select, update

from lms.core import ledger
from lms.core.db import db
from lms.core.ledger import LedgerEntry


def write(count: int = 5) -> list[int]:
    """Entries, not chained yet; gives their ids."""
    entries = [
        ledger.record(number, "grade", f"attempt:{number}", now=NOON, score=number * 10, reason="sesuai “rubrik”")
        for number in range(1, count + 1)
    ]
    db.session.flush()
    return [entry.id for entry in entries]


def chained(count: int = 5) -> list[int]:
    ids = write(count)
    assert ledger.extend_chain() == count
    db.session.commit()
    return ids


def alter(entry_id: int, **values) -> None:
    db.session.execute(update(LedgerEntry).where(LedgerEntry.id == entry_id).values(**values))
    db.session.commit()


def test_an_entry_says_who_did_what_and_nothing_is_chained_yet(session):
    entry = ledger.record(7, "revoke", "record:3", now=NOON, reason="keliru", before={"b": 1, "a": None})
    session.flush()
    assert (entry.actor_id, entry.verb, entry.target, entry.at, entry.chain_hash) == (
        7,
        "revoke",
        "record:3",
        NOON,
        None,
    )
    assert entry.facts == '{"before": {"a": null, "b": 1}, "reason": "keliru"}'


def test_an_empty_ledger_is_whole(session):
    assert ledger.extend_chain() == 0
    assert ledger.first_broken() is None


def test_what_was_chained_is_whole(session):
    chained()
    assert ledger.first_broken() is None


def test_chaining_goes_on_where_it_ended(session):
    chained(3)
    assert ledger.extend_chain() == 0
    chained(2)
    hashes = session.scalars(select(LedgerEntry.chain_hash).order_by(LedgerEntry.id)).all()
    assert len(set(hashes)) == 5
    assert ledger.first_broken() is None


def test_the_newest_entries_may_wait_for_their_chain_hash(session):
    chained(3)
    write(2)
    assert ledger.first_broken() is None


def test_an_entry_by_the_system_itself_is_chained_too(session):
    ledger.record(None, "complete course", "enrolment:1", now=NOON)
    assert ledger.extend_chain() == 1
    assert ledger.first_broken() is None


@pytest.mark.parametrize(
    "values",
    [
        {"facts": '{"score": 100}'},
        {"verb": "revoke"},
        {"target": "attempt:9"},
        {"actor_id": None},
        {"actor_id": 99},
        {"at": NOON.replace(microsecond=1)},
        {"chain_hash": "0" * 64},
    ],
    ids=["facts", "verb", "target", "nobody", "somebody else", "a microsecond", "chain_hash"],
)
@pytest.mark.parametrize("place", [0, 2, 4])
def test_an_altered_entry_is_found(session, values, place):
    ids = chained()
    alter(ids[place], **values)
    assert ledger.first_broken() == ids[place]


@pytest.mark.parametrize("place", [0, 2, 3])
def test_a_removed_entry_is_found_at_the_one_after_it(session, place):
    ids = chained()
    session.execute(delete(LedgerEntry).where(LedgerEntry.id == ids[place]))
    session.commit()
    assert ledger.first_broken() == ids[place + 1]


def put_between(ids: list[int], chain_hash: str | None) -> int:
    """An entry under the number of one that is no more, as a forger would write it."""
    gap = ids[2]
    db.session.execute(delete(LedgerEntry).where(LedgerEntry.id == gap))
    forged = LedgerEntry(
        id=gap, at=NOON, actor_id=1, verb="grade", target="attempt:1", facts="{}", chain_hash=chain_hash
    )
    db.session.add(forged)
    db.session.commit()
    return gap


@pytest.mark.parametrize("chain_hash", [None, "a" * 64])
def test_an_entry_put_between_others_is_found(session, chain_hash):
    forged = put_between(chained(), chain_hash)
    assert ledger.first_broken() == forged


def test_an_entry_put_between_others_is_not_made_good_by_the_next_chaining(session):
    forged = put_between(chained(), None)
    ledger.extend_chain()
    assert ledger.first_broken() == forged


def test_an_altered_entry_that_is_chained_anew_breaks_the_one_after_it(session):
    ids = chained()
    entry = session.get(LedgerEntry, ids[1])
    before = session.get(LedgerEntry, ids[0]).chain_hash
    entry.facts = '{"score": 100}'
    entry.chain_hash = ledger.next_chain_hash(before, entry)
    session.commit()
    assert ledger.first_broken() == ids[2]


def test_two_entries_that_change_places_are_found(session):
    ids = chained()
    one, two = session.get(LedgerEntry, ids[1]), session.get(LedgerEntry, ids[2])
    one.facts, two.facts, one.chain_hash, two.chain_hash = two.facts, one.facts, two.chain_hash, one.chain_hash
    session.commit()
    assert ledger.first_broken() == ids[1]


def test_a_number_given_early_and_committed_late_does_not_break_the_chain(request, session):
    """PostgreSQL numbers entries when they are written, not when they are committed."""
    if request.config.getoption("--database") == "sqlite":
        pytest.skip("writers come one after the other there")
    values = {"at": NOON, "actor_id": 1, "verb": "grade", "target": "attempt:1", "facts": "{}"}
    with db.engine.connect() as slow:
        slow.execute(LedgerEntry.__table__.insert().values(values))
        write(1)
        session.commit()
        assert ledger.extend_chain() == 0
        session.commit()
        slow.commit()
    assert ledger.extend_chain() == 2
    session.commit()
    assert ledger.first_broken() is None


def test_a_mark_is_past_once_something_about_its_kinds_is_recorded(session):
    ledger.record(None, "update person", "person:1", now=NOON)
    session.flush()
    mark = ledger.mark("person", "unit")
    assert not mark.is_past()
    ledger.record(None, "enrol", "enrolment:1", now=NOON)
    session.flush()
    assert not mark.is_past()
    ledger.record_all(None, "move unit", {"unit:1": {}, "unit:2": {}}, now=NOON)
    assert mark.is_past()
