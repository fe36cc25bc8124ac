"""Starts child processes, restarts those that end, and stops all of them together.

The supervising process has one thread and runs none of the site's code, so that it may fork at any time; forking a
process with threads is deprecated from Python 3.12. Its children share the memory of what it has loaded: a job worker
takes about 20 MiB of its own this way, where a spawned interpreter that imports everything again takes 80. It also
waits for the calls for which a child is started.
"""

from __future__ import annotations

import ctypes
import fcntl
import logging
import multiprocessing
import os
import select
import signal
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from typing import NamedTuple

log = logging.getLogger(__name__)

STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
SIGNALS = STOP_SIGNALS | {signal.SIGCHLD, signal.SIGIO}
SECONDS_TO_STOP = 10
"""Children that have not ended by then are killed."""
RESTART_AFTER_SECONDS = 1
AT_ONCE_SECONDS = 5
"""An essential child that fails within them could not start."""
HOUR = 3600
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Calls:
    """A call is what somebody writes into ``pipe``; without one, ``seconds`` count as a call."""

    pipe: int
    seconds: float

    def tell_by_signal(self) -> None:
        """Let this process get SIGIO with each call, so that it waits for calls and children at once."""
        signal.signal(signal.SIGIO, lambda *_values: None)  # one that comes after the end would kill
        fcntl.fcntl(self.pipe, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(self.pipe, fcntl.F_SETFL, fcntl.fcntl(self.pipe, fcntl.F_GETFL) | os.O_ASYNC)

    def has_come(self) -> bool:
        return bool(select.select([self.pipe], [], [], 0)[0])


@dataclass(frozen=True)
class Child:
    """A process that calls ``run`` and is started again when it ends; with ``calls``, when the next one comes.

    If ``is_essential`` and it fails as soon as it is started, all others are stopped: the next one would fail as well.
    """

    name: str
    run: Callable[[], object]
    is_essential: bool = False
    calls: Calls | None = None


class Running(NamedTuple):
    child: Child
    since: float


class StopRequested(Exception):
    """This process got a stop signal."""


def supervise(children: Sequence[Child]) -> int:
    """Run ``children`` until this process gets a stop signal or an essential child fails; returns the exit code."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    running: dict[BaseProcess, Running] = {}
    waiting: dict[Child, float] = {}
    try:
        for child in children:
            if child.calls is not None:
                child.calls.tell_by_signal()
            _start_when_called(child, running, waiting)
        return _watch(running, waiting)
    except StopRequested:
        return 0
    finally:
        _stop(running)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _watch(running: dict[BaseProcess, Running], waiting: dict[Child, float]) -> int:
    while True:
        wait = min(waiting.values(), default=time.monotonic() + HOUR) - time.monotonic()
        caught = signal.sigtimedwait(SIGNALS, max(0, wait))
        if caught is not None and caught.si_signo in STOP_SIGNALS:
            return 0
        for child in [one for one, until in waiting.items() if _is_called(one, until)]:
            del waiting[child]
            _start(child, running)
        for process in [one for one in running if one.exitcode is not None]:
            child, since = running.pop(process)
            if process.exitcode and child.is_essential and time.monotonic() < since + AT_ONCE_SECONDS:
                return process.exitcode
            if process.exitcode:
                log.warning("%s ended with code %s; it is started again", child.name, process.exitcode)
                _pause()
            _start_when_called(child, running, waiting)


def _start_when_called(child: Child, running: dict[BaseProcess, Running], waiting: dict[Child, float]) -> None:
    """Now, or when the next call comes."""
    if child.calls is None or child.calls.has_come():
        _start(child, running)
    else:
        waiting[child] = time.monotonic() + child.calls.seconds


def _is_called(child: Child, until: float) -> bool:
    return time.monotonic() >= until or (child.calls is not None and child.calls.has_come())


def _start(child: Child, running: dict[BaseProcess, Running]) -> None:
    while True:
        process = multiprocessing.get_context("fork").Process(target=_run, args=(child, os.getpid()), name=child.name)
        try:
            process.start()
        except OSError:
            log.exception("no process could be started for %s; it is tried again", child.name)
            _pause()
        else:
            running[process] = Running(child, time.monotonic())
            return


def _pause() -> None:
    if signal.sigtimedwait(STOP_SIGNALS, RESTART_AFTER_SECONDS):
        raise StopRequested


def _run(child: Child, parent: int) -> None:
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    end_with_parent(signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    if os.getppid() == parent:
        child.run()


def end_with_parent(by: signal.Signals) -> None:
    """Get this signal when the parent is killed. Linux only; elsewhere the children would go on."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_PDEATHSIG, by)


def _stop(running: Iterable[BaseProcess]) -> None:
    for process in running:
        process.terminate()
    end = time.monotonic() + SECONDS_TO_STOP
    for process in running:
        process.join(max(0, end - time.monotonic()))
        process.kill()
        process.join()
