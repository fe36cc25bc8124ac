"""A published course's table of contents: what is the same for everybody who looks at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lms.content.items.base import CompletesBy
from lms.content.when import When


@dataclass(frozen=True)
class ItemSummary:
    """One item as lists need it; its text and questions are not here."""

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
    """``position`` is what ``ItemSummary.section`` names."""

    position: int
    title: str
    intro_html: str


@dataclass(frozen=True)
class Contents:
    """All of a revision that never changes and that every page of the course needs."""

    revision_id: int
    sections: tuple[SectionHeading, ...]
    items: tuple[ItemSummary, ...]
    fragments: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What pages have made of it, the same for everybody: kept as long as these contents are."""

    def of(self, section: SectionHeading) -> list[ItemSummary]:
        return [item for item in self.items if item.section == section.position]
