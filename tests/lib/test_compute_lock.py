"""Requests of a process compute one after the other, but nobody waits for who waits, nor for long."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing, contextmanager

import pytest
from databases import add_answer, sqlite_with_answers

from lms.auth import passwords
from lms.core import isolated, shared_sync
from lms.core.db import db
from lms.lib.compute_lock import ComputeLock, compute_lock

PATIENCE = 20
"""Seconds; no test waits for them to pass."""


class Computing(threading.Thread):
    """A thread that computes until it is told to end."""

    def __init__(self, lock: ComputeLock) -> None:
        super().__init__(daemon=True)
        self.lock, self.has_begun, self.may_end = lock, threading.Event(), threading.Event()
        self.start()

    def run(self) -> None:
        with self.lock.held():
            self.has_begun.set()
            assert self.may_end.wait(PATIENCE)

    @classmethod
    def begun(cls, lock: ComputeLock) -> Computing:
        made = cls(lock)
        assert made.has_begun.wait(PATIENCE)
        return made

    def end(self) -> None:
        self.may_end.set()
        self.join(PATIENCE)


def test_one_computes_after_the_other():
    lock = ComputeLock(PATIENCE)
    first = Computing.begun(lock)
    second = Computing(lock)
    assert not second.has_begun.wait(0.05)
    first.end()
    assert second.has_begun.wait(PATIENCE)
    second.end()


def test_nobody_waits_for_one_that_takes_long_and_the_others_still_come_one_after_the_other():
    lock = ComputeLock(0.01)
    slow = Computing.begun(lock)
    second = Computing.begun(lock)
    lock.patience = PATIENCE
    third = Computing(lock)
    assert not third.has_begun.wait(0.05)
    slow.end()
    assert not third.has_begun.wait(0.05)
    second.end()
    assert third.has_begun.wait(PATIENCE)
    third.end()


def test_while_one_waits_another_computes():
    lock = ComputeLock(PATIENCE)
    with lock.held():
        with lock.released():
            other = Computing.begun(lock)
            threading.Timer(0.05, other.may_end.set).start()
        assert other.may_end.is_set()
        waits = Computing(lock)
        assert not waits.has_begun.wait(0.05)
        lock.give_up()
        assert waits.has_begun.wait(PATIENCE)
        waits.end()


def test_who_does_not_hold_it_gives_nothing_up():
    lock = ComputeLock(PATIENCE)
    first = Computing.begun(lock)
    lock.give_up()
    with lock.released():
        pass
    second = Computing(lock)
    assert not second.has_begun.wait(0.05)
    first.end()
    second.end()


@pytest.fixture
def engine(tmp_path):
    with sqlite_with_answers(tmp_path) as made:
        yield made


@contextmanager
def sync(engine, _folder, monkeypatch):
    """The disk is slow."""
    may_end = threading.Event()
    monkeypatch.setattr(shared_sync, "sync_file", lambda _path: may_end.wait(PATIENCE))
    yield lambda: add_answer(engine, "B")
    may_end.set()


@contextmanager
def turn_to_write(engine, folder, _monkeypatch):
    """Another process writes."""
    with closing(sqlite3.connect(folder / "site.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield lambda: add_answer(engine, "B")
        other.rollback()


@contextmanager
def hash_of_a_password(_engine, _folder, monkeypatch):
    """All cores hash."""
    cores = threading.Semaphore(0)
    monkeypatch.setattr(passwords, "_cores", cores)
    yield lambda: passwords.hash_password("kata sandi")
    cores.release()


@contextmanager
def child_process(_engine, _folder, _monkeypatch):
    yield lambda: isolated.run(time.sleep, 1, seconds=PATIENCE)


@pytest.mark.once
@pytest.mark.parametrize("slow", [sync, turn_to_write, hash_of_a_password, child_process])
def test_who_waits_for_something_else_lets_others_compute(slow, engine, tmp_path, monkeypatch):
    monkeypatch.setattr(compute_lock, "patience", PATIENCE)
    has_begun = threading.Event()

    def work(wait) -> None:
        with compute_lock.held():
            has_begun.set()
            wait()

    with slow(engine, tmp_path, monkeypatch) as wait:
        waiting = threading.Thread(target=work, args=(wait,))
        waiting.start()
        assert has_begun.wait(PATIENCE)
        other = Computing.begun(compute_lock)
        assert waiting.is_alive()
        other.end()
    waiting.join(PATIENCE)
    assert not waiting.is_alive()


def test_requests_compute_one_after_the_other_on_sqlite(client, monkeypatch):
    monkeypatch.setattr(compute_lock, "patience", PATIENCE)
    other = Computing.begun(compute_lock)
    threading.Timer(0.3, other.may_end.set).start()
    assert client.get("/healthz").status_code == 200
    assert other.may_end.is_set() == (db.engine.dialect.name == "sqlite")
    other.end()
