"""What the processes of ``lms serve`` have not loaded: each of these takes memory that few of them ever use."""

from __future__ import annotations

import subprocess
import sys

import pytest

SELDOM_USED = {
    "PIL",
    "bleach",
    "cbor2",
    "cryptography",
    "email.headerregistry",
    "icalendar",
    "imagesize",
    "latex2mathml",
    "lms.demo.services",
    "lms.synth.services",
    "mako",
    "markdown",
    "mdformat",
    "psycopg",
    "pygments",
    "segno",
    "sqlalchemy.dialects.postgresql",
    "typst",
    "webauthn",
    "xlsxwriter",
}
SERVE = """
import sys
from config import Config
import lms.cli
lms.cli.create_app(Config.from_env())
print(*sys.modules, sep="\\n")
"""
GIVE_BACK = """
import time
from pathlib import Path
from lms.core import memory

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

memory.give_back_early()
memory.TRIM_SECONDS = 0.05
blocks = [bytearray(50_000) for _ in range(800)]
last = bytearray(50_000)
full = resident()
blocks.clear()
print(full - resident())
memory.give_back_regularly()
end = time.monotonic() + 20
while full - resident() < 30_000_000 and time.monotonic() < end:
    time.sleep(0.05)
print(full - resident())
"""


def test_a_server_has_not_loaded_what_it_seldom_uses():
    done = subprocess.run([sys.executable, "-c", SERVE], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines())
    assert {"lms.cli", "granian", "sqlalchemy"} <= loaded
    assert loaded & SELDOM_USED == set()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc is asked to return what is free")
def test_what_is_free_in_the_middle_of_the_heap_is_returned():
    done = subprocess.run([sys.executable, "-c", GIVE_BACK], capture_output=True, text=True, check=True)
    by_itself, regularly = map(int, done.stdout.split())
    assert by_itself < 10_000_000
    assert regularly >= 30_000_000
