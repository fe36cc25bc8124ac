"""The current time. Read it in views, commands and jobs, and pass it down as ``now=``."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The current time, timezone-aware, in UTC."""
    return datetime.now(UTC)
