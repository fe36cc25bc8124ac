"""Bounds the work of a process, not its connections.

A request is worked on by one of ``WORKING`` threads; others wait in a queue, saved answers and other forms before
pages. Only when too many wait, or one has waited too long, is a request refused: with 503, a page that says so, and a
line in the log. A body is received before that and a file is sent after it, so slow connections hold nobody up.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable
from io import BytesIO
from tempfile import TemporaryFile
from threading import Lock
from typing import IO, Any

from flask import Flask, request
from werkzeug.exceptions import ServiceUnavailable

from lms.web.request_limits import MAX_BODY

log = logging.getLogger(__name__)

WORKING = 16
"""Requests that are worked on at the same time. More of them only take the processor from each other."""
WAITING = 480
"""A process answers about 300 pages a second."""
RECEIVING = 128
"""Requests whose bodies are still on their way."""
THREADS = WORKING + WAITING + RECEIVING + 16
"""The last ones are for refusals."""
QUEUE_TIMEOUT_SECONDS = 15.0
IN_MEMORY = 256 * 1024
"""A larger body is received into a file."""
PIECE = 64 * 1024
SECONDS_BETWEEN_LINES = 10.0
UNBOUNDED = {"/healthz", "/readyz", "/metrics"}
"""What watches the server is answered while it is busy, too."""
REFUSED = "lms.refused"

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Overloaded(ServiceUnavailable):
    """Too much work is waiting."""


class Ticket:
    """A request that waits in the queue."""

    def __init__(self) -> None:
        self.is_refused = False
        self._called = Lock()
        self._called.acquire()

    def call(self) -> None:
        self._called.release()

    def wait(self, seconds: float) -> bool:
        return self._called.acquire(timeout=seconds)


class RequestQueue:
    """Lets ``working`` requests work and ``waiting`` wait. Requests that change something go before those that read."""

    def __init__(self, working: int, waiting: int, timeout: float) -> None:
        self._free, self._waiting, self._timeout = working, waiting, timeout
        self._lock = Lock()
        self._writers: deque[Ticket] = deque()
        self._readers: deque[Ticket] = deque()

    def acquire(self, *, reads: bool) -> bool:
        """Wait until this request may work; False if it is refused."""
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            if len(self._writers) + len(self._readers) >= self._waiting and not self._makes_room(reads):
                return False
            ticket, queue = Ticket(), self._readers if reads else self._writers
            queue.append(ticket)
        if ticket.wait(self._timeout):
            return not ticket.is_refused
        with self._lock:
            if ticket in queue:
                queue.remove(ticket)
                return False
        return not ticket.is_refused  # called in this very moment

    def release(self) -> None:
        with self._lock:
            queue = self._writers or self._readers
            if queue:
                queue.popleft().call()
            else:
                self._free += 1

    def _makes_room(self, reads: bool) -> bool:
        """Refuse the last request that waits to read, in favour of one that saves."""
        if reads or not self._readers:
            return False
        last = self._readers.pop()
        last.is_refused = True
        last.call()
        return True


class BoundedWork:
    """WSGI middleware."""

    def __init__(
        self,
        inner: Wsgi,
        *,
        working: int = WORKING,
        waiting: int = WAITING,
        receiving: int = RECEIVING,
        timeout: float = QUEUE_TIMEOUT_SECONDS,
    ) -> None:
        self._inner = inner
        self._queue = RequestQueue(working, waiting, timeout)
        self._receiving, self._lock = receiving, Lock()
        self._count, self._logged_at = 0, -SECONDS_BETWEEN_LINES

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] in UNBOUNDED:
            return self._inner(environ, start_response)
        if environ["REQUEST_METHOD"] in {"GET", "HEAD"}:
            return self._queued(environ, start_response, reads=True)
        if not self._receive(environ):
            return self._refused(environ, start_response)
        with environ["wsgi.input"]:
            return self._queued(environ, start_response, reads=False)

    def _queued(self, environ: dict[str, Any], start_response: Any, *, reads: bool) -> Iterable[bytes]:
        if not self._queue.acquire(reads=reads):
            return self._refused(environ, start_response)
        try:
            return self._inner(environ, start_response)
        finally:
            self._queue.release()

    def _receive(self, environ: dict[str, Any]) -> bool:
        """Replace the stream of the body by what has been received; False if too many are being received."""
        with self._lock:
            has_room = self._receiving > 0
            self._receiving -= has_room
        if not has_room:
            environ |= {"wsgi.input": BytesIO(), "CONTENT_LENGTH": "0"}
            return False
        try:
            environ["wsgi.input"] = read_body(environ)
        finally:
            with self._lock:
                self._receiving += 1
        return True

    def _refused(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self._log()
        return self._inner(environ | {REFUSED: True}, start_response)

    def _log(self) -> None:
        with self._lock:
            self._count += 1
            if time.monotonic() < self._logged_at + SECONDS_BETWEEN_LINES:
                return
            count, self._count, self._logged_at = self._count, 0, time.monotonic()
        log.warning("overload: too much work is waiting; requests refused since the last such line: %s", count)


def read_body(environ: dict[str, Any]) -> IO[bytes]:
    """The body of a request. One that is longer than any may be is not received: its length alone refuses it."""
    stream: IO[bytes] = environ["wsgi.input"]
    length = _length(environ)
    if length is not None and length > MAX_BODY:
        return BytesIO()
    if length is not None and length <= IN_MEMORY:
        return BytesIO(b"".join(_pieces(stream, length)))
    body: IO[bytes] = TemporaryFile()  # noqa: SIM115  (closed after the request)
    for piece in _pieces(stream, MAX_BODY + 1 if length is None else length):
        body.write(piece)
    body.seek(0)
    return body


def _length(environ: dict[str, Any]) -> int | None:
    """The length of the body; None if only the stream tells where it ends."""
    if environ.get("HTTP_TRANSFER_ENCODING"):
        return None
    given = environ.get("CONTENT_LENGTH") or "0"
    return int(given) if given.isascii() and given.isdecimal() else 0


def _pieces(stream: IO[bytes], length: int) -> Iterable[bytes]:
    while length > 0 and (piece := stream.read(min(length, PIECE))):
        length -= len(piece)
        yield piece


def set_up(app: Flask) -> None:
    """Must be called before anything that asks the database."""
    app.before_request(_refuse)


def _refuse() -> None:
    if REFUSED in request.environ:
        raise Overloaded
