"""A real server (``lms serve``) with the demo people, and a real Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import empty_database
from playwright.sync_api import Browser, Page, sync_playwright
from servers import Server

from lms.demo.cast import PASSWORD

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


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


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    assert CHROMIUM, "The browser tests need Chromium. Install it with: sudo apt-get install chromium libatomic1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET])
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, server: Server):
    """A page in a context of its own: another person, another device."""
    contexts = []

    def open_(username: str | None = None, *, scripts: bool = True, width: int = 360, **values) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 740},
            java_script_enabled=scripts,
            base_url=server.url,
            locale="id-ID",
            **values,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        if username:
            sign_in(page, username)
        return page

    yield open_
    for context in contexts:
        context.close()


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    page.goto("/login")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.click("main form button:not([type=button])")
    page.wait_for_url(lambda url: "/login" not in url)
