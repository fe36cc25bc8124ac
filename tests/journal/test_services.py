"""Appending: nothing is lost, nothing stands twice, the chain holds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from factories import NOON, make_person

from lms.core.db import db
from lms.journal import queries, services
from lms.journal.events import GENESIS, digest, first_broken
from lms.journal.models import Event


def test_the_first_event_of_a_subject_begins_a_chain(session):
    event = session.get(Event, services.append(make_person().id, "attempt:1", "answer", {"about": "a"}, now=NOON))
    assert (event.device, event.n, event.prev) == ("server", 1, GENESIS)
    assert event.hash == digest(event.bytes)
    assert event.arrived_at == NOON


def test_the_next_event_follows_the_one_before(session):
    person = make_person()
    services.append(person.id, "attempt:1", "answer", {"about": "a"}, now=NOON)
    services.append(person.id, "attempt:1", "answer", {"about": "a"}, now=NOON + timedelta(seconds=1))
    first, second = queries.events("attempt:1")
    assert (second.n, second.prev) == (2, first.hash)


def test_each_subject_has_its_own_chain(session):
    person = make_person()
    services.append(person.id, "attempt:1", "answer", {}, now=NOON)
    services.append(person.id, "attempt:2", "answer", {}, now=NOON)
    for subject in ("attempt:1", "attempt:2"):
        assert [event.n for event in queries.events(subject)] == [1]


def test_entries_carry_body_and_times_in_milliseconds(session):
    services.append(make_person().id, "draft:5", "write", {"text": "Rencana “baru”"}, now=NOON)
    [entry] = queries.entries("draft:5")
    assert entry.body == {"text": "Rencana “baru”"}
    assert entry.wall == entry.arrived == int(NOON.timestamp() * 1000)


def test_two_that_append_at_once_are_both_kept(app, session):
    person_id = make_person().id
    db.session.commit()

    def append(number: int) -> None:
        with app.app_context():
            for step in range(5):
                services.append(person_id, "attempt:9", "answer", {"value": [number, step]}, now=NOON)
                db.session.commit()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(append, range(4)))
    entries = queries.entries("attempt:9")
    assert sorted(entry.body["value"] for entry in entries) == [[a, b] for a in range(4) for b in range(5)]
    assert sorted(entry.n for entry in entries) == list(range(1, 21))
    assert first_broken(entries) is None
