"""A published course's table of contents: what is the same for everybody who looks at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Entry:
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
    counts: bool
    """False for what cannot be completed (a module with ``complete: none``)."""
    weight: float | None
    after: tuple[str, ...]
    opens: Mapping[str, Any] | None
    closes: Mapping[str, Any] | None
    due: Mapping[str, Any] | None

    @property
    def is_graded(self) -> bool:
        return self.type != "module"


@dataclass(frozen=True)
class Chapter:
    """A section's heading; ``position`` is what ``Entry.section`` names."""

    position: int
    title: str
    intro_html: str


@dataclass(frozen=True)
class Contents:
    """All of a revision that never changes and that every page of the course needs."""

    revision_id: int
    chapters: tuple[Chapter, ...]
    entries: tuple[Entry, ...]
    kept: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What pages have made of it, the same for everybody: kept as long as these contents are."""

    def of(self, chapter: Chapter) -> list[Entry]:
        return [entry for entry in self.entries if entry.section == chapter.position]
