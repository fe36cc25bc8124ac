"""Load clients in separate processes over keep-alive connections, cheap enough to leave the machine to the server.

Requests are prepared bytes and responses are read by their length: Python's own HTTP client needs more time to parse
headers than the server to make some pages. The CPU time of the clients is measured and reported.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass

Requests = Sequence[bytes]


@dataclass(frozen=True)
class Run:
    """The result of some seconds of load. ``client_cpu`` is the CPU time of all clients in seconds."""

    seconds: float
    latencies: list[float]
    bad: int
    client_cpu: float

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def quantile(self, share: float) -> float:
        """Milliseconds within which ``share`` of the requests were answered."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def merge_runs(runs: Sequence[Run]) -> Run:
    return Run(
        sum(run.seconds for run in runs),
        [one for run in runs for one in run.latencies],
        sum(run.bad for run in runs),
        sum(run.client_cpu for run in runs),
    )


def get(host: str, path: str, cookie: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: br, gzip\r\nCookie: {cookie}\r\n\r\n".encode()


def post(host: str, path: str, cookie: str, body: str, *more: str) -> bytes:
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {host}",
        f"Cookie: {cookie}",
        "Sec-Fetch-Site: same-origin",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body.encode())}",
        *more,
    ]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


class Connection:
    """A keep-alive connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> tuple[int, bytes, bytes]:
        """Status, head and body of the response."""
        self.socket.sendall(request)
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        size = int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        while len(body) < size:
            body += self._more()
        return int(head[9:12]), head, body

    def _more(self) -> bytes:
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data


COUNTER = b"#" * 16
"""Stands in a request for a number that is higher each time the request is sent."""


def load(port: int, lists: Sequence[Requests], seconds: float, expected: int = 200) -> Run:
    """One client per list, which it sends again and again. Responses with another status than ``expected`` are bad."""
    context = multiprocessing.get_context("fork")
    pipes, begin = [], context.Barrier(len(lists) + 1)
    for requests in lists:
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=_client, args=(port, requests, seconds, expected, begin, there), daemon=True)
        process.start()
        there.close()
        pipes.append((process, here))
    begin.wait()
    found = [(here.recv(), process.join()) for process, here in pipes]
    latencies = [latency for (part, _bad, _cpu), _ in found for latency in part]
    return Run(seconds, latencies, sum(bad for (_, bad, _), _ in found), sum(cpu for (_, _, cpu), _ in found))


def _client(port: int, requests: Requests, seconds: float, expected: int, begin: object, answer: object) -> None:
    connection, latencies, bad, number = Connection(port), [], 0, 0
    begin.wait()  # type: ignore[attr-defined]
    cpu, end = time.process_time(), time.perf_counter() + seconds
    while (before := time.perf_counter()) < end:
        request = requests[number % len(requests)].replace(COUNTER, b"%016d" % (time.monotonic_ns() // 1000))
        status, _head, _body = connection.ask(request)
        latencies.append(time.perf_counter() - before)
        bad += status != expected
        number += 1
    answer.send((latencies, bad, time.process_time() - cpu))  # type: ignore[attr-defined]
    os._exit(0)
