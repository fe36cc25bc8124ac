"""A revision's table of contents, the same for everybody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lms.content.items.base import CompletesBy
from lms.content.when import When


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
    is_required: bool
    is_graded: bool
    completes_by: CompletesBy
    counts: bool
    """False for items that nobody can complete."""
    weight: float | None
    after: tuple[str, ...]
    opens: When | None
    closes: When | None
    ends: When | None
    """The deadline, or else the closing moment."""


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
    sections: tuple[SectionHeading, ...]
    items: tuple[ItemSummary, ...]
    fragments: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """Rendered fragments that are the same for everybody; cached as long as this object."""

    def of(self, section: SectionHeading) -> list[ItemSummary]:
        return [item for item in self.items if item.section == section.position]
