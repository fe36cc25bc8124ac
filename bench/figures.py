"""Measured figures with their limits and aims, and the table of them."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

HEAD = ("what", "measured", "limit", "of the limit", "aim", "")


@dataclass(frozen=True)
class Figure:
    """``is_met`` is None if there is no aim."""

    what: str
    measured: str
    limit: str = ""
    ratio: float | None = None
    aim: str = ""
    is_met: bool | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        mark = {None: "", True: "✓", False: "✗"}[self.is_met]
        return self.what, self.measured, self.limit, "" if self.ratio is None else f"{self.ratio:.0%}", self.aim, mark


def table(figures: Sequence[Figure]) -> str:
    """With aligned columns, so that it is readable in a terminal too."""
    rows = [HEAD, *(figure.cells for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "| " + " | ".join("-" * max(3, width) for width in widths) + " |")
    return "\n".join(lines)


def report(figures: Sequence[Figure], notes: Sequence[str]) -> str:
    missed = sum(figure.is_met is False for figure in figures)
    verdict = "All aims are met." if not missed else f"{missed} aims are missed."
    listed = "\n".join(f"- {note}" for note in notes)
    return f"# What `make bench` measured\n\n{machine()}\n\n{table(figures)}\n\n{verdict}\n\n{listed}\n"


def machine() -> str:
    found = re.search(r"(?m)^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text())
    engines = f"SQLite {sqlite3.sqlite_version}, Granian {version('granian')}, Flask {version('flask')}"
    cores = len(os.sched_getaffinity(0))
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {cores} cores ({found[1].strip() if found else platform.machine()}), "
        f"Python {platform.python_version()}, {engines}."
    )
