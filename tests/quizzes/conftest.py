from __future__ import annotations

from datetime import timedelta

import pytest
from factories import NOON

from lms.core import clock


@pytest.fixture
def at(monkeypatch):
    """Set the clock: minutes after noon."""

    def set_clock(minutes: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=minutes))

    set_clock(0)
    return set_clock
