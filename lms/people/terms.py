"""Terms: the days on which a role holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import combinations
from typing import Literal, NamedTuple, Protocol, TypeVar

TermState = Literal["past", "present", "future"]


class Term(Protocol):
    """Both days are inclusive. None means no limit."""

    @property
    def starts_on(self) -> date | None: ...
    @property
    def ends_on(self) -> date | None: ...


class Days(NamedTuple):
    """A term with a known first day."""

    starts_on: date
    ends_on: date | None


T = TypeVar("T", bound=Term)


def term_state(term: Term, today: date) -> TermState:
    if term.ends_on is not None and term.ends_on < today:
        return "past"
    if term.starts_on is not None and term.starts_on > today:
        return "future"
    return "present"


def overlap(one: Term, other: Term) -> bool:
    """Whether both hold on at least one day."""
    starts = max(one.starts_on or date.min, other.starts_on or date.min)
    ends = min(one.ends_on or date.max, other.ends_on or date.max)
    return starts <= ends


def overlapping(terms: Sequence[T]) -> list[tuple[T, T]]:
    return [pair for pair in combinations(terms, 2) if overlap(*pair)]
