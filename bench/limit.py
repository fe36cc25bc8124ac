"""The limit: what a bare Flask view can do in the same server, on the same database, with the same size of page.

``/compressed/<name>`` and ``/plain/<name>`` read a signed cookie, do two indexed SELECTs by SQLite's driver, answer
a page of the size that they are told, the one compressed as the site does, the other as it is. ``/plain/write`` reads
the cookie and makes one durable insert. No template, no person, no rights, no form: no page can be quicker.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from threading import local
from typing import Any

from flask import Flask, Response, request, session

from lms.web import compression

DATABASE = os.environ["LMS_DATABASE_URL"].removeprefix("sqlite:///")
PAGES = {path.stem: path.read_bytes() for path in Path(os.environ["BENCH_PAGES"]).glob("*.html")}
SIGN_IN = "SELECT person_id, last_seen_at, ended_at FROM sign_in WHERE token_hash = ?"
PERSON = "SELECT id, name, language FROM person WHERE id = ?"
INSERT = "INSERT INTO bench_write (person, words) VALUES (?, ?)"
_of_thread = local()


def connection() -> sqlite3.Connection:
    if not hasattr(_of_thread, "connection"):
        _of_thread.connection = sqlite3.connect(DATABASE, isolation_level=None, timeout=15)
        _of_thread.connection.execute("PRAGMA synchronous=FULL")
    found: sqlite3.Connection = _of_thread.connection
    return found


def read(name: str) -> Any:
    driver = connection()
    [person_id, _seen, _ended] = driver.execute(SIGN_IN, (session["hash"],)).fetchone()
    driver.execute(PERSON, (person_id,)).fetchone()
    return Response(PAGES[name], mimetype="text/html")


def write() -> Any:
    connection().execute(INSERT, (session["hash"], request.form["picked"]))
    return {"saved": True}


def _made(prefix: str) -> Flask:
    made = Flask(f"{__name__}.{prefix}")
    made.config["SECRET_KEY"] = os.environ["LMS_SECRET_KEY"]
    made.add_url_rule(f"/{prefix}/<name>", view_func=read)
    return made


compressed, plain = _made("compressed"), _made("plain")
compression.set_up(compressed)
plain.add_url_rule("/plain/write", view_func=write, methods=["POST"])


def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    chosen = plain if environ["PATH_INFO"].startswith("/plain/") else compressed
    return chosen(environ, start_response)
