"""The time. Read at the edge (views, commands, jobs) and handed down as ``now=``."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)
