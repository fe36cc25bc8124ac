"""One application per run; an empty, migrated database per test, on SQLite or (``--database postgresql``) PostgreSQL.

The client commits what the test made and gives each request its own context: a
view that forgets to commit fails, and two people can act in one test.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from databases import PostgresDatabase, SqliteDatabase, server_url
from factories import NOON, make_admin, make_unit
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from pages import check_page
from sqlalchemy import Engine, event

from config import Config
from lms.app import create_app
from lms.auth.queries import new_token, token_hash
from lms.core import clock, ledger_heads, schema
from lms.core.db import db
from lms.courses.queries import contents, item_content
from lms.web.rate_limits import limiter

settings.register_profile("suite", deadline=None, max_examples=50, derandomize=True)  # a busy machine is no fault
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile("suite")

if TYPE_CHECKING:
    from full_world import FullWorld
    from playwright.sync_api import Browser
    from world import World


@event.listens_for(Engine, "connect")
def reverse_unordered_rows(connection: object, _record: object) -> None:
    """Rows of a query without an order come last first on SQLite, as PostgreSQL may return them in any order."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA reverse_unordered_selects=ON")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.addoption("--fuzz", type=int, default=400, help="how many random requests tests/attacks sends")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What never meets a database, or is marked so, is the same on both engines: it runs once.

    A browser on a busy machine may be late. Its test is then run once more, and named in the summary. Browsers come
    first: the longest tests are then over before the end, and most begin in the process that has a server for them.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)
    if config.getoption("--database") == "sqlite":
        return
    left, kept = [], list[pytest.Item]()
    for item in items:
        (left if _is_run_once(item) else kept).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = kept


def _is_run_once(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    if not NEEDS_A_DATABASE & fixtures or item.get_closest_marker("once"):
        return True
    return bool(PAGES & fixtures) and Path(item.path).relative_to(HERE).parts[0] in PAGES_RUN_ONCE


HERE = Path(__file__).parent
PAGES = {"client", "alive", "full_world"}
PAGES_RUN_ONCE = {
    *("assignments", "auth", "authoring", "comments", "courses", "enrolment", "home", "learning", "notices"),
    *("objections", "privacy", "quizzes", "test_security.py", "test_weight.py", "web"),
}
"""Their pages ask nothing that their services do not, which run on both engines as do a visit to every page of the site
(``test_access.py``), random requests to every address (``attacks``), and lists and reports."""
NEEDS_A_DATABASE = {"database", "request"}
"""Fixtures of what meets one: ``site`` asks for the first; tests with servers of their own ask for the second."""


@pytest.fixture(scope="session")
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SqliteDatabase | PostgresDatabase]:
    if request.config.getoption("--database") == "sqlite":
        yield SqliteDatabase(tmp_path_factory.mktemp("database"))
        return
    found = PostgresDatabase(server_url(), "lms_test")
    yield found
    found.drop()


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder shared by all workers of a run."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def site(database: SqliteDatabase | PostgresDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application with its database migrated by the real migrations."""
    config = Config(
        secret_key="a secret for tests, long enough to pass",
        database_url=database.url,
        storage_url="memory:///",
        base_url="http://localhost",
        site_name="Belajar ASN",
        timezone="Asia/Jayapura",
        language="id",
        proxies=0,
        instance=tmp_path_factory.mktemp("instance"),
        testing=True,
    )
    app = create_app(config)
    limiter.enabled = False
    app.test_client_class = Client
    with app.app_context():
        schema.upgrade()
        database.keep_as_empty()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(site: Flask, database: SqliteDatabase | PostgresDatabase) -> Iterator[Flask]:
    with site.app_context():
        database.reset()
        contents.cache_clear()  # a revision never changes, but each test has others
        item_content.cache_clear()
        ledger_heads.anchor_file().unlink(missing_ok=True)  # of another test's ledger
        yield site
        db.session.remove()


@pytest.fixture
def session(app: Flask):
    """The session of an empty, migrated database."""
    return db.session


@pytest.fixture
def world(session) -> World:
    """See ``tests/README.md``."""
    from world import World

    return World()


@pytest.fixture
def full_world(session) -> FullWorld:
    from full_world import make_full_world

    return make_full_world()


@pytest.fixture
def admin(client):
    """An admin, signed in, of a city with one agency."""
    person = make_admin()
    make_unit("Dinas Kesehatan", make_unit("Pemerintah Kota Sorong", kind="instansi"))
    client.sign_in(person)
    return person


BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is the same engine without the window around the pages, which takes a quarter to a third of a journey."""
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One for all tests of a run: Playwright does not start twice in a thread."""
    from playwright.sync_api import sync_playwright

    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert found, "The browser tests need Chromium. Install it with: sudo apt-get install chromium libatomic1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=[*QUIET])
        yield browser
        browser.close()


def _is_readable(response) -> bool:
    return response.mimetype == "text/html" and "Content-Encoding" not in response.headers


class Client(FlaskClient):
    """A request sees what the test has made so far, and shares nothing else with it. Every page is checked."""

    def open(self, *args, **kwargs):
        db.session.commit()
        db.session.expire_all()
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        if _is_readable(response) and response.status_code not in {301, 302, 303, 304, 308}:
            check_page(response.get_data(as_text=True))
        return response

    def sign_in(self, person) -> Client:
        """With the password, and the second factor of those who have one."""
        from lms.auth.models import SignIn

        token = new_token()
        now = clock.now()
        values = {"created_at": now, "last_seen_at": now, "factor_proven_at": now, "device": "Test"}
        db.session.add(SignIn(token_hash=token_hash(token), person=person, **values))
        with self.session_transaction() as cookie:
            cookie.update(_user_id=token, _fresh=True)
        return self

    def text(self, path: str) -> str:
        """The page at ``path``, which must answer 200."""
        response = self.get(path)
        assert response.status_code == 200, f"{path}: {response.status}"
        return response.text

    def post_form(self, path: str, page: str | None = None, **values):
        """Post as a browser does: fetch the page, and send its token along."""
        shown = self.get(page or path)
        from pages import csrf_token

        return self.post(path, data={"csrf_token": csrf_token(shown.get_data(as_text=True)), **values})


@pytest.fixture
def client(app: Flask) -> Client:
    client = app.test_client()
    assert isinstance(client, Client)
    return client


@pytest.fixture
def time(monkeypatch):
    """A clock that the test sets."""

    class Clock:
        now = NOON

        def passes(self, **values):
            self.now += timedelta(**values)

    ours = Clock()
    monkeypatch.setattr(clock, "now", lambda: ours.now)
    return ours
