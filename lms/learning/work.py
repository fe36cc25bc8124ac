"""Work of a participant as instructors find it: a line for each attempt or submission, from the package of its type.

And the pages where that package lets them give a person, or a cohort, other limits at an item.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, Protocol


@dataclass(frozen=True)
class Work:
    """``label`` is in the reader's language, ``address`` is empty while there is nothing to look at.

    ``score`` is out of 100; None: not marked. ``is_anonymous``: graders do not know whose it is, so nothing is said
    that they could find it by.
    """

    label: str
    address: str = ""
    at: datetime | None = None
    score: Decimal | None = None
    is_anonymous: bool = False


WorkOf = Callable[[int], Mapping[int, list[Work]]]
"""The work of an enrolment by item, the first one first."""


class ActiveGrader(NamedTuple):
    """Somebody who has work open now that is to be graded."""

    name: str
    minutes: int
    """Since the work was opened."""


@dataclass(frozen=True)
class WaitingGroup:
    """Work of several people that waits to be graded together, such as their answers to one question."""

    title: str
    item_title: str
    course_title: str
    count: int
    since: datetime
    """When the oldest was handed in."""
    address: str
    """The page that grades the oldest, if possible of those that nobody else has open."""
    others: Sequence[ActiveGrader] = ()
    """Who else is grading them now."""


@dataclass(frozen=True)
class GradedGroup:
    """Marked work of several people that is not among submissions, such as their answers to one question."""

    title: str
    item_title: str
    course_title: str
    count: int
    newest_at: datetime
    """When the newest mark was given."""
    address: str
    """The page of the list."""


class GradedGroups(Protocol):
    """Like ``WaitingGroups`` for graded work, newest mark first."""

    def __call__(self, course_ids: Collection[int], *, item_id: int | None, not_by: int) -> list[GradedGroup]: ...


class WaitingGroups(Protocol):
    """The waiting work of courses or of one item, oldest first. ``not_by`` leaves out this person's own work."""

    def __call__(self, course_ids: Collection[int], *, item_id: int | None, not_by: int) -> list[WaitingGroup]: ...


@dataclass(frozen=True)
class LimitPages:
    """Endpoints: of an item, and of one participant at it."""

    of_item: str
    of_participant: str
