"""What a Flask developer tries first, on a fresh clone and without any setting: ``flask --app wsgi ...``."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.once]

ROOT = Path(__file__).parents[1]
ENVIRON = {name: value for name, value in os.environ.items() if not name.startswith(("LMS_", "FLASK_"))}
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
LONGEST_WAIT = 300
"""Seconds, on a busy machine."""
MODEL = """

class Remark(Model):
    __tablename__ = "remark"

    id: Mapped[Id]
    said_at: Mapped[datetime]
"""


@pytest.fixture(scope="module")
def clone(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("clone")
    for name in ("lms", "migrations"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("wsgi.py", "config.py"):
        shutil.copy(ROOT / name, folder)
    return folder


def flask(clone: Path, *words: str, typed: str = "") -> str:
    done = subprocess.run(
        [*FLASK, *words], cwd=clone, env=ENVIRON, input=typed, capture_output=True, text=True, timeout=LONGEST_WAIT
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_routes_and_shell_need_no_setting(clone):
    assert "/healthz" in flask(clone, "routes")
    assert str(clone) in flask(clone, "shell", typed="import lms; print(lms.__file__)\n")
    key = clone / "instance" / "secret-key"
    assert key.stat().st_mode & 0o077 == 0
    assert len(key.read_text().strip()) >= 32


def test_the_secret_stays_the_same(clone):
    first, second = (flask(clone, "shell", typed="print(app.secret_key)\n") for _ in range(2))
    assert first == second


def test_a_migration_is_made_and_run(clone):
    assert flask(clone, "db", "current").strip() == ""
    flask(clone, "db", "upgrade")
    versions = sorted((clone / "migrations" / "versions").glob("*.py"))
    head = versions[-1].name.partition("_")[0]
    assert flask(clone, "db", "current").strip() == f"{head} (head)"
    flask(clone, "db", "migrate", "-m", "nothing")
    assert sorted((clone / "migrations" / "versions").glob("*.py")) == versions, "nothing has changed"
    models = clone / "lms" / "ops" / "models.py"
    models.write_text(models.read_text() + MODEL)
    flask(clone, "db", "migrate", "-m", "remarks")
    [made] = set((clone / "migrations" / "versions").glob("*.py")) - set(versions)
    assert made.name == f"{int(head) + 1:04}_remarks.py"
    assert "lms" not in made.read_text(), "migrations name plain types only"
    flask(clone, "db", "upgrade")
    flask(clone, "db", "check")
    flask(clone, "db", "downgrade")
    assert flask(clone, "db", "current").strip() == head


def test_run_serves_the_site(clone):
    flask(clone, "db", "upgrade")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [*FLASK, "run", "--port", str(port)], cwd=clone, env=ENVIRON, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        for _ in range(10 * LONGEST_WAIT):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=5) as answer:
                    assert answer.status == 200
                    return
            except OSError:  # none yet, or late
                time.sleep(0.1)
        raise AssertionError("it does not answer")
    finally:
        server.terminate()
        server.communicate(timeout=LONGEST_WAIT)


def test_a_wsgi_server_still_refuses_to_start_without_a_secret(clone):
    done = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=clone,
        env=ENVIRON,
        capture_output=True,
        text=True,
        timeout=LONGEST_WAIT,
    )
    assert done.returncode == 1
    assert "LMS_SECRET_KEY" in done.stderr


def test_a_secret_that_is_set_must_be_good_in_development_too(clone):
    environ = ENVIRON | {"LMS_SECRET_KEY": "short"}
    done = subprocess.run(
        [*FLASK, "routes"], cwd=clone, env=environ, capture_output=True, text=True, timeout=LONGEST_WAIT
    )
    assert done.returncode != 0
    assert "LMS_SECRET_KEY" in done.stderr
