"""Starts child processes, restarts those that end, and stops all of them together.

The supervising process has one thread and runs none of the site's code, so that it may fork at any time; forking a
process with threads is deprecated from Python 3.12. Its children share the memory of what it has loaded: a job worker
takes about 20 MiB of its own this way, where a spawned interpreter that imports everything again takes 80.
"""

from __future__ import annotations

import ctypes
import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess

log = logging.getLogger(__name__)

STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
SIGNALS = STOP_SIGNALS | {signal.SIGCHLD}
SECONDS_TO_STOP = 15
"""Children that have not ended by then are killed."""
RESTART_AFTER_SECONDS = 1
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Child:
    """A process that calls ``run``. If ``is_essential``, all others are stopped when it ends, else it is restarted."""

    name: str
    run: Callable[[], object]
    is_essential: bool = False


class StopRequested(Exception):
    """This process got a stop signal."""


def supervise(children: Sequence[Child]) -> int:
    """Run ``children`` until this process gets a stop signal or an essential child ends; returns the exit code."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    running: dict[BaseProcess, Child] = {}
    try:
        for child in children:
            _start(child, running)
        return _watch(running)
    except StopRequested:
        return 0
    finally:
        _stop(running)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _watch(running: dict[BaseProcess, Child]) -> int:
    while signal.sigwait(SIGNALS) not in STOP_SIGNALS:
        for process in [one for one in running if one.exitcode is not None]:
            child = running.pop(process)
            if child.is_essential:
                return process.exitcode or 0
            if process.exitcode:
                log.warning("%s ended with code %s; it is started again", child.name, process.exitcode)
                _pause()
            _start(child, running)
    return 0


def _start(child: Child, running: dict[BaseProcess, Child]) -> None:
    while True:
        process = multiprocessing.get_context("fork").Process(target=_run, args=(child, os.getpid()), name=child.name)
        try:
            process.start()
        except OSError:
            log.exception("no process could be started for %s; it is tried again", child.name)
            _pause()
        else:
            running[process] = child
            return


def _pause() -> None:
    if signal.sigtimedwait(STOP_SIGNALS, RESTART_AFTER_SECONDS):
        raise StopRequested


def _run(child: Child, parent: int) -> None:
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    _end_with_parent(signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    if os.getppid() == parent:
        child.run()


def _end_with_parent(by: signal.Signals) -> None:
    """Get this signal when the parent is killed. Linux only; elsewhere the children would go on."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_PDEATHSIG, by)


def kill_children_with_this_process() -> None:
    """Processes that this one forks from now on are killed when it is killed; those that they fork are their matter.

    For a library that forks its workers: they would answer for ever, and hold the port. Killed, since one that is
    still starting would not hear TERM.
    """
    parent, is_child = os.getpid(), False

    def begin() -> None:
        nonlocal is_child
        if is_child:
            return
        is_child = True
        _end_with_parent(signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    os.register_at_fork(after_in_child=begin)


def _stop(running: dict[BaseProcess, Child]) -> None:
    for process in running:
        process.terminate()
    end = time.monotonic() + SECONDS_TO_STOP
    for process in running:
        process.join(max(0, end - time.monotonic()))
        process.kill()
        process.join()
