"""The number of database queries of a page, counted in this process."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import event

from bench.servers import Site
from config import Config
from lms.app import create_app
from lms.core import memory
from lms.core.db import db


@dataclass(frozen=True)
class Look:
    """A response: status, the statements that were executed, and the best of three times and CPU times."""

    status: int
    statements: int
    milliseconds: float
    cpu_milliseconds: float


def looks(site: Site, cookie: str, paths: Mapping[str, str]) -> dict[str, Look]:
    app = create_app(Config.from_env(site.environ))
    client = app.test_client(use_cookies=False)
    found = {}
    memory.freeze()  # as the server does before its processes start
    with counted(app) as sent:
        for name, path in paths.items():
            times, cpu_times = [], []
            for _ in range(4):  # the first fills what is kept in memory
                sent.clear()
                before, cpu_before = time.perf_counter(), time.process_time()
                answer = client.get(path, headers={"Cookie": cookie, "Accept-Encoding": "br, gzip"})
                times.append(time.perf_counter() - before)
                cpu_times.append(time.process_time() - cpu_before)
            best, best_cpu = 1000 * min(times[1:]), 1000 * min(cpu_times[1:])
            found[name] = Look(answer.status_code, len(sent), best, best_cpu)
    return found


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements that the application executes in this block."""
    sent: list[str] = []

    def note(statement: str) -> None:
        if statement.startswith(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")):
            sent.append(statement)

    def trace(connection: Any, *_rest: object) -> None:
        connection.set_trace_callback(note)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "checkout", trace)
    try:
        yield sent
    finally:
        event.remove(engine, "checkout", trace)
        engine.dispose()


def statements(site: Site, cookie: str, paths: Mapping[str, str]) -> dict[str, int]:
    return {name: look.statements for name, look in looks(site, cookie, paths).items()}
