"""The database of a running server, reached from the tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from conftest import Client
from flask import Flask

from config import Config
from lms.app import create_app
from lms.core.db import db
from lms.courses.queries import contents, item_content


@contextmanager
def reached(server) -> Iterator[Flask]:
    """The server's own database, reached from here."""
    app = create_app(Config.from_env(server.environ))
    app.config["RATELIMIT_ENABLED"] = False
    app.test_client_class = Client
    with app.app_context():
        contents.cache_clear()
        item_content.cache_clear()
        yield app
        db.session.remove()
        db.engine.dispose()
    contents.cache_clear()
    item_content.cache_clear()
