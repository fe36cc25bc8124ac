"""What this package cannot know and its page of rights tells: courses and cohorts. Filled in by ``create_app``."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

PlaceKind = Literal["unit", "course", "cohort"]
PlaceKey = tuple[PlaceKind, int]


@dataclass(frozen=True)
class Places:
    """Two questions to the packages above; kept as ``app.extensions["lms.places"]``."""

    names: Callable[[Collection[int], Collection[int]], dict[PlaceKey, str]]
    """What courses and cohorts are called."""
    taken_by: Callable[[int], tuple[set[int], set[int]]]
    """The courses and the cohorts in which a person is."""
