"""A real server (``lms serve``) with the demo people, and a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from browsers.older import make_older
from databases import empty_database
from pages import csrf_token
from playwright.sync_api import Browser, Page, expect
from servers import Server
from sqlalchemy import create_engine, text

from lms.core.db import psycopg_url
from lms.demo.cast import LEARNERS, PASSWORD
from lms.people.models import Person

NUMBERS = count(100)
LONGEST_WAIT = 20_000
"""Milliseconds, on a busy machine. How long pages take is measured by ``make bench``."""
expect.set_options(timeout=LONGEST_WAIT / 2)


@pytest.fixture(scope="session")
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, run_folder: Path
) -> Iterator[Server]:
    """The one that all journeys of a run share."""
    with empty_database(request, "lms_journey") as url:
        server = Server(tmp_path_factory.mktemp("journey"), url)
        server.make_demo(run_folder)
        server.start()
        yield server
        server.stop()


@pytest.fixture
def open_page(chromium: Browser, server: Server):
    """A page in a context of its own: another person, another device."""
    contexts = []

    def open_(
        username: str | None = None, *, scripts: bool = True, width: int = 360, is_older: bool = False, **values
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 740},
            java_script_enabled=scripts,
            base_url=server.url,
            locale="id-ID",
            **values,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(LONGEST_WAIT)
        if is_older:
            make_older(page)
        if username:
            sign_in(page, username)
        return page

    yield open_
    for context in contexts:
        context.close()


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    """Send the form without drawing it, and open the page that it leads to. ``fill_sign_in`` is for what people see."""
    form = {"csrf_token": csrf_token(page.request.get("/login").text()), "username": username, "password": password}
    answer = page.request.post("/login", form=form, max_redirects=0)
    assert answer.status == 302, f"{username}: {answer.status}"
    page.goto(answer.headers["location"])


@pytest.fixture
def ask_database(server):
    """Read or change rows by SQL, past all code of the site."""
    engine = create_engine(psycopg_url(server.database_url))

    def ask(statement: str, **values) -> list:
        with engine.begin() as connection:
            found = connection.execute(text(statement), values)
            return found.all() if found.returns_rows else []

    yield ask
    engine.dispose()


@pytest.fixture
def make_learner(ask_database):
    """Somebody new, with the rank, unit and password of a demo learner."""

    def make() -> str:
        number = next(NUMBERS)
        same = ", ".join(column.name for column in Person.__table__.columns if column.name not in {"id", "nip", "name"})
        ask_database(
            f"INSERT INTO person (nip, name, {same}) SELECT :nip, :name, {same} FROM person WHERE nip = :model",
            nip=nip(number),
            name=f"Peserta Uji {number}",
            model=LEARNERS[9],
        )
        return nip(number)

    return make


@pytest.fixture
def learner(make_learner) -> str:
    return make_learner()


def nip(number: int) -> str:
    return f"199001012015031{number:03}"
