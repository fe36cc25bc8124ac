"""One request of a web process computes at a time.

Python runs one thread at a time, but SQLite's driver lets another one in at each statement. The threads then wait for
each other dozens of times in a request (the convoy effect), and each finds the processor's caches filled by others:
pages took up to 15 % more CPU (docs/decisions/0012). So a request holds this lock while it computes. It protects
nothing: who has held it for long is not waited for, and who waits for something else gives it up meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, local
from time import monotonic

PATIENCE_SECONDS = 0.02
"""Nobody waits longer for one request; most take a sixth of this."""


class _Queue:
    """The threads that take turns with each other, and since when the present one computes."""

    def __init__(self) -> None:
        self.lock, self.since = Lock(), monotonic()


class ComputeLock:
    def __init__(self, patience: float = PATIENCE_SECONDS) -> None:
        self.patience = patience
        self._queue, self._guard, self._of_thread = _Queue(), Lock(), local()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Compute in this block, once those who came before have, or were not waited for any longer."""
        self._acquire()
        try:
            yield
        finally:
            self.give_up()

    @contextmanager
    def released(self) -> Iterator[None]:
        """Let others compute during a wait in this block. Has no effect if this thread does not hold the lock."""
        has_held = self._held_queue is not None
        self.give_up()
        try:
            yield
        finally:
            if has_held:
                self._acquire()

    def give_up(self) -> None:
        """Let others compute, before a wait, and go on beside them. Has no effect if this thread does not hold it."""
        queue, self._of_thread.queue = self._held_queue, None
        if queue is not None:
            queue.lock.release()

    @property
    def _held_queue(self) -> _Queue | None:
        return getattr(self._of_thread, "queue", None)

    def _acquire(self) -> None:
        queue = self._queue
        while not queue.lock.acquire(timeout=self.patience):
            with self._guard:
                if queue is self._queue and monotonic() - queue.since > self.patience:
                    self._queue = _Queue()  # whoever holds the other one's lock goes on, and nobody waits for it
            queue = self._queue
        queue.since, self._of_thread.queue = monotonic(), queue


compute_lock = ComputeLock()
