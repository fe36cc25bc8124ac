"""The limit: what a bare Flask view can do in the same server, on the same database, with the same size of page.

``/read`` reads a signed cookie, does two indexed SELECTs through the site's own engine and answers a page of the size
that it is told, compressed as the site does. ``/write`` reads the cookie and makes one durable insert. No template,
no person, no rights, no form: no page that does something can be quicker.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, session
from sqlalchemy import create_engine, text

import lms.core.db  # noqa: F401  (its listeners prepare and begin SQLite's connections)
from lms.core.db import engine_options, psycopg_url, reading
from lms.web import compression

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ["LMS_SECRET_KEY"]
compression.set_up(app)
URL = os.environ["LMS_DATABASE_URL"]
engine = create_engine(psycopg_url(URL), **engine_options(URL))
PAGES = {path.stem: path.read_bytes() for path in Path(os.environ["BENCH_PAGES"]).glob("*.html")}
SIGN_IN = text("SELECT person_id, last_seen_at, ended_at FROM sign_in WHERE token_hash = :token")
PERSON = text("SELECT id, name, language FROM person WHERE id = :id")
INSERT = text("INSERT INTO bench_write (person, words) VALUES (:person, :words)")


@app.get("/read/<name>")
def read(name: str) -> Any:
    with reading(), engine.connect() as connection:
        row = connection.execute(SIGN_IN, {"token": session["hash"]}).one()
        connection.execute(PERSON, {"id": row.person_id}).one()
    return Response(PAGES[name], mimetype="text/html")


@app.post("/write")
def write() -> Any:
    with engine.begin() as connection:
        connection.execute(INSERT, {"person": session["hash"], "words": request.form["picked"]})
    return {"saved": True}
