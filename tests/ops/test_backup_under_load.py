"""A backup taken while people work, the server destroyed, the backup restored: what was told as saved is there."""

from __future__ import annotations

import copy
import random
import shutil
import threading
import time
from itertools import groupby

import pytest
from databases import empty_database
from http_learner import Learner, events_by_turn
from servers import Server
from sqlalchemy import create_engine, text

from lms.core.db import psycopg_url
from lms.demo.cast import LEARNERS, PASSWORD
from lms.journal import events

pytestmark = pytest.mark.slow


def rows(url: str, query: str) -> list:
    """Rows by SQL, past all code of the site."""
    engine = create_engine(psycopg_url(url))
    try:
        with engine.connect() as connection:
            return connection.execute(text(query)).all()
    finally:
        engine.dispose()


def at_work(learners: list[Learner], deeds: int, meanwhile) -> list[Learner]:
    """Let all work; once ``deeds`` were acknowledged and each has answered something, do ``meanwhile``.

    Gives what was acknowledged before that.
    """
    stop = threading.Event()
    threads = [threading.Thread(target=learner.work_until, args=(stop,)) for learner in learners]
    for thread in threads:
        thread.start()
    try:
        given_up_at = time.monotonic() + 120
        while sum(learner.heard for learner in learners) < deeds or not all(learner.answers for learner in learners):
            assert time.monotonic() < given_up_at, "the learners get nothing acknowledged"
            stop.wait(0.02)
        before = copy.deepcopy(learners)
        meanwhile()
        assert sum(learner.heard for learner in learners) > sum(learner.heard for learner in before), "nobody worked on"
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    return before


def test_what_was_acknowledged_before_the_backup_survives_the_server(request, tmp_path, run_folder):
    archive = tmp_path / "lms.tar"
    with empty_database(request, "lms_destroyed") as url:
        (tmp_path / "first").mkdir()
        first = Server(tmp_path / "first", url, workers=1)
        request.addfinalizer(first.stop)
        first.make_demo(run_folder)
        first.start()
        learners = [Learner(first.port, username, random.Random(username)) for username in LEARNERS[-4:]]
        for learner in learners:
            learner.begin()
        before = at_work(learners, 80, lambda: first.run("backup", str(archive)))
        first.kill()
        shutil.rmtree(tmp_path / "first")
    with empty_database(request, "lms_restored") as url:
        (tmp_path / "second").mkdir()
        second = Server(tmp_path / "second", url, workers=1)
        request.addfinalizer(second.stop)
        second.run("restore", str(archive))
        check_deeds(second.database_url, before)
        check_journal(second.database_url)
        second.start()
        learners[0].port = second.port
        assert learners[0].ask("/")[0] == 200
        assert learners[0].ask("/records")[0] == 302  # a restore ends all sign-ins
        learners[0].ask("/login")
        learners[0].ask("/login", {"username": learners[0].username, "password": PASSWORD})
        assert learners[0].ask("/records")[0] == 200
        second.stop()
        second.run("jobs", "run", "--once")
        second.run("ledger", "verify")


def check_deeds(url: str, learners: list[Learner]) -> None:
    stored = rows(url, "SELECT id, bytes FROM event")
    turns = events_by_turn(stored)
    submitted = {row.text for row in rows(url, "SELECT text FROM submission")}
    written = {
        events.read(bytes(row.bytes), arrived=0).body["text"]
        for row in rows(url, "SELECT bytes FROM event WHERE kind = 'draft'")
    }
    shown = {row.event_id for row in rows(url, "SELECT event_id FROM answer")}
    assert shown <= {row.id for row in stored}
    for learner in learners:
        assert learner.answers
        assert {turn for _page, turn in learner.answers} <= turns.keys()
        assert set(learner.drafts) <= written
        assert set(learner.handed_in) <= submitted


def check_journal(url: str) -> None:
    """Every chain is whole, and every event says what its bytes hash to."""
    found = rows(url, "SELECT device, subject, n, hash, bytes FROM event ORDER BY device, subject, n")
    assert [row.hash for row in found] == [events.digest(bytes(row.bytes)) for row in found]
    for chain, links in groupby(found, key=lambda row: (row.device, row.subject)):
        assert events.first_broken(events.read(bytes(row.bytes), arrived=0) for row in links) is None, chain
