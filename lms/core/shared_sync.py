"""Commits of a process that share one sync of SQLite's log (group commit).

SQLite syncs the log with each commit while it holds the turn to write (``synchronous=FULL``), so everybody waits for
everybody's sync. With ``synchronous=NORMAL`` a commit is visible at once, and whoever must be sure that it is on the
disk waits here: one thread syncs the log for all that committed before it began. Those who commit meanwhile share the
next one.

What is in the log need not be synced here once SQLite has moved it into the database: before it moves anything it syncs
the log, and it syncs the database before the log is begun anew or deleted.
"""

from __future__ import annotations

import os
from functools import cache
from threading import Condition

from lms.lib.compute_lock import compute_lock


class NotSynced(OSError):
    """Another thread's sync has failed, which was also for this commit."""


class SharedSync:
    def __init__(self, path: str) -> None:
        self._log = f"{path}-wal"
        self._changed = Condition()
        self._is_syncing = False
        self._asked = self._done = 0
        """How many have asked; up to whose number the log is synced."""
        self._failed = 0
        """Up to whose number a sync has failed. The system tells of lost data once: another try would prove nothing."""

    @staticmethod
    @cache
    def of(path: str) -> SharedSync:
        """The one of this process for a database."""
        return SharedSync(path)

    def wait(self) -> None:
        """Return when all that was committed before this call is on the disk.

        :raises OSError: it may not be.
        """
        with compute_lock.released():
            self._wait()

    def _wait(self) -> None:
        with self._changed:
            self._asked += 1
            mine = self._asked
            while self._is_syncing and self._done < mine:
                self._changed.wait()
            if mine <= self._failed:
                raise NotSynced("the log of the database could not be synced")
            if self._done >= mine:
                return
            self._is_syncing, upto = True, self._asked
        try:
            sync_file(self._log)
        except OSError:
            self._end(upto, has_failed=True)
            raise
        self._end(upto, has_failed=False)

    def _end(self, upto: int, *, has_failed: bool) -> None:
        with self._changed:
            self._is_syncing, self._done = False, upto
            if has_failed:
                self._failed = upto
            self._changed.notify_all()


def sync_file(path: str) -> None:
    """Sync a file by a new descriptor. SQLite may have deleted the file, and the need to sync it, and made another."""
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        os.fdatasync(file)
    finally:
        os.close(file)
