import importlib
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

import lms
from lms.authoring.services import incoming
from lms.core import isolated

LMS = Path(lms.__file__).parent


def double(number):
    return 2 * number


def fail():
    raise ValueError("no")


def eat():
    return bytearray(3 * 1024**3)


def test_the_result_comes_back_from_another_process():
    assert isolated.run(double, 21, seconds=30) == 42
    assert isolated.run(os.getpid, seconds=30) != os.getpid()


def test_what_it_raises_is_raised_here():
    with pytest.raises(ValueError, match="no"):
        isolated.run(fail, seconds=30)


def test_it_is_ended_when_its_time_is_up():
    with pytest.raises(isolated.TookTooLong):
        isolated.run(time.sleep, 60, seconds=0.5)


def test_it_cannot_take_more_memory_than_it_may():
    with pytest.raises(isolated.BrokeDown):
        isolated.run(eat, seconds=30, megabytes=1024)


def test_a_process_that_dies_is_told():
    with pytest.raises(isolated.BrokeDown):
        isolated.run(os._exit, 1, seconds=30)


def test_a_piece_that_takes_too_long_is_named(monkeypatch):
    monkeypatch.setattr(isolated, "PIECE_SECONDS", 0.02)
    with pytest.raises(isolated.TookTooLong, match=r"^01-lama\.md:"), isolated.time_limit("01-lama.md"):
        while True:
            pass
    with isolated.time_limit("02-cepat.md"):
        pass


COMMAND = """
import sys

import lms.app
from lms.core import isolated
from lms.content.markdown.from_html import from_html

if __name__ == "__main__":
    print(isolated.run(eval, "'lms.app' in __import__('sys').modules", seconds=30))
    print(isolated.run(from_html, "<p><b>tebal</b></p>", seconds=30).strip())
    print(__file__ == sys.argv[0])
"""
LOADED = """
from lms.app import LIBRARIES_OF_ISOLATED, RUN_ISOLATED
from lms.core import isolated

isolated.preload(RUN_ISOLATED + LIBRARIES_OF_ISOLATED)
print(*isolated.run(eval, "[*__import__('sys').modules]", seconds=30))
"""


def test_the_process_does_not_import_the_command_that_it_works_for(tmp_path):
    """It takes half a second of each call."""
    command = tmp_path / "command.py"
    command.write_text(COMMAND)
    environment = os.environ | {"PYTHONPATH": str(Path.cwd())}
    done = subprocess.run([sys.executable, command], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "**tebal**", "True"]


def test_such_a_process_finds_all_that_it_runs_and_neither_the_web_nor_a_database():
    """It begins at once, with half of the memory."""
    modules = {reader.__module__ for reader in incoming.READERS.values()}
    for path in LMS.rglob("*.py"):
        for name in re.findall(r"isolated\.run\(\s*(\w+)", path.read_text()):
            if name != "reader":
                place = importlib.import_module(".".join(["lms", *path.relative_to(LMS).with_suffix("").parts]))
                modules.add(getattr(place, name).__module__)
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert modules | {"PIL.ImageCms", "bleach", "latex2mathml", "markdown", "mdformat", "pygments"} <= loaded
    assert not {"flask", "sqlalchemy", "lms.app"} & loaded
