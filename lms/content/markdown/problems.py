"""Problems of a course folder: what is wrong, how to fix it, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SourcePosition = tuple[int, int]
"""Line and column in a file, both from 1; columns count characters."""


@dataclass(frozen=True)
class Message:
    """An English sentence with named placeholders, translated when it is shown."""

    template: str
    values: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        return self.template % dict(self.values)


def say(template: str, **values: Any) -> Message:
    """A message. The extractor of translations looks for calls of ``say``."""
    return Message(template, tuple(values.items()))


def term(template: str) -> Message:
    """A word for lists and pages, extracted for translation like ``say``."""
    return Message(template)


@dataclass(frozen=True)
class Problem:
    """A problem at ``path:line:column`` (from 1). Warnings do not block publishing."""

    path: str
    line: int
    column: int
    what: Message
    fix: Message
    is_warning: bool = False
    rule: str = ""
    """The name in ``lms.content.checks.rules``, by which the author can switch the rule off."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.what}; {self.fix}"


@dataclass(frozen=True)
class Decision:
    """Something that was decided for the author. ``examples`` are paths, or what was left out."""

    what: Message
    examples: tuple[str, ...]
    count: int


class Findings:
    """Collects the problems of one file, so that all of them are reported together."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []

    @property
    def has_errors(self) -> bool:
        return not all(problem.is_warning for problem in self.problems)

    def error(self, position: SourcePosition, what: Message, fix: Message) -> None:
        self.problems.append(Problem(self.path, *position, what, fix))

    def warn(self, position: SourcePosition, what: Message, fix: Message) -> None:
        self.problems.append(Problem(self.path, *position, what, fix, is_warning=True))
