"""A revision's table of contents, the same for everybody."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from lms.content.course import CompletionRule, CourseContent
from lms.content.items.base import CompletesBy
from lms.content.when import When
from lms.lib.folding import searchable


@dataclass(frozen=True)
class ItemSummary:
    """An item without its text and questions."""

    item_id: int
    item_revision_id: int
    key: str
    position: int
    section: int
    slug: str
    type: str
    title: str
    jp: int
    minutes: int
    """In all; ``practice_minutes`` of them as the author says, the others estimated."""
    practice_minutes: int
    is_required: bool
    is_graded: bool
    completes_by: CompletesBy
    counts: bool
    """False for items that nobody can complete."""
    weight: float | None
    time_limit: int | None
    """Seconds for one attempt, or None."""
    attempts: int | None
    """None: unlimited, or nothing is attempted."""
    pass_mark: float | None
    """Percent; None: the site's."""
    after: tuple[str, ...]
    opens: When | None
    closes: When | None
    ends: When | None
    """The deadline, or else the closing moment."""
    is_extra: bool = False
    """Extra credit in the final score."""
    score_group: str | None = None
    purpose: str | None = None
    """``pretest`` or ``posttest``; a course has at most one of each."""
    earned_jp: int = 0
    """``jp``; 0 in a course without a certificate, by which JP count."""

    @property
    def is_live(self) -> bool:
        """True for live sessions: people are there on a fixed day."""
        return self.completes_by == "attendance"

    @property
    def own_minutes(self) -> int:
        """The minutes at the item's own pages, without practice: what reading it once more takes."""
        return max(1, self.minutes - self.practice_minutes)


@dataclass(frozen=True)
class SectionHeading:
    """``ItemSummary.section`` refers to ``position``."""

    position: int
    title: str
    intro_html: str


@dataclass(frozen=True)
class Contents:
    """What every page of the course needs of a revision. A revision never changes, so this is cached."""

    revision_id: int
    rule: CompletionRule
    sections: tuple[SectionHeading, ...]
    items: tuple[ItemSummary, ...]
    fragments: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """Rendered fragments that are the same for everybody; cached as long as this object."""

    def item(self, item_id: int) -> ItemSummary | None:
        return next((item for item in self.items if item.item_id == item_id), None)

    def of(self, section: SectionHeading) -> list[ItemSummary]:
        return [item for item in self.items if item.section == section.position]


_HEADING = re.compile(r"<h([2-6])[^>]*>(.*?)</h\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def searched_text(course: CourseContent) -> str:
    """What the catalogue finds a course by: its page's own words, and the titles and headings of what it teaches.

    The course is rendered.
    """
    about = [course.title, course.summary, course.code or "", course.category or "", course.competency or ""]
    titles = [section.title for section in course.sections] + [item.title for item in course.items]
    bodies = [item.body_html for item in course.items]
    return searchable([*about, *titles, words_of(course.description.html or ""), *headings(bodies)])


def words_of(html: str) -> str:
    return unescape(_TAG.sub(" ", html))


def headings(bodies: Iterable[str]) -> list[str]:
    return [words_of(heading) for body in bodies for _level, heading in _HEADING.findall(body)]
