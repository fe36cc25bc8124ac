"""No process of a server goes on answering once the one that started it is killed."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from databases import empty_database
from servers import Server

pytestmark = pytest.mark.slow

PATIENCE = 30


def children(pid: int) -> list[int]:
    found = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(child) for text in found for child in text.split()]


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_web_processes_and_the_worker_end_with_the_process_that_started_them(request, tmp_path):
    with empty_database(request, "lms_killed") as url:
        (tmp_path / "site").mkdir()
        server = Server(tmp_path / "site", url)
        request.addfinalizer(server.stop)
        server.run("init")
        server.start()
        main = server.process.pid
        everyone = [main, *children(main)]
        assert len(everyone) > server.workers
        os.kill(main, signal.SIGKILL)
        patience = time.monotonic() + PATIENCE
        server.process.wait(PATIENCE)
        while any(map(is_running, everyone)):
            assert time.monotonic() < patience, server.log.read_text()
            time.sleep(0.1)
