"""Which of the courses that somebody could take are suggested."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import date
from typing import Protocol, TypeVar

MAX_SUGGESTED = 3


class SuggestableRevision(Protocol):
    @property
    def title(self) -> str: ...

    @property
    def earned_jp(self) -> int: ...

    @property
    def minutes(self) -> int: ...

    @property
    def language(self) -> str: ...

    @property
    def prerequisites(self) -> Sequence[str]: ...


class Suggestable(Protocol):
    """A course that the person could take now. ``starts_on`` is None if it may be begun at once."""

    @property
    def revision(self) -> SuggestableRevision: ...

    @property
    def starts_on(self) -> date | None: ...


C = TypeVar("C", bound=Suggestable)


def suggested(courses: Iterable[C], completed: Container[str], missing_jp: int, *, language: str) -> list[C]:
    """At most three: those that bring most of the missing JP, then those that can be begun at once, then the shortest.
    Courses in another language than the person's come last.

    ``completed`` holds the slugs of completed courses.
    """
    return _ranked(courses, completed, missing_jp, language)[:MAX_SUGGESTED]


def path_to(courses: Iterable[C], completed: Container[str], missing_jp: int, *, language: str) -> list[C]:
    """At most three courses that together bring what is missing, or as much of it as courses bring."""
    left, found = [one for one in courses if one.revision.earned_jp], list[C]()
    while missing_jp > 0 and len(found) < MAX_SUGGESTED:
        best = next(iter(_ranked(left, completed, missing_jp, language)), None)
        if best is None:
            break
        missing_jp -= best.revision.earned_jp
        found.append(best)
        left.remove(best)
    return found


def _ranked(courses: Iterable[C], completed: Container[str], missing_jp: int, language: str) -> list[C]:
    fit = [one for one in courses if all(slug in completed for slug in one.revision.prerequisites)]
    return sorted(fit, key=lambda one: _rank(one, missing_jp, language))


def _rank(one: Suggestable, missing_jp: int, language: str) -> tuple[bool, int, bool, int, str]:
    about = one.revision
    jp = min(about.earned_jp, missing_jp)
    return about.language != language, -jp, one.starts_on is not None, about.minutes, about.title
