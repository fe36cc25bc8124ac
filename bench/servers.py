"""The servers that are measured, the site and the limit, with the CPU time and memory of their processes."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SECRET = "a secret for measuring, long enough to pass"  # noqa: S105
TICKS = os.sysconf("SC_CLK_TCK")
LMS = [str(Path(sys.executable).with_name("lms"))]
"""The command as it is installed: ``python -c`` would hide what it costs child processes (docs/decisions/0026)."""
LIMIT = "from lms.cli import serve_wsgi; serve_wsgi('bench.limit:app', '127.0.0.1', {port}, {workers})"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Site:
    """A folder with a database, and the environment variables for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.database = folder / "instance" / "lms.sqlite"
        self.environ = os.environ | {
            "LMS_INSTANCE": str(folder / "instance"),
            "LMS_DATABASE_URL": f"sqlite:///{self.database}",
            "LMS_STORAGE_URL": (folder / "instance" / "files").as_uri(),
            "LMS_SECRET_KEY": SECRET,
            "LMS_BASE_URL": f"http://127.0.0.1:{self.port}",
            "PYTHONPATH": str(ROOT),
        }

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [*LMS, *words]
        return subprocess.run(command, env=self.environ, capture_output=True, text=True, check=False)  # noqa: S603

    def serve(self, workers: int) -> Server:
        words = ["serve", "--port", str(self.port), "--workers", str(workers)]
        return Server([*LMS, *words], self.port, self.environ, self.folder / "server.log")

    def serve_limit(self, workers: int, pages: Mapping[str, bytes]) -> Server:
        """The bare view, which answers these pages by their names and writes into a table of its own."""
        port, samples = free_port(), Path(tempfile.mkdtemp(dir=self.folder))
        for name, page in pages.items():
            (samples / f"{name}.html").write_bytes(page)
        with closing(sqlite3.connect(self.database)) as database, database:
            database.execute("CREATE TABLE IF NOT EXISTS bench_write (id INTEGER PRIMARY KEY, person TEXT, words TEXT)")
        environ = self.environ | {"BENCH_PAGES": str(samples)}
        words = [sys.executable, "-c", LIMIT.format(port=port, workers=workers)]
        return Server(words, port, environ, self.folder / "limit.log")


class Server:
    """A server in a process group of its own."""

    def __init__(self, words: list[str], port: int, environ: dict[str, str], log: Path) -> None:
        self.port, self.log = port, log
        with log.open("ab") as out:
            self.process = subprocess.Popen(  # noqa: S603
                words, env=environ, stdout=out, stderr=out, start_new_session=True, cwd=ROOT
            )
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        else:
            raise RuntimeError(f"the server did not start:\n{log.read_text()}")
        if self.process.poll() is not None:
            raise RuntimeError(f"the server ended:\n{log.read_text()}")

    def pids(self) -> list[int]:
        """The process and its descendants."""
        parents = {}
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
        found = [self.process.pid]
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found

    def cpu_seconds(self) -> float:
        """CPU time of all processes so far."""
        return sum(self._ticks(pid) for pid in self.pids()) / TICKS

    def _ticks(self, pid: int) -> int:
        """CPU time of a process and of its children that have ended, such as workers for periodic jobs."""
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended and now counts in its parent's time
            return 0
        return sum(map(int, fields[11:15]))

    def memory(self) -> dict[int, tuple[str, float]]:
        """By process id, the command and the proportional set size (PSS) in MiB."""
        found = {}
        for pid in self.pids():
            try:
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
                name = Path(f"/proc/{pid}/comm").read_text().strip()
            except OSError:  # it has ended
                continue
            pss = next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
            found[pid] = name, pss / 1024
        return found

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
