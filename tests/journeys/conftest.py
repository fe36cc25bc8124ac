"""A real server (``lms serve``) with the demo people, and a real Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from tempfile import gettempdir

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from lms.demo import PASSWORD

LMS = [sys.executable, "-c", "from lms.cli import main; main()"]
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


class Server:
    """``lms serve`` in a process group of its own, so that it can be killed whole."""

    def __init__(self, folder: Path, database_url: str | None, workers: int = 2) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.workers = workers
        self.log = folder / "server.log"
        self.database_url = database_url or f"sqlite:///{folder / 'instance' / 'lms.sqlite'}"
        self.environ = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            "PYTHONPYCACHEPREFIX": str(Path(gettempdir()) / f"lms-test-bytecode-{os.getuid()}"),  # quick restarts
            "LMS_INSTANCE": str(folder / "instance"),
            "LMS_SECRET_KEY": "a secret for tests, long enough to pass",
            "LMS_BASE_URL": self.url,
            **({"LMS_DATABASE_URL": database_url} if database_url else {}),
        }

    def run(self, *words: str) -> str:
        done = subprocess.run([*LMS, *words], env=self.environ, capture_output=True, text=True)
        assert done.returncode == 0, f"lms {' '.join(words)}:\n{done.stdout}{done.stderr}"
        return done.stdout

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*LMS, "serve", "--port", str(self.port), "--workers", str(self.workers)],
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2):
                    return
            except OSError:
                assert self.process.poll() is None, self.log.read_text()
                time.sleep(0.1)
        raise AssertionError(f"the server did not start:\n{self.log.read_text()}")

    def kill(self) -> None:
        """As a power cut would: no signal that anything could catch."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()


@pytest.fixture(scope="session")
def make_server() -> type[Server]:
    return Server


@pytest.fixture(scope="session")
def fresh_database_url(request: pytest.FixtureRequest) -> str | None:
    """An empty PostgreSQL database where the run asks for one; None: SQLite in the server's own folder."""
    if request.config.getoption("--database") == "sqlite":
        return None
    from conftest import PostgresDatabase
    from postgres import server_url

    return PostgresDatabase(server_url(), "lms_journey").url


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, fresh_database_url: str | None) -> Iterator[Server]:
    """The one that all journeys of a run share."""
    server = Server(tmp_path_factory.mktemp("journey"), fresh_database_url)
    server.run("demo")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    assert CHROMIUM, "The browser tests need Chromium. Install it with: sudo apt-get install chromium"
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
