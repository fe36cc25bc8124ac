"""What an objection is about, and until when one may object; what the packages of item types tell instructors of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from markupsafe import Markup

LAST = time(23, 59, 59)


class ObjectionTarget(NamedTuple):
    """The columns of an ``Objection`` that say what it is about."""

    enrolment_id: int
    item_id: int
    source: str
    question: str = ""
    score: Decimal | None = None


def last_moment(told_at: datetime, days: int, zone: str) -> datetime | None:
    """The last second of the day ``days`` after that on which the mark was told, in the site's zone. None: nobody may
    object."""
    if days <= 0:
        return None
    here = ZoneInfo(zone)
    day = told_at.astimezone(here).date() + timedelta(days=days)
    return datetime.combine(day, LAST, here).astimezone(told_at.tzinfo)


@dataclass(frozen=True)
class ObjectionSubject:
    """The work that an objection is about, for those who answer it."""

    label: str
    """Which attempt or submission, in the reader's language."""
    address: str
    """Where it is looked at and its mark is changed; empty if it was not handed in yet."""
    score: Decimal | None
    """The mark as it is now."""
    work: str = ""
    """The question with the answer, as safe HTML (``Markup``); empty if the page at ``address`` shows the work."""
    remedies: tuple[tuple[str, str], ...] = ()
    """Other pages on which it can be put right: label, address."""


DescribeSubject = Callable[[int, str], ObjectionSubject | None]
"""From the number in ``Objection.source`` and the question. None: it is gone."""
QuestionFigures = Callable[[str, int, str], Markup]
"""What statistics say of a question, as HTML: from the slug of a course, an item's id and the question's."""

HiddenNames = Callable[[Collection[int]], Mapping[int, str]]
"""What replaces the names of those whom graders are not to know, by the number in ``Objection.source``."""
