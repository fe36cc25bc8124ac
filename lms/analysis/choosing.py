"""Which of a learner's attempts count for an analysis."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Literal, Protocol, TypeVar, get_args

Which = Literal["first", "last", "best", "all"]
WAYS: tuple[Which, ...] = get_args(Which)
"""The first is Moodle's default too: later attempts know the questions."""


class ScoredAttempt(Protocol):
    """A handed-in attempt."""

    @property
    def enrolment_id(self) -> int: ...
    @property
    def number(self) -> int: ...
    @property
    def score(self) -> Decimal | None: ...


T = TypeVar("T", bound=ScoredAttempt)


def choose_attempts(attempts: Iterable[T], which: Which) -> list[T]:
    """Choose attempts and keep their order. The ``best`` of several with the same score is the earliest."""
    attempts = list(attempts)
    if which == "all":
        return attempts
    rank = _RANKS[which]
    found: dict[int, T] = {}
    for one in attempts:
        other = found.get(one.enrolment_id)
        if other is None or rank(one) > rank(other):
            found[one.enrolment_id] = one
    kept = {id(one) for one in found.values()}
    return [one for one in attempts if id(one) in kept]


_RANKS: dict[str, Callable[[ScoredAttempt], tuple[Decimal | int, ...]]] = {
    "first": lambda one: (-one.number,),
    "last": lambda one: (one.number,),
    "best": lambda one: (one.score or 0, -one.number),
}
