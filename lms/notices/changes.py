"""Changes that may be undone or repeated before anybody is notified of them."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class HistoryStep:
    """A step in the history of one thing, as it is for one person. ``key`` is that of its notification."""

    key: str
    before: Any
    after: Any


def in_one(history: Sequence[HistoryStep], told: Container[str]) -> HistoryStep | None:
    """Join the steps from what the person was told last to what holds now, under the key of the newest step.

    ``history`` has the oldest step first. None if nothing is new, or if what is new has been undone.
    """
    untold = list(history)
    for place, one in enumerate(history, 1):
        if one.key in told:
            untold = list(history[place:])
    if not untold or untold[0].before == untold[-1].after:
        return None
    return HistoryStep(untold[-1].key, untold[0].before, untold[-1].after)
