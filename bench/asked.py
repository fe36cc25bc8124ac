"""The number of database queries of a page, counted in this process."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from bench.servers import Site
from config import Config
from lms import create_app
from lms.core.db import db


@dataclass(frozen=True)
class Look:
    """A response: status, the statements that were executed, and the best of three times in milliseconds."""

    status: int
    statements: int
    milliseconds: float


def looks(site: Site, cookie: str, paths: Mapping[str, str]) -> dict[str, Look]:
    app = create_app(Config.from_env(site.environ))
    client = app.test_client(use_cookies=False)
    found, sent = {}, []

    def note(statement: str) -> None:
        if statement.startswith(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")):
            sent.append(statement)

    def trace(connection: Any, *_rest: object) -> None:
        connection.set_trace_callback(note)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "checkout", trace)
    try:
        for name, path in paths.items():
            times = []
            for _ in range(4):  # the first fills what is kept in memory
                sent.clear()
                before = time.perf_counter()
                answer = client.get(path, headers={"Cookie": cookie, "Accept-Encoding": "br, gzip"})
                times.append(time.perf_counter() - before)
            found[name] = Look(answer.status_code, len(sent), 1000 * min(times[1:]))
    finally:
        event.remove(engine, "checkout", trace)
        engine.dispose()
    return found


def statements(site: Site, cookie: str, paths: Mapping[str, str]) -> dict[str, int]:
    return {name: look.statements for name, look in looks(site, cookie, paths).items()}
