"""What is wrong with a course folder: one sentence for the fault, one for the remedy, and the place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SourcePosition = tuple[int, int]
"""Line and column in a file, both from 1; columns count characters."""


@dataclass(frozen=True)
class Message:
    """An English sentence with named ``%(places)s``; whoever shows it translates the sentence first."""

    template: str
    values: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        return self.template % dict(self.values)


def say(template: str, **values: Any) -> Message:
    """A message; ``say`` is also the word by which the catalogue's extractor finds the sentence."""
    return Message(template, tuple(values.items()))


def term(template: str) -> Message:
    """A name for lists and pages, found by the extractor like ``say``: no fault and no remedy."""
    return Message(template)


@dataclass(frozen=True)
class Problem:
    """A fault at ``path:line:column`` (from 1). Warnings do not keep a course from being published."""

    path: str
    line: int
    column: int
    what: Message
    mend: Message
    is_warning: bool = False

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.what}; {self.mend}"


class Findings:
    """Collects the problems of one file while it is read, so that all of them are told at once."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []

    @property
    def has_errors(self) -> bool:
        return not all(problem.is_warning for problem in self.problems)

    def error(self, place: SourcePosition, what: Message, mend: Message) -> None:
        self.problems.append(Problem(self.path, *place, what, mend))

    def warn(self, place: SourcePosition, what: Message, mend: Message) -> None:
        self.problems.append(Problem(self.path, *place, what, mend, is_warning=True))
