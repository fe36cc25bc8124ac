"""``kill -9`` at any moment loses nothing that was http_learner."""

from __future__ import annotations

import random
import threading
import time

import http_learner
import pytest
from databases import empty_database
from http_learner import Learner
from servers import Server

from lms.demo.cast import LEARNERS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

KILLS = 10
SAVES_BETWEEN = 12


@pytest.fixture
def doomed(request, tmp_path, run_folder):
    with empty_database(request, "lms_killed") as url:
        server = Server(tmp_path, url, workers=1)
        server.make_demo(run_folder)
        server.start()
        yield server
        server.stop()


def killed_again_and_again(server, learners: list[Learner]) -> None:
    """Let all work at once while the server is killed ``KILLS`` times, somewhere in the middle of things."""
    rng, stop = random.Random(20), threading.Event()
    threads = [threading.Thread(target=learner.work_until, args=(stop,)) for learner in learners]
    for thread in threads:
        thread.start()
    try:
        for _ in range(KILLS):
            before, patience = sum(learner.heard for learner in learners), time.monotonic() + 30
            while sum(learner.heard for learner in learners) < before + SAVES_BETWEEN:
                assert time.monotonic() < patience, f"nothing is heard any more:\n{server.log.read_text()[-4000:]}"
                time.sleep(0.01)
            time.sleep(rng.random() * 0.2)
            server.kill()
            server.start()
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_ten_kills_under_load_lose_nothing_that_was_acknowledged(doomed):
    learners = [Learner(doomed.port, username, random.Random(username)) for username in LEARNERS[-4:]]
    for learner in learners:
        learner.begin()
    killed_again_and_again(doomed, learners)
    heard = {learner.username: [*map(len, learner.deeds)] for learner in learners}
    assert all(all(counts) for counts in heard.values()), heard
    http_learner.check(learners, doomed.ask)
    doomed.run("jobs", "run", "--once")
    assert not doomed.ask("SELECT id FROM ledger_entry WHERE seal IS NULL")
    doomed.run("ledger", "verify")
    if doomed.database_url.startswith("sqlite"):
        assert doomed.ask("PRAGMA integrity_check") == [("ok",)]
        assert not doomed.ask("PRAGMA foreign_key_check")
