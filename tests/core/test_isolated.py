import os
import time

import pytest

from lms.core import isolated


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
    with pytest.raises(isolated.TookTooLong, match=r"^01-lama\.md:"), isolated.limited("01-lama.md"):
        while True:
            pass
    with isolated.limited("02-cepat.md"):
        pass
