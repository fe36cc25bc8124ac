"""The web processes of ``lms serve``: Granian's workers as children of our own supervisor.

Granian's main process only starts them and waits, and keeps memory of its own for it (docs/decisions/0012).
"""

from __future__ import annotations

import logging
import resource
import signal
from functools import partial
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from lms.core import memory
from lms.core.supervisor import Child, end_with_parent
from lms.web import overload

MAX_FILES = 65536
FILES_OF_WORK = 1024
"""Open files of a process that are not connections: the database's and bodies being received."""
BACKLOG = 2048
"""Connections that the system keeps until a process accepts them."""


class _WorkerHere(MPServer):
    """Runs its one worker in this process, instead of starting a process for it."""

    def _serve(self, spawn_target: Any, target_loader: Any) -> None:
        self._init_shared_socket()  # type: ignore[no-untyped-call]
        self._spawn_worker(0, spawn_target, target_loader).inner.run()


def web_processes(target: str, host: str, port: int, count: int) -> list[Child]:
    """``count`` processes that answer at one port with ``target`` (``module:name``)."""
    run = partial(_serve, target, host, port)
    return [Child(f"web process {number}", run, is_essential=True) for number in range(1, count + 1)]


def _serve(target: str, host: str, port: int) -> None:
    end_with_parent(signal.SIGKILL)  # one that is still starting would not hear TERM
    memory.give_back_regularly()
    logging.getLogger("_granian").addFilter(_is_news)
    _WorkerHere(
        target,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=1,
        blocking_threads=overload.THREADS,  # those that wait included
        backpressure=_max_connections(),  # idle ones included
        backlog=BACKLOG,
        log_access=False,
        log_level=LogLevels.warning,  # each process would call itself the first when it starts
    ).serve()


def _is_news(record: logging.LogRecord) -> bool:
    """Not that there may be many threads: most of them only wait (``lms.web.overload``)."""
    return "Python threads" not in record.getMessage()


def _max_connections() -> int:
    """For each process, after asking the system for as many open files as it allows."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = MAX_FILES if hard == resource.RLIM_INFINITY else min(hard, MAX_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return max(files - FILES_OF_WORK, files // 2)
