"""Training by year: the JP that count, by kind, and the target of a year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

Meaning = Literal["floor", "ceiling"]


@dataclass(frozen=True)
class JpTarget:
    """The JP target of a year: a ``floor`` is to be reached, JP above a ``ceiling`` do not count. 0 JP: no target."""

    jp: int
    meaning: Meaning

    def left(self, jp: int) -> int:
        """The JP still missing, or still counted."""
        return max(0, self.jp - jp)

    def shown(self, jp: int) -> int:
        """The filled part of a bar with this target."""
        return min(jp, self.jp)

    def takes_more(self, jp: int) -> bool:
        """Whether further JP still count: below the target, and always where there is none."""
        return not self.jp or jp < self.jp

    def is_reached(self, jp: int) -> bool:
        """False for a ceiling: nobody learns in order to reach it."""
        return self.meaning == "floor" and 0 < self.jp <= jp


class Credit(NamedTuple):
    """JP that count, and since when."""

    jp: int
    at: datetime


def reached_at(target: JpTarget, credits: Iterable[Credit]) -> datetime | None:
    """When the JP of a year reached its target; None if they have not."""
    total = 0
    for one in sorted(credits, key=lambda one: one.at):
        total += one.jp
        if target.is_reached(total):
            return one.at
    return None


@dataclass(frozen=True)
class Cells:
    """JP of one kind, side by side: where the first of them stands, and how many there are."""

    kind: str
    start: int
    count: int


@dataclass(frozen=True)
class YearProgress:
    """A person's JP of a year and its target. ``waiting`` are those of certificates that are still to be issued."""

    year: int
    jp: int
    target: JpTarget
    reached_at: datetime | None = None
    waiting: int = 0
    learning: int = 0
    """Those of courses that are being taken."""

    @property
    def cells(self) -> list[Cells]:
        """The JP of the target, each once: recorded, waiting, in the courses that are being taken, and the rest."""
        found, start = [], 0
        for kind, jp in (("got", self.jp), ("wait", self.waiting), ("learn", self.learning), ("left", self.target.jp)):
            if count := min(jp, self.target.jp - start):
                found.append(Cells(kind, start, count))
                start += count
        return found

    @property
    def missing(self) -> int:
        """JP to the target once the certificates that wait are issued; 0 for a ceiling."""
        return self.target.left(self.jp + self.waiting) if self.target.meaning == "floor" else 0

    @property
    def is_reached_by_waiting(self) -> bool:
        return not self.target.is_reached(self.jp) and self.target.is_reached(self.jp + self.waiting)


@dataclass(frozen=True)
class Training:
    """A record as its owner sees it. ``kind`` is the competency, empty if the course has none."""

    title: str
    cohort: str
    begins_on: date
    ends_on: date
    completed_on: date
    jp: int
    kind: str
    number: str
    code: str
    changed_at: datetime
    """When it was issued or, later, revoked."""
    is_revoked: bool = False
    reason: str = ""
    counted_on: date | None = None
    """The day on which the course was completed before, if therefore its JP do not count again."""


@dataclass(frozen=True)
class Year:
    """The training of a calendar year, newest first."""

    year: int
    trainings: tuple[Training, ...]

    @property
    def counting(self) -> list[Training]:
        """The trainings that were not revoked and whose JP were not counted before."""
        return [one for one in self.trainings if not one.is_revoked and one.counted_on is None]

    @property
    def jp(self) -> int:
        return sum(one.jp for one in self.counting)

    @property
    def jp_by_kind(self) -> dict[str, int]:
        """JP by competency, the largest first."""
        sums: dict[str, int] = {}
        for one in self.counting:
            sums[one.kind] = sums.get(one.kind, 0) + one.jp
        return dict(sorted(sums.items(), key=lambda pair: (-pair[1], pair[0])))


def by_year(trainings: Iterable[Training], this_year: int) -> list[Year]:
    """The years with training, newest first. ``this_year`` is always included, to show its target."""
    found = sorted(trainings, key=lambda one: (one.completed_on, one.number), reverse=True)
    years = {this_year} | {one.completed_on.year for one in found}
    return [
        Year(year, tuple(one for one in found if one.completed_on.year == year)) for year in sorted(years, reverse=True)
    ]
