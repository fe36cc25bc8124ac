"""A real server (``lms serve``) in processes of its own, and other commands beside it."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from tempfile import gettempdir

from sqlalchemy import NullPool, create_engine, text

from lms.core.db import psycopg_url

LMS = [sys.executable, "-c", "from lms.cli import main; main()"]
BYTECODE = Path(gettempdir()) / f"lms-test-bytecode-{os.getuid()}"
"""Compiled once for all starts: a third of the time, also where Python is told to write none beside the source."""

LONGEST_START = 120
"""Seconds, on a busy machine."""


class Server:
    """``lms serve`` in a process group of its own, so that it can be killed whole."""

    process: subprocess.Popen[bytes] | None = None
    """None until it is launched."""

    def __init__(self, folder: Path, database_url: str | None, workers: int = 2, host: str = "127.0.0.1") -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://{host}:{self.port}"
        self.workers = workers
        self.log = folder / "server.log"
        self.database_url = database_url or f"sqlite:///{folder / 'instance' / 'lms.sqlite'}"
        self.environ = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            "PYTHONPYCACHEPREFIX": str(BYTECODE),
            "LMS_INSTANCE": str(folder / "instance"),
            "LMS_SECRET_KEY": "a secret for tests, long enough to pass",
            "LMS_BASE_URL": self.url,
            **({"LMS_DATABASE_URL": database_url} if database_url else {}),
        }

    def run(self, *words: str) -> str:
        done = subprocess.run([*LMS, *words], env=self.environ, capture_output=True, text=True)
        assert done.returncode == 0, f"lms {' '.join(words)}:\n{done.stdout}{done.stderr}"
        return done.stdout

    def make_demo(self, run_folder: Path) -> None:
        """Run ``lms demo``. On SQLite the result is made once per run, in ``run_folder``, and copied."""
        if not self.database_url.startswith("sqlite"):
            self.run("demo")
            return
        made = run_folder / "demo-site"
        with (run_folder / "demo-site.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                half_made = run_folder / "demo-site-half-made"
                Server(half_made, None).run("demo")
                half_made.rename(made)
        shutil.copytree(made / "instance", self.environ["LMS_INSTANCE"])

    def launch(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*LMS, "serve", "--port", str(self.port), "--workers", str(self.workers)],
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start(self) -> None:
        """Launch, and wait until ``/readyz`` answers."""
        self.launch()
        patience = time.monotonic() + LONGEST_START
        while time.monotonic() < patience:
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2):
                    return
            except OSError:
                assert self.process.poll() is None, self.log.read_text()
                time.sleep(0.1)
        raise AssertionError(f"the server did not start:\n{self.log.read_text()}")

    def kill(self) -> None:
        """Kill the whole process group with SIGKILL, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ask(self, query: str) -> list:
        """Run SQL directly on the database and return its rows."""
        engine = create_engine(psycopg_url(self.database_url), poolclass=NullPool)
        with engine.connect() as connection:
            return connection.execute(text(query)).all()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
