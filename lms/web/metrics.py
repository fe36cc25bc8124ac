"""Counters of this process, for a monitor.

Each web process counts for itself, and its series carry its number as
``worker``: what adds them up is the monitor (``sum without (worker)``), so that
no request ever waits for another process.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from threading import Lock

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Seconds; the last bucket takes what is slower."""

_lock = Lock()
_requests: Counter[tuple[str, int]] = Counter()
_buckets = [0] * (len(BOUNDS) + 1)
_seconds = 0.0

Sample = tuple[dict[str, str], float]


def note(endpoint: str, status: int, seconds: float) -> None:
    """One request is answered."""
    global _seconds
    with _lock:
        _requests[endpoint, status] += 1
        _buckets[bisect_left(BOUNDS, seconds)] += 1
        _seconds += seconds


def page(gauges: Iterable[tuple[str, str, list[Sample]]]) -> str:
    """What was counted, then ``gauges`` (name, help, samples), in Prometheus' text format."""
    return "\n".join([*_counted(), *_told(gauges)]) + "\n"


def _counted() -> Iterator[str]:
    with _lock:
        requests, buckets, seconds = dict(_requests), list(_buckets), _seconds
    worker = str(os.getpid())
    yield from _head("lms_requests_total", "counter", "Requests answered by this process.")
    for (endpoint, status), count in sorted(requests.items()):
        labels = {"endpoint": endpoint, "status": str(status), "worker": worker}
        yield _line("lms_requests_total", labels, count)
    yield from _head("lms_request_seconds", "histogram", "How long requests took in this process.")
    total = 0
    for bound, count in zip((*map(str, BOUNDS), "+Inf"), buckets, strict=True):
        total += count
        yield _line("lms_request_seconds_bucket", {"le": bound, "worker": worker}, total)
    yield _line("lms_request_seconds_sum", {"worker": worker}, round(seconds, 6))
    yield _line("lms_request_seconds_count", {"worker": worker}, total)


def _told(gauges: Iterable[tuple[str, str, list[Sample]]]) -> Iterator[str]:
    for name, meaning, samples in gauges:
        yield from _head(name, "gauge", meaning)
        for labels, value in samples:
            yield _line(name, labels, value)


def _head(name: str, kind: str, meaning: str) -> list[str]:
    return [f"# HELP {name} {meaning}", f"# TYPE {name} {kind}"]


def _line(name: str, labels: dict[str, str], value: float) -> str:
    told = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
    return f"{name}{{{told}}} {value:.15g}" if told else f"{name} {value:.15g}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
