"""A database that cannot be used is told in one sentence by every command, and its password by none."""

from __future__ import annotations

import json
import os
import socket
import struct
import subprocess
import sys
import threading
from getpass import getuser

import pytest
from databases import server_url
from psycopg import OperationalError as DriverError
from servers import LMS
from sqlalchemy.exc import OperationalError

from lms.core.database_errors import explain

PASSWORD = "SangatRahasia77"


class Gatekeeper:
    """A PostgreSQL server as far as its front door: it asks for a password and refuses it."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                visitor, _address = self.socket.accept()
            except OSError:
                return
            with visitor:
                self._refuse(visitor)

    def _refuse(self, visitor: socket.socket) -> None:
        size, code = struct.unpack("!II", visitor.recv(8))
        while code != 196608:  # asks for encryption, which is declined
            visitor.sendall(b"N")
            size, code = struct.unpack("!II", visitor.recv(8))
        visitor.recv(size - 8)
        visitor.sendall(b"R" + struct.pack("!II", 8, 3))
        visitor.recv(1024)
        told = b'SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user "lms"\0\0'
        visitor.sendall(b"E" + struct.pack("!I", len(told) + 4) + told)


@pytest.fixture
def gatekeeper():
    found = Gatekeeper()
    yield found
    found.socket.close()


def environ(folder, url: str) -> dict[str, str]:
    return os.environ | {
        "LMS_INSTANCE": str(folder),
        "LMS_SECRET_KEY": "a secret for tests, long enough to pass",
        "LMS_BASE_URL": "http://127.0.0.1:8000",
        "LMS_DATABASE_URL": url,
        "LMS_LANGUAGE": "en",
    }


def complaint(folder, url: str, *words: str) -> str:
    done = subprocess.run([*LMS, *words], env=environ(folder, url), capture_output=True, text=True, timeout=300)
    assert done.returncode == 1
    assert PASSWORD not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


IN_TURN = """
import json, os, sys
from lms.cli import main
for words in json.loads(sys.argv[1]):
    try:
        main(words)
    except SystemExit as end:
        print(end.code, file=sys.stderr)
"""
COMMANDS = [
    ["init"],
    ["jobs", "run", "--once"],
    ["ledger", "verify"],
    ["demo"],
    ["synth", "--people", "5"],
    ["backup", "x.tar"],
    ["restore", __file__],
    ["people", "export", "x.xlsx"],
    ["person", "create", "--name", "X", "--nip", "199001012015031001"],
]


@pytest.mark.slow
@pytest.mark.parametrize("words", [["serve", "--port", "1"], ["jobs", "run"]], ids=lambda words: words[0])
def test_a_wrong_password_is_told_in_one_line(tmp_path, gatekeeper, words):
    told = complaint(tmp_path, f"postgresql://lms:{PASSWORD}@127.0.0.1:{gatekeeper.port}/lms", *words)
    assert len(told.strip().splitlines()) == 1, told
    assert "password" in told


def test_commands_that_end_by_themselves_tell_it_in_one_line_too(tmp_path, gatekeeper):
    words = [[str(tmp_path / word) if word.startswith("x.") else word for word in words] for words in COMMANDS]
    done = subprocess.run(
        [sys.executable, "-c", IN_TURN, json.dumps(words)],
        env=environ(tmp_path, f"postgresql://lms:{PASSWORD}@127.0.0.1:{gatekeeper.port}/lms"),
        capture_output=True,
        text=True,
        timeout=300,
    )
    told = (done.stdout + done.stderr).splitlines()
    assert len(told) == 2 * len(COMMANDS), told
    assert all("password" in line for line in told[::2])
    assert set(told[1::2]) == {"1"}
    assert PASSWORD not in " ".join(told)


def test_the_doctor_tells_it_beside_the_rest(tmp_path, gatekeeper):
    told = complaint(tmp_path, f"postgresql://lms:{PASSWORD}@127.0.0.1:{gatekeeper.port}/lms", "doctor")
    assert "the password of the user lms" in told


def test_a_server_that_is_not_there_is_told_in_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    told = complaint(tmp_path, f"postgresql://lms:{PASSWORD}@127.0.0.1:{port}/lms", "init")
    assert len(told.strip().splitlines()) == 1
    assert "127.0.0.1 does not answer" in told


def test_a_database_that_does_not_exist_is_told_by_name(request, tmp_path):
    if request.config.getoption("--database") == "sqlite":
        pytest.skip("the run on PostgreSQL does this")
    address, _, options = server_url().partition("?")
    told = complaint(tmp_path, f"{address.rsplit('/', 1)[0]}/tidak_ada?{options}", "init")
    assert len(told.strip().splitlines()) == 1
    assert "no database named tidak_ada" in told


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ('FATAL:  password authentication failed for user "lms"', "password of the user lms"),
        ('FATAL:  role "lms" does not exist', "know the user lms"),
        ('FATAL:  database "belajar" does not exist', "no database named belajar"),
        ("[Errno -2] Name or service not known", "no host named db.example.go.id"),
        ("connection timeout expired", "at db.example.go.id does not answer"),
        ("Multiple connection attempts failed. All failures were:\n- host: 'x': Connection refused", "does not answer"),
        ('FATAL:  Peer authentication failed for user "lms"', "does not let the user lms in"),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "lms"', "does not let the user lms in"),
        ("FATAL:  sorry, too many clients already", "too many clients"),
    ],
)
def test_each_reason_has_its_sentence(app, said, expected):
    from flask_babel import force_locale

    url = f"postgresql://lms:{PASSWORD}@db.example.go.id/belajar"
    with force_locale("en"):
        told = explain(OperationalError(None, None, DriverError(said)), url)
    assert expected in told
    assert "\n" not in told
    assert PASSWORD not in told


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Connection refused", "at /run/postgresql does not answer"),
        ('FATAL:  role "lms" does not exist', f"know the user {getuser()}"),
    ],
)
def test_an_address_that_leaves_host_and_user_to_the_driver_is_told_with_them(app, said, expected):
    from flask_babel import force_locale

    with force_locale("en"):
        told = explain(OperationalError(None, None, DriverError(said)), "postgresql:///lms?host=/run/postgresql")
    assert expected in told
