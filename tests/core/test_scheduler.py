"""Rounds of periodic jobs: each a process of its own, begun in time or at a ring, and ended when told to."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from lms.core import jobs, scheduler
from lms.core.jobs import Job

PATIENCE = 20
A_MOMENT = 5


def note(path: Path) -> None:
    with path.open("a") as file:
        file.write("x")


def noted(path: Path) -> int:
    return len(path.read_text()) if path.exists() else 0


def wait_for(is_so) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "noted"


@pytest.fixture
def often(file) -> Job:
    return Job("often", lambda: note(file), every_seconds=0)


def test_a_ring_begins_a_round_at_once(app, often, file, monkeypatch):
    monkeypatch.setattr(scheduler, "EVERY_SECONDS", 10 * PATIENCE)
    with scheduler.beside(app, [often]):
        wait_for(lambda: noted(file) == 1)
        scheduler.wake()
        wait_for(lambda: noted(file) == 2)


def test_rounds_come_by_themselves(app, often, file, monkeypatch):
    monkeypatch.setattr(scheduler, "EVERY_SECONDS", 0.1)
    with scheduler.beside(app, [often]):
        wait_for(lambda: noted(file) >= 3)
    known = noted(file)
    time.sleep(0.5)
    assert noted(file) == known, "none begins after the end"


def test_a_round_that_is_killed_takes_nothing_with_it(app, often, file, monkeypatch, caplog):
    monkeypatch.setattr(scheduler, "EVERY_SECONDS", 0.1)
    monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=0.5))  # the round may die while it holds that of the other
    crash = Job("crash", lambda: os.kill(os.getpid(), signal.SIGKILL), every_seconds=3600)
    with caplog.at_level(logging.WARNING), scheduler.beside(app, [crash, often]):
        wait_for(lambda: "ended with code -9" in caplog.text and noted(file) >= 2)


def test_a_long_job_holds_up_no_other_and_may_end_when_told_to_stop(app, often, file, tmp_path, monkeypatch):
    monkeypatch.setattr(scheduler, "EVERY_SECONDS", 0.1)
    begun, ended = tmp_path / "begun", tmp_path / "ended"
    go_on = threading.Event()

    def work() -> None:
        note(begun)
        go_on.wait(2)
        note(ended)

    with scheduler.beside(app, [Job("long", work, every_seconds=3600), often]):
        wait_for(lambda: noted(begun) == 1 and noted(file) >= 3)
    assert (noted(begun), noted(ended)) == (1, 1)


def test_what_does_not_end_is_cut_off(app, tmp_path, monkeypatch):
    monkeypatch.setattr(scheduler, "SECONDS_TO_END", 0.2)
    begun = tmp_path / "begun"

    def work() -> None:
        note(begun)
        threading.Event().wait(10 * PATIENCE)

    with scheduler.beside(app, [Job("endless", work)]):
        wait_for(lambda: noted(begun) == 1)
        since = time.monotonic()
    assert time.monotonic() - since < A_MOMENT


def test_who_rings_again_and_again_is_not_held_up():
    for _ in range(70_000):
        scheduler.wake()
    os.read(scheduler._heard, 1_000_000)


def test_without_a_process_to_be_had_it_is_tried_again(app, often, file, monkeypatch, caplog):
    monkeypatch.setattr(scheduler, "EVERY_SECONDS", 0.1)
    begun, tries = scheduler._begun, iter([False, True])

    def sometimes(*values):
        if not next(tries, True):
            raise BlockingIOError("no process to be had")
        return begun(*values)

    monkeypatch.setattr(scheduler, "_begun", sometimes)
    with caplog.at_level(logging.ERROR), scheduler.beside(app, [often]):
        wait_for(lambda: noted(file) >= 1)
    assert "tried again" in caplog.text
