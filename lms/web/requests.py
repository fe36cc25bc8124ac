"""Request numbers and the log.

Each request has a number, which is sent in a response header and shown in every line of the log and on error pages.
A line of the log consists of ``name=value`` pairs: method, endpoint, status, milliseconds and the person's id. It never
contains a query string, a name, a NIP or submitted data; whatever looks like a NIP in a library's message is removed.
"""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, has_request_context, request

from lms.lib.long_numbers import LONG_NUMBER
from lms.web import metrics

log = logging.getLogger("lms.requests")

LETTERS = "ACDEFHJKMNPQRTUVWXY34679"
"""Characters that can be told apart by eye and ear."""
LENGTH = 8
QUIET = {"static", "favicon", "home.healthz", "home.readyz", "ops.metrics"}
"""Endpoints that are requested all the time, so only errors are logged."""
NEEDS_QUOTES = re.compile(r'[\s"=]')


def set_up(app: Flask) -> None:
    """Must be called first, so that requests that are refused early are numbered and logged too."""
    metrics.set_up(app)
    app.before_request(_begin)
    app.after_request(_end)
    app.jinja_env.globals["request_number"] = number


def number() -> str:
    """The number of the current request; empty outside a request."""
    return str(g.get("request_number", "")) if has_request_context() else ""


def _begin() -> None:
    g.request_number = "".join(LETTERS[byte % len(LETTERS)] for byte in secrets.token_bytes(LENGTH))
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = number()
    endpoint = request.endpoint or "-"
    seconds = time.perf_counter() - g.get("began", time.perf_counter())
    metrics.request_metrics().count(endpoint, response.status_code, seconds)
    if endpoint not in QUIET or response.status_code >= 400:
        fields = {
            "method": request.method,
            "endpoint": endpoint,
            "status": response.status_code,
            "ms": round(seconds * 1000, 1),
            "person": _person_id() or "-",
        }
        log.info("request", extra={"fields": fields})
    return response


def _person_id() -> int | None:
    """The id of the person if already loaded. Does not query the database, which may have just failed."""
    return getattr(g.get("_login_user"), "id", None)


class LogFormatter(logging.Formatter):
    """``time=… level=… logger=… request=… message="…"``; the lines of a traceback carry the number too."""

    def format(self, record: logging.LogRecord) -> str:
        pairs: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request": number() or "-",
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        lines = [" ".join(f"{name}={_quoted(str(value))}" for name, value in pairs.items())]
        if record.exc_info:
            lines += [f"request={number() or '-'} | {line}" for line in self._trace(record)]
        return LONG_NUMBER.sub("…", "\n".join(lines))

    def _trace(self, record: logging.LogRecord) -> list[str]:
        """The traceback without PostgreSQL's DETAIL lines, which contain the refused values."""
        assert record.exc_info
        return [line for line in self.formatException(record.exc_info).splitlines() if not line.startswith("DETAIL")]


def _quoted(text: str) -> str:
    if text.isalnum() or (text and not NEEDS_QUOTES.search(text)):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', "'").replace("\n", "\\n") + '"'


def configure_logging() -> None:
    """Log everything to standard error in one format."""
    logging._srcfile = None  # documented: no line names a file, thread or process, so none is looked up
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LogFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)
