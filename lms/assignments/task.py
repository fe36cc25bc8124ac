"""What an assignment asks for, read from the JSON its revision keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lms.assignments.rubric import Criterion, Level, best_possible

MOST_TOGETHER = 48 * 1024 * 1024
"""Bytes of all files of one submission, whatever the author allows; well within one request."""


@dataclass(frozen=True)
class Task:
    points: Decimal
    takes_text: bool
    takes_files: bool
    takes_link: bool
    most_files: int
    file_size: int
    """Bytes, each file."""
    types: tuple[str, ...]
    """Extensions as the author wrote them."""
    attempts: int | None
    """Null: as often as one likes."""
    rubric: tuple[Criterion, ...]
    penalty: Decimal
    pass_mark: float | None
    """Percent. Null: the site's own."""

    @property
    def best(self) -> Decimal:
        """The most the rubric can give; without a rubric the assignment's points."""
        return best_possible(self.rubric) if self.rubric else self.points

    @property
    def total_size(self) -> int:
        return min(self.most_files * self.file_size, MOST_TOGETHER)


def task_of(content: Mapping[str, Any]) -> Task:
    files, submit = content["files"], content["submit"]
    return Task(
        points=_decimal(content["points"]),
        takes_text="text" in submit,
        takes_files="files" in submit,
        takes_link="link" in submit,
        most_files=files["most"],
        file_size=min(files["size"], MOST_TOGETHER),
        types=tuple(files["types"]),
        attempts=content["attempts"],
        rubric=tuple(_criterion(row) for row in content["rubric"]),
        penalty=_decimal((content["late"] or {}).get("penalty", 0)),
        pass_mark=content["pass_mark"],
    )


def _criterion(row: Mapping[str, Any]) -> Criterion:
    return Criterion(
        row["title"],
        tuple(Level(level["title"], _decimal(level["points"]), level["description"]) for level in row["levels"]),
    )


def _decimal(number: float) -> Decimal:
    """By its text, so that 0.1 stays 0.1."""
    return Decimal(str(number))
