"""A commit on SQLite returns when it is on the disk, and commits of a process share syncs."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from threading import Event, Thread

import pytest
from databases import add_answer, sqlite_with_answers
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from lms.core import shared_sync
from lms.core.shared_sync import SharedSync

pytestmark = pytest.mark.once
PATIENCE = 10


@pytest.fixture
def database(tmp_path):
    with sqlite_with_answers(tmp_path) as engine:
        yield engine


class Disk:
    """What is on the disk: the files as they were at the end of each sync of the log."""

    def __init__(self, folder, monkeypatch) -> None:
        self.folder, self.kept, self.syncs = folder, folder / "disk", 0
        self.really_sync = shared_sync.sync_file
        monkeypatch.setattr(shared_sync, "sync_file", self.sync)

    def sync(self, path: str) -> None:
        self.really_sync(path)
        self.syncs += 1
        self.kept.mkdir(exist_ok=True)
        for name in ("site.sqlite", "site.sqlite-wal"):
            shutil.copy(self.folder / name, self.kept)

    def rows(self) -> list[str]:
        """What a database finds that starts after a power cut."""
        with closing(sqlite3.connect(self.kept / "site.sqlite")) as connection:
            return [words for (words,) in connection.execute("SELECT words FROM answer")]


def test_a_commit_that_has_returned_is_on_the_disk(database, tmp_path, monkeypatch):
    disk = Disk(tmp_path, monkeypatch)
    for number in range(3):
        add_answer(database, str(number))
        assert disk.rows() == [str(one) for one in range(number + 1)]


def test_whoever_only_reads_or_rolls_back_syncs_nothing(database, tmp_path, monkeypatch):
    disk = Disk(tmp_path, monkeypatch)
    with database.begin() as connection:
        connection.execute(text("SELECT * FROM answer"))
    with database.connect() as connection:
        connection.execute(text("INSERT INTO answer VALUES ('x')"))
        connection.rollback()
    assert disk.syncs == 0


def test_those_who_commit_while_the_disk_is_busy_share_the_next_sync(monkeypatch):
    begun, may_end, syncs = Event(), Event(), []

    def sync_file(_path):
        syncs.append(1)
        begun.set()
        assert may_end.wait(PATIENCE)

    monkeypatch.setattr(shared_sync, "sync_file", sync_file)
    shared = SharedSync("site.sqlite")
    first = Thread(target=shared.wait)
    first.start()
    assert begun.wait(PATIENCE)
    others = [Thread(target=shared.wait) for _ in range(5)]
    for other in others:
        other.start()
    while shared._asked < 6:
        Event().wait(0.01)
    may_end.set()
    for thread in (first, *others):
        thread.join(PATIENCE)
    assert len(syncs) == 2


def test_whoever_shares_a_sync_that_fails_is_told_and_the_next_one_is_synced(monkeypatch):
    begun, may_end, told = Event(), Event(), []

    def fails(_path):
        begun.set()
        assert may_end.wait(PATIENCE)
        raise OSError("the disk is broken")

    def wait() -> None:
        try:
            shared.wait()
        except OSError as error:
            told.append(type(error))

    monkeypatch.setattr(shared_sync, "sync_file", lambda _path: None)
    shared = SharedSync("site.sqlite")
    shared.wait()
    monkeypatch.setattr(shared_sync, "sync_file", fails)
    shared._asked += 1  # one more who commits before the sync begins
    thread = Thread(target=wait)
    thread.start()
    assert begun.wait(PATIENCE)
    may_end.set()
    thread.join(PATIENCE)
    assert (told, shared._failed) == ([OSError], 3)
    monkeypatch.setattr(shared_sync, "sync_file", lambda _path: None)
    shared.wait()


def test_an_answer_that_may_not_be_on_the_disk_is_an_error_of_the_database(database, monkeypatch):
    def fails(_path):
        raise OSError("the disk is broken")

    monkeypatch.setattr(shared_sync, "sync_file", fails)
    with pytest.raises(OperationalError, match="disk I/O error"):
        add_answer(database, "x")


def test_a_log_that_has_been_moved_into_the_database_needs_no_sync(tmp_path):
    shared_sync.sync_file(os.fspath(tmp_path / "site.sqlite-wal"))
