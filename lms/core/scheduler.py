"""The worker for periodic jobs: every few seconds a round of what is due, each round in a process of its own.

What a round took of memory goes back to the system when it ends, and one that crashes takes nothing else along.
Whoever has written a row that a job waits for may wake: the next round begins at once.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import select
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from lms.core.db import db
from lms.core.jobs import Job, begin_due, forget_all_but

log = logging.getLogger(__name__)

EVERY_SECONDS = 5
"""How long a job that is due waits at most until a round notices; a round with nothing to do takes some 20 ms."""
SECONDS_TO_END = 8
"""What still runs when the worker is told to stop gets so long; then its transaction is simply not committed."""

_heard, _rung = os.pipe()
"""The bell. Processes forked from the worker's have it too; elsewhere nobody hears it, and waits for the next round."""
for _end in (_heard, _rung):
    os.set_blocking(_end, False)


def wake() -> None:
    """Let a round begin at once: something waits for it."""
    try:
        os.write(_rung, b"!")
    except BlockingIOError:  # it rings already
        return


def run_for_ever(app: Flask, jobs: Sequence[Job], is_told_to_stop: Callable[[], object]) -> None:
    """Begin round after round; returns when told to stop, once the rounds that still ran have ended."""
    running: list[BaseProcess] = []
    is_first = True
    while not is_told_to_stop():
        running = [one for one in running if _still_runs(one)]
        try:
            running.append(_begun(app, jobs, is_first))
            is_first = False
        except OSError:
            log.exception("no process could be made for the periodic jobs; it is tried again")
        _wait()
    for one in running:
        one.terminate()
    for one in running:
        one.join(SECONDS_TO_END + 1)
        one.kill()


def run_until_told(app: Flask, jobs: Sequence[Job]) -> None:
    """The same until this process gets TERM or INT."""
    told = _told(wake)
    run_for_ever(app, jobs, lambda: told)


@contextmanager
def beside(app: Flask, jobs: Sequence[Job]) -> Iterator[None]:
    """Rounds go on while this block runs."""
    stop = threading.Event()
    thread = threading.Thread(target=run_for_ever, args=(app, jobs, stop.is_set), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        wake()
        thread.join()


def _begun(app: Flask, jobs: Sequence[Job], is_first: bool) -> BaseProcess:
    process = multiprocessing.get_context("fork").Process(target=_round, args=(app, jobs, os.getpid(), is_first))
    process.start()
    return process


def _still_runs(one: BaseProcess) -> bool:
    if one.exitcode:
        log.warning("a round of periodic jobs ended with code %s; the next takes up what it left", one.exitcode)
    return one.exitcode is None


def _wait() -> None:
    """Until it is time for the next round, or the bell rings."""
    if select.select([_heard], [], [], EVERY_SECONDS)[0]:
        with suppress(BlockingIOError):
            os.read(_heard, 4096)


def _round(app: Flask, jobs: Sequence[Job], parent: int, is_first: bool) -> None:
    """Do what is due; on TERM, or when the worker is gone, what runs may still come to its end for a while."""
    told = _told()
    with app.app_context():
        db.engine.dispose(close=False)  # connections made before the fork are the parent's
    try:
        if is_first:
            forget_all_but(app, jobs)
        threads = begin_due(app, jobs)
    except SQLAlchemyError as error:
        log.warning("no look at the periodic jobs (%s); it is tried again", type(error).__name__)
        return
    for thread in threads:
        while thread.is_alive() and not told and os.getppid() == parent:
            thread.join(0.1)
    patience = time.monotonic() + SECONDS_TO_END
    for thread in threads:
        thread.join(max(0, patience - time.monotonic()))


def _told(then: Callable[[], None] = lambda: None) -> list[int]:
    """Fills with the signals that tell this process to stop."""
    told: list[int] = []

    def take(number: int, _frame: object) -> None:
        told.append(number)  # an Event could deadlock here
        then()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, take)
    return told
