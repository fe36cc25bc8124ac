"""The bytes of events, and the chain their hashes make."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.journal.events import GENESIS, digest, first_broken, read, write

BODIES = st.dictionaries(st.text(max_size=8), st.one_of(st.text(max_size=20), st.integers(), st.booleans()), max_size=4)


def chain(count: int) -> list[bytes]:
    made, prev = [], GENESIS
    for n in range(1, count + 1):
        data = write(device="server", subject="attempt:1", n=n, prev=prev, wall=n, kind="answer", body={"about": "a"})
        made.append(data)
        prev = digest(data)
    return made


def test_an_event_says_who_what_and_when_in_integers():
    data = write(device="server", subject="attempt:17", n=1, prev=GENESIS, wall=5, kind="answer", body={"about": "é"})
    assert json.loads(data) == {
        "device": "server",
        "subject": "attempt:17",
        "n": 1,
        "prev": "0" * 64,
        "at": {"wall": 5},
        "kind": "answer",
        "body": {"about": "é"},
    }


@given(BODIES)
def test_what_is_read_is_what_was_written(body):
    data = write(device="server", subject="draft:5", n=3, prev=GENESIS, wall=9, kind="write", body=body)
    entry = read(data, arrived=11)
    assert (entry.body, entry.n, entry.wall, entry.arrived) == (body, 3, 9, 11)
    assert entry.hash == sha256(data).hexdigest()


def test_a_whole_chain_holds_in_any_order():
    entries = [read(data, arrived=1) for data in chain(5)]
    assert first_broken(entries) is None
    assert first_broken(reversed(entries)) is None


def test_a_chain_without_events_holds():
    assert first_broken([]) is None


@pytest.mark.parametrize("gone", [0, 1, 2, 3])
def test_an_event_taken_out_is_noticed(gone):
    entries = [read(data, arrived=1) for data in chain(5)]
    del entries[gone]
    assert first_broken(entries) == gone + 1


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_an_event_changed_afterwards_breaks_the_chain_at_the_next(place):
    data = chain(5)
    data[place] = data[place].replace(b'"about":"a"', b'"about":"b"')
    assert first_broken(read(one, arrived=1) for one in data) == place + 2
