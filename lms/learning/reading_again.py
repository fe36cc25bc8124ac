"""What to read again before the next attempt, as far as it is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms.courses.contents import ItemSummary
from lms.learning.states import ItemRow

MAX_ITEMS = 4


@dataclass(frozen=True)
class ReadAgain:
    """``questions`` are the positions of those that name the item in their explanation; none if it is only near."""

    item: ItemSummary
    questions: tuple[int, ...] = ()


def to_read_again(
    rows: Sequence[ItemRow], item: ItemSummary, course_slug: str, explanations: Mapping[int, str]
) -> list[ReadAgain]:
    """The items that the explanations of failed questions link to, or else those nearest before the failed ``item``.

    ``explanations`` is HTML by the position of the question. It must have no question of which the reader may not know
    that it was failed.
    """
    readable = [row.item for row in rows if not row.item.is_graded and row.lock is None]
    linked = _linked(readable, course_slug, explanations)
    return linked or [ReadAgain(one) for one in _nearest_before(readable, item)]


def _linked(readable: Iterable[ItemSummary], course_slug: str, explanations: Mapping[int, str]) -> list[ReadAgain]:
    link = re.compile(rf'href="/courses/{re.escape(course_slug)}/([^"/#?]+)')
    named = {position: set(link.findall(html)) for position, html in explanations.items()}
    found = []
    for item in readable:
        questions = tuple(position for position, slugs in sorted(named.items()) if item.slug in slugs)
        if questions:
            found.append(ReadAgain(item, questions))
    return found[:MAX_ITEMS]


def _nearest_before(readable: Iterable[ItemSummary], item: ItemSummary) -> list[ItemSummary]:
    """Readable items before an item, from its own section or else from the nearest earlier section with any."""
    before = [one for one in readable if one.position < item.position]
    return [one for one in before if one.section == before[-1].section][-MAX_ITEMS:]
