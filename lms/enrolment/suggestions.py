"""Which of the courses that somebody could take are suggested."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import date
from typing import Protocol, TypeVar

MOST_SUGGESTED = 3


class Described(Protocol):
    @property
    def title(self) -> str: ...

    @property
    def jp(self) -> int: ...

    @property
    def minutes(self) -> int: ...

    @property
    def prerequisites(self) -> Sequence[str]: ...


class Suggestable(Protocol):
    """A course that the person could take now. ``starts_on`` is None if it may be begun at once."""

    @property
    def revision(self) -> Described: ...

    @property
    def starts_on(self) -> date | None: ...


C = TypeVar("C", bound=Suggestable)


def suggested(courses: Iterable[C], completed: Container[str], missing_jp: int) -> list[C]:
    """At most three: those that bring most of the missing JP, then those that can be begun at once, then the shortest.

    ``completed`` holds the slugs of completed courses.
    """
    fit = [one for one in courses if all(slug in completed for slug in one.revision.prerequisites)]
    fit.sort(key=lambda one: _rank(one, missing_jp))
    return fit[:MOST_SUGGESTED]


def _rank(one: Suggestable, missing_jp: int) -> tuple[int, bool, int, str]:
    about = one.revision
    return -min(about.jp, missing_jp), one.starts_on is not None, about.minutes, about.title
