"""The worker for periodic jobs: starts the jobs that are due, and ends when they are done.

Its supervisor starts the next worker for the next round, so that the memory that jobs took is returned, and between two
rounds there is none. While a job is running, the worker goes on starting others that become due: there is one worker at
a time, and a long job delays no other.

Any process of the machine may call for a round through a named pipe in the instance folder. A worker on another
machine finds the work in its next round.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from lms.core.db import db
from lms.core.jobs import Job, begin_due
from lms.core.supervisor import Calls, Child

log = logging.getLogger(__name__)

EVERY_SECONDS = 5
"""The longest time between two rounds. A round in which no job is due takes about 20 ms."""
SECONDS_TO_FINISH = 8
"""How long running jobs may go on after a stop signal. After that their transactions are not committed."""


def wake() -> None:
    """Start a round now. Call it after the commit that makes a job due."""
    with suppress(OSError):  # nobody listens, or the pipe is full and a round is about to start
        pipe = os.open(_pipe_path(current_app), os.O_WRONLY | os.O_NONBLOCK)
        try:
            os.write(pipe, b"!")
        finally:
            os.close(pipe)


@dataclass(frozen=True)
class WakePipe:
    reading_end: int
    writing_end: int

    def wait(self) -> None:
        """Return when something was written, or after ``EVERY_SECONDS``."""
        select.select([self.reading_end], [], [], EVERY_SECONDS)

    def clear(self) -> None:
        with suppress(BlockingIOError):
            os.read(self.reading_end, 65536)

    def write(self) -> None:
        with suppress(BlockingIOError):
            os.write(self.writing_end, b"!")


@contextmanager
def wake_pipe(app: Flask) -> Iterator[WakePipe]:
    """Open the named pipe. Where it cannot be made, ``wake`` has no effect and rounds start after ``EVERY_SECONDS``.

    The supervisor keeps it open and starts a worker when it is called (``worker``).
    """
    path = _pipe_path(app)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_fifo():
            path.unlink(missing_ok=True)
            os.mkfifo(path, 0o600)
        end = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        pipe = WakePipe(end, end)
    except OSError as error:
        log.warning("%s cannot be used (%s): jobs may start %s s late", path, error.strerror, EVERY_SECONDS)
        pipe = WakePipe(*os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC))
    try:
        yield pipe
    finally:
        for end in {pipe.reading_end, pipe.writing_end}:
            os.close(end)


def _pipe_path(app: Flask) -> Path:
    instance: Path = app.config["LMS"].instance
    return instance / "jobs.wake"


def worker(app: Flask, jobs: Sequence[Job], pipe: WakePipe) -> Child:
    """A worker for each round."""
    calls = Calls(pipe.reading_end, EVERY_SECONDS)
    return Child("the worker for periodic jobs", partial(_work, app, jobs, pipe), calls=calls)


def _work(app: Flask, jobs: Sequence[Job], pipe: WakePipe) -> None:
    """Run the jobs that are due and those that become due meanwhile.

    Returns when no job is running any more, or some seconds after TERM, INT or HUP.
    """
    with app.app_context():
        db.engine.dispose(close=False)  # connections made before a fork belong to the parent
    stop = _stop_signals(pipe)
    running: list[threading.Thread] = []
    while not stop:
        pipe.clear()
        running += _begin(app, jobs)
        _join(running, 0.5)
        running = [thread for thread in running if thread.is_alive()]
        if not running:
            return
        pipe.wait()
    _join(running, SECONDS_TO_FINISH)


def _begin(app: Flask, jobs: Sequence[Job]) -> list[threading.Thread]:
    try:
        return begin_due(app, jobs)
    except SQLAlchemyError as error:
        log.warning("could not check the periodic jobs (%s); it is tried again", type(error).__name__)
        return []


def _join(threads: Sequence[threading.Thread], seconds: float) -> None:
    end = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0, end - time.monotonic()))


def _stop_signals(pipe: WakePipe) -> list[int]:
    """A list that fills with the stop signals this process gets; each also ends the wait for the next round."""
    stop: list[int] = []

    def note(number: int, _frame: object) -> None:
        stop.append(number)
        pipe.write()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, note)
    return stop
