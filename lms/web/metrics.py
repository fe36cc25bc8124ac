"""Request counters in Prometheus' text format, for all web processes together.

If ``PROMETHEUS_MULTIPROC_DIR`` is set, as by ``lms serve``, each process counts in a file of its own in that folder and
whichever process is asked adds them up. Without it a process counts for itself.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, current_app

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Upper bounds of the histogram's buckets in seconds."""
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_EXTENSION = "lms.request_metrics"

Sample = tuple[dict[str, str], float]
Gauge = tuple[str, str, list[Sample]]
"""Name, help, samples."""


@contextmanager
def shared_between_processes() -> Iterator[None]:
    """Must enclose ``create_app``: prometheus_client chooses how to count when it is imported."""
    with tempfile.TemporaryDirectory(prefix="lms-metrics-") as folder:
        os.environ[FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[FOLDER]


class RequestMetrics:
    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics

        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "lms_requests_total", "Requests answered.", ("endpoint", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "lms_request_seconds", "How long requests took.", buckets=BOUNDS, registry=self._registry
        )

    def count(self, endpoint: str, status: int, seconds: float) -> None:
        self._requests.labels(endpoint, str(status)).inc()
        self._seconds.observe(seconds)

    def page(self, gauges: Iterable[Gauge]) -> bytes:
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        registry = self._registry
        if FOLDER in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        now = CollectorRegistry()
        now.register(_Gauges(gauges))
        return generate_latest(registry) + generate_latest(now)


class _Gauges:
    """Values read for this response, as a collector for a registry."""

    def __init__(self, gauges: Iterable[Gauge]) -> None:
        self._gauges = gauges

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import GaugeMetricFamily

        for name, meaning, samples in self._gauges:
            family = GaugeMetricFamily(name, meaning)
            for labels, value in samples:
                family.add_sample(name, labels, value)
            yield family


def set_up(app: Flask) -> None:
    app.extensions[_EXTENSION] = RequestMetrics()


def request_metrics() -> RequestMetrics:
    found: RequestMetrics = current_app.extensions[_EXTENSION]
    return found
