"""A clock for tests of what changes with time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import NOON

from lms.core import clock


@pytest.fixture
def time(monkeypatch):
    """A clock that the test sets."""

    class Clock:
        now = NOON

        def passes(self, **values):
            self.now += timedelta(**values)

    ours = Clock()
    monkeypatch.setattr(clock, "now", lambda: ours.now)
    return ours
