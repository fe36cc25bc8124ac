"""``lms serve`` and its neighbours, as an operator meets them: refusals in a line, two at once, a clean end."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest
from databases import empty_database
from http_learner import Learner, events_by_turn
from servers import LMS, Server
from sqlalchemy import create_engine, text

from config import DEFAULT_SECRET
from lms.core import supervisor
from lms.core.db import psycopg_url
from lms.demo.cast import LEARNERS

pytestmark = pytest.mark.slow

A_MOMENT = 12
"""Seconds within which everything must have ended: those that ``lms serve`` grants, and some for a busy machine."""


def lms(folder: Path, *words: str, **settings: str | None) -> subprocess.CompletedProcess[str]:
    """A command with the settings of a server that could serve, but for those given (None: not set)."""
    environ = Server(folder, None).environ | settings
    given = {name: value for name, value in environ.items() if value is not None}
    return subprocess.run([*LMS, *words], env=given, capture_output=True, text=True, timeout=300)


def complaint(done: subprocess.CompletedProcess[str]) -> list[str]:
    """The lines with which a command has refused."""
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert "Traceback" not in said
    return said.strip().splitlines()


@pytest.fixture(scope="module")
def empty_site(tmp_path_factory) -> Path:
    """A folder in which only ``lms init`` has run."""
    folder = tmp_path_factory.mktemp("empty-site")
    Server(folder, None).run("init")
    return folder


@pytest.mark.once
@pytest.mark.parametrize("secret", [None, "", "pendek", DEFAULT_SECRET], ids=["none", "empty", "short", "the default"])
def test_it_does_not_serve_without_a_secret_of_its_own(empty_site, secret):
    [line] = complaint(lms(empty_site, "serve", LMS_SECRET_KEY=secret))
    assert line.startswith("LMS_SECRET_KEY")
    assert "token_urlsafe" in line


def test_it_does_not_serve_without_tables_and_tells_how_to_make_them(tmp_path):
    [line] = complaint(lms(tmp_path, "serve"))
    assert line.endswith("lms init")


@pytest.mark.once
@pytest.mark.parametrize(("language", "told"), [("id", "tidak dapat dibuka"), ("en", "cannot be opened")])
def test_a_command_complains_in_the_sites_language(tmp_path, language, told):
    where = {"LMS_DATABASE_URL": "sqlite:////dev/null/lms.sqlite", "LMS_LANGUAGE": language}
    [line] = complaint(lms(tmp_path, "init", **where))
    assert told in line


@pytest.mark.once
@pytest.mark.parametrize(
    ("language", "told"),
    [("id", "LMS_TIMEZONE harus nama"), ("", "LMS_TIMEZONE harus nama"), ("en", "LMS_TIMEZONE must be")],
)
def test_wrong_settings_are_told_in_the_sites_language(tmp_path, language, told):
    for command in ("serve", "init"):
        [line] = complaint(lms(tmp_path, command, LMS_TIMEZONE="Mars", LMS_LANGUAGE=language))
        assert told in line


@pytest.mark.once
def test_a_language_that_the_site_does_not_speak_is_refused_in_indonesian(tmp_path):
    [line] = complaint(lms(tmp_path, "serve", LMS_LANGUAGE="fr"))
    assert "LMS_LANGUAGE harus salah satu dari: id, en" in line


def test_wrong_settings_are_all_told_at_once(tmp_path):
    wrong = {"LMS_DATABASE_URL": "mysql://lms@localhost/lms", "LMS_PROXIES": "x", "LMS_TIMEZONE": "Mars"}
    for command in ("serve", "init"):
        said = "\n".join(complaint(lms(tmp_path, command, **wrong)))
        assert all(name in said for name in wrong)


@pytest.mark.once
@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("LMS_INSTANCE", "/dev/null/lms", "LMS_INSTANCE"),
        ("LMS_STORAGE_URL", "file:///dev/null/lms", "LMS_STORAGE_URL"),
        ("LMS_DATABASE_URL", "sqlite:////dev/null/lms.sqlite", "/dev/null/lms.sqlite tidak dapat dibuka"),
        ("LMS_DATABASE_URL", "postgresql://lms@127.0.0.1:1/lms", "tidak menjawab"),
    ],
)
def test_a_place_that_cannot_be_used_is_told_in_a_line(tmp_path, setting, value, told):
    [line] = complaint(lms(tmp_path, "serve", **{setting: value}))
    assert told in line


@pytest.mark.once
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a folder away")
def test_root_makes_no_files_that_the_server_could_not_open(tmp_path):
    instance = Path(Server(tmp_path, None).environ["LMS_INSTANCE"])
    instance.mkdir()
    os.chown(instance, 12345, -1)
    for command in ("init", "serve"):
        [line] = complaint(lms(tmp_path, command))
        assert "sudo -u '#12345'" in line
    assert list(instance.iterdir()) == []


def test_a_port_that_is_taken_is_told_in_a_line(empty_site):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        [line] = complaint(lms(empty_site, "serve", "--port", str(port)))
    assert str(port) in line


def test_init_makes_no_person_and_may_run_again(empty_site):
    assert "person create --admin" in Server(empty_site, None).run("init")
    engine = create_engine(Server(empty_site, None).database_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM person")).scalar_one() == 0
        assert connection.execute(text("SELECT count(*) FROM sign_in")).scalar_one() == 0
    engine.dispose()


def test_init_asks_for_an_admin_only_while_there_is_none(tmp_path):
    server = Server(tmp_path, None)
    server.run("init")
    server.run("person", "create", "--admin", "--nip", "197503122000031001", "--name", "Admin")
    assert "person create" not in server.run("init")


def is_gone(server: Server) -> bool:
    """Whether no process of the server's group is left."""
    try:
        os.killpg(server.process.pid, 0)
    except ProcessLookupError:
        return True
    return False


def wait_until_gone(server: Server) -> None:
    patience = time.monotonic() + A_MOMENT
    while not is_gone(server):
        assert time.monotonic() < patience, server.log.read_text()
        time.sleep(0.05)


@pytest.fixture
def demo_site(request, tmp_path, run_folder) -> Server:
    with empty_database(request, "lms_serving") as url:
        server = Server(tmp_path, url)
        server.make_demo(run_folder)
        yield server
        server.stop()


@pytest.mark.once
@pytest.mark.parametrize("name", ["TERM", "INT"])
def test_it_ends_with_all_its_children_when_told_to(empty_site, name):
    server = Server(empty_site, None)
    server.start()
    server.process.send_signal(signal.Signals[f"SIG{name}"])
    assert server.process.wait(A_MOMENT) == 0
    assert is_gone(server)


@pytest.mark.once
@pytest.mark.parametrize("seconds", [0.3, 0.6, 0.9, 1.2])
def test_it_ends_when_told_to_while_it_starts(empty_site, seconds):
    server = Server(empty_site, None)
    server.launch()
    time.sleep(seconds)
    server.process.terminate()
    server.process.wait(A_MOMENT + 3)
    wait_until_gone(server)


def jobs_done(server: Server) -> int:
    """How many jobs have come to their end."""
    return server.ask("SELECT count(*) FROM job_lease WHERE last_finished_at IS NOT NULL")[0][0]


def first_child_of(server: Server) -> int:
    """The worker for periodic jobs: ``lms serve`` starts it before any other."""
    path = Path(f"/proc/{server.process.pid}/task")
    patience = time.monotonic() + A_MOMENT
    while time.monotonic() < patience:
        children = [int(child) for task in path.glob("*/children") for child in task.read_text().split()]
        if children:
            return min(children)
        time.sleep(0.002)
    raise AssertionError(server.log.read_text())


def children_of(pid: int) -> list[int]:
    return [int(pid) for task in Path(f"/proc/{pid}/task").iterdir() for pid in (task / "children").read_text().split()]


def web_processes(server: Server) -> set[int]:
    """Those that listen, as the worker for periodic jobs does not."""
    found = set()
    for child in children_of(server.process.pid):
        with suppress(OSError):  # it has just ended
            found |= {
                child for file in Path(f"/proc/{child}/fd").iterdir() if str(file.readlink()).startswith("socket:")
            }
    return found


@pytest.mark.once
def test_a_web_process_that_dies_is_followed_by_another_and_no_process_is_between(empty_site):
    server = Server(empty_site, None)
    server.start()
    time.sleep(supervisor.AT_ONCE_SECONDS)
    before = web_processes(server)
    assert [children_of(pid) for pid in before] == [[], []]
    killed = min(before)
    os.kill(killed, signal.SIGKILL)
    patience = time.monotonic() + A_MOMENT
    while len(now := web_processes(server)) < 2 or killed in now:
        assert time.monotonic() < patience, server.log.read_text()
        time.sleep(0.1)
    server.stop()
    assert before - now == {killed}


@pytest.mark.once
def test_the_process_that_forks_has_one_thread_and_no_open_database(empty_site):
    server = Server(empty_site, None)
    server.start()
    proc = Path(f"/proc/{server.process.pid}")
    threads = list((proc / "task").iterdir())
    databases = [file for file in (proc / "fd").iterdir() if "sqlite" in str(file.readlink())]
    server.stop()
    assert (len(threads), databases) == (1, [])


@pytest.mark.once
def test_the_metrics_are_those_of_all_processes_together(empty_site, tmp_path):
    server = Server(empty_site, None)
    server.environ |= {"TMPDIR": str(tmp_path)}
    server.start()
    asked = 0
    while asked < 40 or len(list(tmp_path.glob("lms-metrics-*/counter_*.db"))) < 2:  # the kernel chooses the process
        urllib.request.urlopen(f"{server.url}/login").close()
        asked += 1
        assert asked < 1000
    for _ in range(10):
        with urllib.request.urlopen(f"{server.url}/metrics") as answer:
            page = answer.read().decode()
        assert f'lms_requests_total{{endpoint="auth.login",status="200"}} {asked}.0' in page
    server.stop()
    assert not list(tmp_path.glob("lms-metrics-*"))


HALF_A_FORM = b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
HALF_A_FORM += b"Content-Length: 100\r\n\r\nusername="
"""From someone whose line is slow, or who means harm."""


@pytest.mark.once
@pytest.mark.parametrize(("count", "sent"), [(400, b""), (80, HALF_A_FORM)], ids=["idle", "half a form"])
def test_connections_without_work_keep_nobody_out(empty_site, count, sent):
    server = Server(empty_site, None)
    server.start()
    connections = [socket.create_connection(("127.0.0.1", server.port), A_MOMENT) for _ in range(count)]
    for connection in connections:
        connection.sendall(sent)
    for _ in range(8):  # the kernel chooses the process
        with urllib.request.urlopen(f"{server.url}/login", timeout=A_MOMENT) as answer:
            assert answer.status == 200
    for connection in connections:
        connection.close()
    server.stop()


@pytest.mark.once
def test_a_worker_that_dies_is_followed_by_another(empty_site):
    server = Server(empty_site, None)
    server.launch()
    os.kill(first_child_of(server), signal.SIGKILL)
    patience = time.monotonic() + 3 * A_MOMENT
    while "ended with code -9" not in server.log.read_text() or not jobs_done(server):
        assert time.monotonic() < patience, server.log.read_text()
        time.sleep(0.1)
    server.process.terminate()
    assert server.process.wait(A_MOMENT) == 0
    assert is_gone(server)


def test_nothing_that_was_acknowledged_is_lost_when_it_is_told_to_end_under_load(demo_site):
    demo_site.start()
    learners = [Learner(demo_site.port, username, random.Random(username)) for username in LEARNERS[-3:]]
    at_work(learners, lambda: (time.sleep(2), demo_site.process.terminate(), demo_site.process.wait(A_MOMENT)))
    assert demo_site.process.returncode == 0
    assert is_gone(demo_site)
    assert_all_is_there(demo_site, learners)


def test_a_second_server_beside_the_first_writes_into_the_same_database(demo_site, tmp_path):
    (tmp_path / "second").mkdir()
    second = Server(tmp_path / "second", demo_site.database_url)
    second.environ |= {"LMS_INSTANCE": demo_site.environ["LMS_INSTANCE"]}
    demo_site.start()
    second.start()
    ports = (demo_site.port, second.port)
    learners = [
        Learner(ports[number % 2], username, random.Random(username)) for number, username in enumerate(LEARNERS[-6:])
    ]
    at_work(learners, lambda: time.sleep(4))
    second.stop()
    assert_all_is_there(demo_site, learners)
    demo_site.run("jobs", "run", "--once")
    demo_site.run("ledger", "verify")


def at_work(learners: list[Learner], meanwhile) -> None:
    """Let all work at once until ``meanwhile`` is over."""
    for learner in learners:
        learner.begin()
    stop = threading.Event()
    threads = [threading.Thread(target=learner.work_until, args=(stop,)) for learner in learners]
    for thread in threads:
        thread.start()
    try:
        meanwhile()
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert all(learner.answers for learner in learners)


def assert_all_is_there(server: Server, learners: list[Learner]) -> None:
    engine = create_engine(psycopg_url(server.database_url))
    with engine.connect() as connection:
        turns = events_by_turn(connection.execute(text("SELECT id, bytes FROM event")))
        submissions = set(connection.execute(text("SELECT text FROM submission")).scalars())
        if engine.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
    engine.dispose()
    for learner in learners:
        assert {turn for _page, turn in learner.answers} <= turns.keys()
        assert set(learner.handed_in) <= submissions
