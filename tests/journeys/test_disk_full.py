"""A disk that is full: pages say so and go on showing, nothing acknowledged is lost, and room alone ends it."""

from __future__ import annotations

import contextlib
import random
import subprocess
import threading
import time
from pathlib import Path

import http_learner
import pytest
from http_learner import COURSE, FETCH, Learner
from servers import Server

from lms.demo.cast import LEARNERS

pytestmark = [pytest.mark.slow, pytest.mark.once]

MEBIBYTES = 24
SAVES = 12


@pytest.fixture
def small_disk(tmp_path):
    """A disk of its own, so that it can be filled."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={MEBIBYTES}m", "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root may mount a disk to fill")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def server(small_disk, run_folder):
    server = Server(small_disk, None, workers=1)
    server.make_demo(run_folder)
    server.start()
    yield server
    server.stop()


def fill(path: Path) -> None:
    """Write until nothing more fits, also not a byte."""
    with path.open("ab", buffering=0) as out:
        for size in (1 << 20, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while True:
                    out.write(bytes(size))


def wait_until(holds, why: str) -> None:
    patience = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < patience, why
        time.sleep(0.05)


def saved(learners: list[Learner]) -> int:
    return sum(learner.heard for learner in learners)


def test_a_full_disk_is_told_and_loses_nothing(small_disk, server):
    learners = [Learner(server.port, username, random.Random(username)) for username in LEARNERS[-3:-1]]
    watcher = Learner(server.port, LEARNERS[-1], random.Random())
    for learner in (*learners, watcher):
        learner.begin()
    stop = threading.Event()
    threads = [threading.Thread(target=learner.work_until, args=(stop,)) for learner in learners]
    for thread in threads:
        thread.start()
    try:
        wait_until(lambda: saved(learners) >= SAVES, "nothing is saved to begin with")
        filler = small_disk / "filler"
        wait_until(lambda: fill(filler) or answers(watcher, FETCH)[0] == 503, "the disk never fills")
        pages_still_show_and_say_what_is_wrong(watcher)
        wait_until(lambda: watcher.ask("/readyz")[0] == 503, "a server that cannot write says that it is ready")
        filler.unlink()
        wait_until(lambda: watcher.ask("/readyz")[0] == 200, "a server that can write again is not ready")
        before = saved(learners)
        wait_until(lambda: saved(learners) >= before + SAVES, server.log.read_text()[-3000:])
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    http_learner.check(learners, server.ask)
    assert server.ask("PRAGMA integrity_check") == [("ok",)]


def answers(learner: Learner, headers=None) -> tuple[int, str, str]:
    """Another answer each time: one that is kept already needs no room."""
    learner.turn += 1
    page, options = list(learner.options.items())[learner.turn % len(learner.options)]
    fields = {"picked": options[learner.turn // len(learner.options) % len(options)]} if options else {}
    return learner.ask(page, fields or {"text": f"jawaban {learner.turn}"}, headers)


def pages_still_show_and_say_what_is_wrong(watcher: Learner) -> None:
    for path in ("/", COURSE, next(iter(watcher.options))):
        assert watcher.ask(path)[0] == 200, path
    status, _location, page = answers(watcher)
    assert status == 503
    assert "Kirim lagi" in page, "what was sent is kept on the page"
    assert answers(watcher, FETCH)[0] == 503
