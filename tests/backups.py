"""``lms`` commands on a site, another server to restore to, and all that a site holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner, Result
from databases import PostgresDatabase, server_url
from flask import Flask
from flask.cli import ScriptInfo

from config import Config
from lms.app import create_app
from lms.cli import main
from lms.core import storage
from lms.core.db import db
from lms.ops import queries, values


def run(app: Flask, *words: object, said: str = "") -> Result:
    """A command of ``lms`` on the site ``app``."""
    with app.app_context():
        return CliRunner().invoke(main, [*map(str, words)], obj=ScriptInfo(create_app=lambda: app), input=said)


@contextmanager
def another_site(app: Flask, folder: Path, engine: str) -> Iterator[Flask]:
    """Another server with the same settings, and with nothing yet."""
    database = PostgresDatabase(server_url(), "lms_restored") if engine == "postgresql" else None
    url = database.url if database else f"sqlite:///{folder / 'lms.sqlite'}"
    config: Config = app.config["LMS"]
    other = create_app(replace(config, database_url=url, storage_url=(folder / "files").as_uri(), instance=folder))
    yield other
    with other.app_context():
        db.session.remove()
        db.engine.dispose()
    if database:
        database.drop()


def everything(site: Flask) -> tuple[dict[str, list], set[str]]:
    """All rows of all tables as a backup tells them, and the keys of all files; without the traces of a restore."""
    with site.app_context(), queries.snapshot() as connection:
        rows = {
            table.name: list(values.lines(queries.shape(table), queries.rows(connection, table)))
            for table in queries.tables()
        }
        keys = set(storage.all_keys())
    rows["ledger_entry"] = [line for line in rows["ledger_entry"] if b'"restore backup"' not in line]
    sequences = [json.loads(line)[:2] for line in rows["number_sequence"]]
    rows["number_sequence"] = [(year, last) for year, last in sequences if last]
    return rows, keys
