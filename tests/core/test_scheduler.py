"""The worker for periodic jobs under its supervisor: rounds in time or on request, restarts, a graceful stop."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from lms.core import jobs, scheduler, supervisor
from lms.core.jobs import Job
from lms.core.supervisor import Child, supervise

PATIENCE = 20
A_MOMENT = 5


def note(path: Path) -> None:
    with path.open("a") as file:
        file.write("x")


def noted(path: Path) -> int:
    return len(path.read_text()) if path.exists() else 0


def wait_for(is_so) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "noted"


@pytest.fixture
def log(tmp_path) -> Path:
    path = tmp_path / "log"
    path.touch()
    return path


@pytest.fixture
def often(file) -> Job:
    return Job("often", lambda: note(file), every_seconds=0)


@pytest.fixture
def quick(monkeypatch) -> None:
    monkeypatch.setattr(scheduler, "EVERY_SECONDS", 0.1)
    monkeypatch.setattr(supervisor, "RESTART_AFTER_SECONDS", 0.1)


@contextmanager
def supervised(*children: Child, log: Path) -> Iterator[multiprocessing.Process]:
    """A supervisor in a process of its own, told to stop at the end."""

    def main() -> None:
        logging.basicConfig(filename=log, force=True)
        sys.exit(supervise(children))

    process = multiprocessing.get_context("fork").Process(target=main)
    process.start()
    try:
        yield process
    finally:
        process.terminate()
        process.join(PATIENCE)
        assert process.exitcode is not None


@contextmanager
def working(app, *jobs: Job, log: Path) -> Iterator[multiprocessing.Process]:
    with (
        scheduler.wake_pipe(app) as pipe,
        supervised(scheduler.worker(app, jobs, pipe), log=log) as process,
    ):
        yield process


@pytest.mark.once
def test_a_call_starts_a_round_at_once(app, often, file, log, monkeypatch):
    monkeypatch.setattr(scheduler, "EVERY_SECONDS", 10 * PATIENCE)
    with working(app, often, log=log):
        for count in (1, 2, 3):
            scheduler.wake()
            wait_for(lambda count=count: noted(file) == count)


@pytest.mark.once
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a process's children")
def test_between_two_rounds_there_is_no_worker(app, often, file, log, monkeypatch):
    monkeypatch.setattr(scheduler, "EVERY_SECONDS", 10 * PATIENCE)
    with working(app, often, log=log) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        for count in (1, 2):
            scheduler.wake()
            wait_for(lambda count=count: noted(file) == count and not children.read_text())
            time.sleep(0.2)
            assert not children.read_text()


@pytest.mark.slow
@pytest.mark.once
def test_a_call_from_another_program_starts_a_round(app, often, file, log, monkeypatch):
    monkeypatch.setattr(scheduler, "EVERY_SECONDS", 10 * PATIENCE)
    other = "from config import Config; from lms.app import create_app; from lms.core import scheduler; "
    other += "app = create_app(Config.from_env()); app.app_context().push(); scheduler.wake()"
    with working(app, often, log=log):
        environ = os.environ | {"LMS_INSTANCE": str(app.config["LMS"].instance)}
        assert os.spawnve(os.P_WAIT, sys.executable, [sys.executable, "-c", other], environ) == 0
        wait_for(lambda: noted(file) == 1)


@pytest.mark.once
def test_a_call_between_two_workers_is_not_lost(app):
    with scheduler.wake_pipe(app) as pipe:
        scheduler.wake()
        since = time.monotonic()
        pipe.wait()
    assert time.monotonic() - since < 1


@pytest.mark.once
def test_calling_is_harmless_without_a_worker_and_again_and_again(app):
    scheduler.wake()
    with scheduler.wake_pipe(app) as pipe:
        for _ in range(70_000):  # more than a pipe holds: a call that waits for room would never end
            scheduler.wake()
        since = time.monotonic()
        pipe.wait()
    assert time.monotonic() - since < 1


@pytest.mark.once
def test_a_file_in_the_place_of_the_pipe_is_replaced(app):
    path = app.config["LMS"].instance / "jobs.wake"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text("x")
    with scheduler.wake_pipe(app):
        assert path.is_fifo()


@pytest.mark.once
def test_without_a_named_pipe_rounds_start_by_themselves(app, often, file, log, quick, monkeypatch, caplog):
    def refused(*_values) -> None:
        raise PermissionError(1, "not permitted")

    (app.config["LMS"].instance / "jobs.wake").unlink(missing_ok=True)
    monkeypatch.setattr(os, "mkfifo", refused)
    with working(app, often, log=log):
        wait_for(lambda: noted(file) >= 2)
    assert "not permitted" in caplog.text


def test_rounds_start_by_themselves_and_none_after_the_end(app, often, file, log, quick):
    with working(app, often, log=log) as process:
        wait_for(lambda: noted(file) >= 3)
    assert process.exitcode == 0
    known = noted(file)
    time.sleep(0.5)
    assert noted(file) == known


@pytest.mark.once
def test_each_worker_ends_with_its_jobs_and_is_followed_by_another(app, tmp_path, log, quick):
    pids = tmp_path / "pids"

    def work() -> None:
        with pids.open("a") as file:
            file.write(f"{os.getpid()}\n")

    with working(app, Job("often", work, every_seconds=0), log=log):
        wait_for(lambda: pids.exists() and len(set(pids.read_text().split())) >= 3)
    assert not log.read_text()


def test_a_worker_that_is_killed_is_followed_by_another(app, often, file, log, quick, monkeypatch):
    monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=0.5))  # it may die while it holds the other job's lease
    crash = Job("crash", lambda: os.kill(os.getpid(), signal.SIGKILL), every_seconds=3600)
    with working(app, crash, often, log=log):
        wait_for(lambda: "ended with code -9" in log.read_text() and noted(file) >= 2)


def test_a_long_job_delays_no_other_and_may_finish_after_a_stop_signal(app, often, file, log, tmp_path, quick):
    begun, ended = tmp_path / "begun", tmp_path / "ended"

    def work() -> None:
        note(begun)
        threading.Event().wait(2)
        note(ended)

    with working(app, Job("long", work, every_seconds=3600), often, log=log) as process:
        wait_for(lambda: noted(begun) == 1 and noted(file) >= 3)
    assert (noted(begun), noted(ended)) == (1, 1)
    assert process.exitcode == 0


@pytest.mark.once
def test_an_endless_job_is_cut_off(app, log, tmp_path, quick, monkeypatch):
    monkeypatch.setattr(scheduler, "SECONDS_TO_FINISH", 0.2)
    begun = tmp_path / "begun"

    def work() -> None:
        note(begun)
        threading.Event().wait(10 * PATIENCE)

    with working(app, Job("endless", work), log=log):
        wait_for(lambda: noted(begun) == 1)
        since = time.monotonic()
    assert time.monotonic() - since < A_MOMENT


@pytest.mark.once
def test_all_stop_when_an_essential_child_fails_at_once(file, log):
    def essential() -> None:
        wait_for(lambda: noted(file) == 1)
        sys.exit(7)

    def other() -> None:
        note(file)
        time.sleep(10 * PATIENCE)

    with supervised(Child("other", other), Child("essential", essential, is_essential=True), log=log) as process:
        process.join(PATIENCE)
    assert process.exitcode == 7


@pytest.mark.once
@pytest.mark.parametrize(("code", "at_once"), [(7, 0.0), (0, float(PATIENCE))], ids=["fails later", "ends"])
def test_an_essential_child_that_could_start_is_followed_by_another(file, log, quick, monkeypatch, code, at_once):
    monkeypatch.setattr(supervisor, "AT_ONCE_SECONDS", at_once)

    def essential() -> None:
        note(file)
        sys.exit(code)

    with supervised(Child("essential", essential, is_essential=True), log=log) as process:
        wait_for(lambda: noted(file) >= 3)
    assert process.exitcode == 0


@pytest.mark.once
def test_a_child_that_does_not_end_is_killed(file, log, monkeypatch):
    monkeypatch.setattr(supervisor, "SECONDS_TO_STOP", 0.2)

    def deaf() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        note(file)
        time.sleep(10 * PATIENCE)

    with supervised(Child("deaf", deaf), log=log) as process:
        wait_for(lambda: noted(file) == 1)
        since = time.monotonic()
    assert process.exitcode == 0
    assert time.monotonic() - since < A_MOMENT


@pytest.mark.once
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a child that its parent has died")
def test_children_end_when_their_supervisor_is_killed(file, tmp_path, log):
    ended = tmp_path / "ended"

    def child() -> None:
        signal.signal(signal.SIGTERM, lambda *_values: (note(ended), os._exit(0)))
        note(file)
        time.sleep(10 * PATIENCE)

    with supervised(Child("child", child), log=log) as process:
        wait_for(lambda: noted(file) == 1)
        process.kill()
        wait_for(lambda: noted(ended) == 1)


@pytest.mark.once
def test_a_process_that_cannot_be_started_is_tried_again(app, often, file, log, quick, monkeypatch):
    tries = iter([False, True])
    start = multiprocessing.context.ForkProcess.start

    def sometimes(process) -> None:
        if process.name == "the worker for periodic jobs" and not next(tries, True):
            raise BlockingIOError("no process to be had")
        start(process)

    monkeypatch.setattr(multiprocessing.context.ForkProcess, "start", sometimes)
    with working(app, often, log=log):
        wait_for(lambda: noted(file) >= 1)
    assert "tried again" in log.read_text()
