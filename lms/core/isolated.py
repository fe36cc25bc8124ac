"""Runs a function in a child process with limits on time and memory.

For libraries that a hostile file can make loop or abort: the site goes on, and
the caller learns what happened.
"""

from __future__ import annotations

import multiprocessing
import resource
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from threading import Lock
from typing import Any, TypeVar

from lms.lib.compute_lock import compute_lock

T = TypeVar("T")

PIECE_SECONDS = 15
"""CPU seconds for one piece of work."""
_preloaded: list[str] = []
_starting = Lock()
"""Held while the main module has no file."""


class TookTooLong(Exception):
    """The process was killed after the time limit."""


class BrokeDown(Exception):
    """The process ended without a result: it ran out of memory or aborted."""


@contextmanager
def time_limit(name: str) -> Iterator[None]:
    """End one piece of the work in a child process that takes too long, so that it can be named.

    Computing time is counted. What hangs in a library's own code is ended by the limit of the whole process.

    :raises TookTooLong: it begins with ``name``.
    """

    def end(_signal: int, _frame: object) -> None:
        raise TookTooLong(f"{name}: more than {PIECE_SECONDS} s")

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, PIECE_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def preload(modules: Iterable[str]) -> None:
    """Import these modules once for all calls of ``run``, instead of in each child. Before the first call."""
    _preloaded[:] = modules


def run(function: Callable[..., T], *args: Any, seconds: float, megabytes: int = 1024) -> T:
    """The result of ``function(*args)``; arguments and result are pickled.

    :raises TookTooLong: it took more than ``seconds``.
    :raises BrokeDown: it needed more than ``megabytes`` of address space, or aborted.
    :raises Exception: whatever ``function`` raised.
    """
    context = multiprocessing.get_context("forkserver")  # has no threads, and imports the module once
    context.set_forkserver_preload([*_preloaded, function.__module__])
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(there, megabytes, function, args), daemon=True)
    with _main_module_without_file():
        process.start()
    there.close()
    try:
        with compute_lock.released():
            has_answer = here.poll(seconds)
        if not has_answer:
            raise TookTooLong
        try:
            is_result, answer = here.recv()
        except EOFError as error:
            raise BrokeDown from error
    finally:
        process.kill()
        process.join()
        here.close()
    if is_result:
        return answer  # type: ignore[no-any-return]
    raise answer


@contextmanager
def _main_module_without_file() -> Iterator[None]:
    """A new process runs the file of the main module, in case the function is defined there. Of ``lms`` this takes half
    a second, as it imports the whole application, and no function is there."""
    main = vars(sys.modules["__main__"])
    with _starting:
        file = main.pop("__file__", None)
        try:
            yield
        finally:
            if file is not None:
                main["__file__"] = file


def _child(answer: Connection, megabytes: int, function: Callable[..., Any], args: tuple[Any, ...]) -> None:
    limit = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    try:
        message = (True, function(*args))
    except MemoryError:
        return
    except Exception as error:
        message = (False, error)
    answer.send(message)
