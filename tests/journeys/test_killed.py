"""``kill -9`` at any moment loses nothing that was acknowledged."""

from __future__ import annotations

import random
import threading
import time
from itertools import groupby

import pytest
from hard_worker import Learner
from running import Server, empty_database
from sqlalchemy import create_engine, text

from lms.core.db import psycopg_url
from lms.demo import LEARNERS
from lms.journal import events

pytestmark = [pytest.mark.browser, pytest.mark.slow]

KILLS = 20
SAVES_BETWEEN = 12


@pytest.fixture
def doomed(request, tmp_path):
    with empty_database(request, "lms_killed") as url:
        server = Server(tmp_path, url, workers=1)
        server.run("demo")
        server.start()
        yield server
        server.stop()


def killed_again_and_again(server, learners: list[Learner]) -> None:
    """Let all work at once while the server is killed ``KILLS`` times, somewhere in the middle of things."""
    chance, stop = random.Random(20), threading.Event()
    threads = [threading.Thread(target=learner.work_until, args=(stop,)) for learner in learners]
    for thread in threads:
        thread.start()
    try:
        for _ in range(KILLS):
            before, patience = sum(learner.heard for learner in learners), time.monotonic() + 30
            while sum(learner.heard for learner in learners) < before + SAVES_BETWEEN:
                assert time.monotonic() < patience, f"nothing is heard any more:\n{server.log.read_text()[-4000:]}"
                time.sleep(0.01)
            time.sleep(chance.random() * 0.2)
            server.kill()
            server.start()
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@pytest.fixture
def ask_database(doomed):
    """Rows by SQL, past all code of the site."""
    engine = create_engine(psycopg_url(doomed.database_url))

    def ask(query: str) -> list:
        with engine.connect() as connection:
            return connection.execute(text(query)).all()

    yield ask
    engine.dispose()


def test_twenty_kills_under_load_lose_nothing_that_was_acknowledged(doomed, ask_database):
    learners = [Learner(doomed.port, username, random.Random(username)) for username in LEARNERS[-4:]]
    for learner in learners:
        learner.begin()
    killed_again_and_again(doomed, learners)
    heard = {learner.username: [*map(len, learner.deeds)] for learner in learners}
    assert all(all(counts) for counts in heard.values()), heard
    check_answers(learners, ask_database)
    check_modules(learners, ask_database)
    check_drafts(learners, ask_database)
    check_journal(ask_database)
    doomed.run("jobs", "run", "--once")
    assert not ask_database("SELECT id FROM ledger_entry WHERE seal IS NULL")
    doomed.run("ledger", "verify")
    if doomed.database_url.startswith("sqlite"):
        assert ask_database("PRAGMA integrity_check") == [("ok",)]
        assert not ask_database("PRAGMA foreign_key_check")


def check_answers(learners, ask) -> None:
    """Each acknowledged answer is an event; the one that is shown is the newest, or came after it unheard."""
    kept = {row.id for row in ask("SELECT id FROM event")}
    assert not [event for learner in learners for _page, event in learner.answers if event not in kept]
    shown = {row.event_id: row.attempt_id for row in ask("SELECT attempt_id, event_id FROM answer")}
    for page, event in {page: event for learner in learners for page, event in learner.answers}.items():
        attempt = int(page.split("/")[2])
        assert any(number == attempt and one >= event for one, number in shown.items()), page


def check_modules(learners, ask) -> None:
    done = {
        (row.nip, row.slug)
        for row in ask(
            "SELECT person.nip, item_revision.slug FROM progress"
            " JOIN enrolment ON enrolment.id = progress.enrolment_id"
            " JOIN person ON person.id = enrolment.person_id"
            " JOIN item_revision ON item_revision.id = progress.item_revision_id"
            " WHERE progress.state = 'done'"
        )
    }
    assert {(learner.username, slug) for learner in learners for slug in learner.read} <= done


def check_drafts(learners, ask) -> None:
    """Each acknowledged text is in the journal, what was handed in stands, and the newest text is the draft."""
    written = {events.read(bytes(row.bytes), arrived=0).body["text"] for row in _of_kind(ask, "draft")}
    submitted = {
        row.text: row.nip
        for row in ask(
            "SELECT submission.text, person.nip FROM submission JOIN person ON person.id = submission.person_id"
        )
    }
    drafts = {
        row.nip: row.text
        for row in ask(
            "SELECT draft.text, person.nip FROM draft JOIN enrolment ON enrolment.id = draft.enrolment_id"
            " JOIN person ON person.id = enrolment.person_id"
        )
    }
    newest = _newest_texts(ask)
    for learner in learners:
        assert {*learner.drafts, *learner.handed_in} <= written
        assert all(submitted[words] == learner.username for words in learner.handed_in)
        if drafts[learner.username]:
            assert drafts[learner.username] == newest[learner.username]


def _newest_texts(ask) -> dict[str, str]:
    """Of each person, the text that the journal kept last."""
    rows = ask(
        "SELECT person.nip, event.bytes FROM event JOIN person ON person.id = event.person_id"
        " WHERE event.kind = 'draft' ORDER BY event.id"
    )
    return {row.nip: events.read(bytes(row.bytes), arrived=0).body["text"] for row in rows}


def _of_kind(ask, kind: str) -> list:
    return ask(f"SELECT bytes FROM event WHERE kind = '{kind}'")


def check_journal(ask) -> None:
    """Every chain is whole, and every event says what its bytes hash to."""
    rows = ask("SELECT device, subject, n, prev, hash, bytes FROM event ORDER BY device, subject, n")
    assert [row.hash for row in rows] == [events.digest(bytes(row.bytes)) for row in rows]
    for chain, links in groupby(rows, key=lambda row: (row.device, row.subject)):
        assert events.first_broken(events.read(bytes(row.bytes), arrived=0) for row in links) is None, chain
