"""The current state of a subject, computed from its events in any order.

An event's body may name what it is ``about``; the newest event of a kind about the
same thing counts. Events are ordered by estimated time, which never goes back within
a chain: on one device the later event wins, even if its clock was set back. Ties
between devices are resolved by arrival, then by the device's name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from lms.journal.events import Entry

CLOSING = "submit"
"""The kind of event that closes a subject: nothing after the first one counts."""


@dataclass(frozen=True)
class FoldedEvents:
    """``newest`` is keyed by kind and ``about``. ``uncounted`` events came late, or after a final or closing one."""

    newest: dict[tuple[str, str], Entry]
    closing: Entry | None
    uncounted: tuple[Entry, ...]


def fold(entries: Iterable[Entry], *, deadline: int | None = None) -> FoldedEvents:
    """Fold the events of one subject.

    Events that arrive after ``deadline`` (in milliseconds, including any grace period) do not count.
    After an event with ``is_final`` nothing else about the same thing counts.
    """
    log = _by_estimated_time(entries)
    closing = min(
        (entry for entry in log if entry.kind == CLOSING),
        key=lambda one: (one.arrived, one.device, one.n),
        default=None,
    )
    newest: dict[tuple[str, str], Entry] = {}
    uncounted = []
    for entry in log:
        if entry.kind == CLOSING or "about" not in entry.body:
            continue
        key = entry.kind, entry.body["about"]
        is_late = deadline is not None and entry.arrived > deadline
        if is_late or _came_after(entry, closing) or (key in newest and newest[key].body.get("is_final")):
            uncounted.append(entry)
        else:
            newest[key] = entry
    return FoldedEvents(newest, closing, tuple(uncounted))


def _by_estimated_time(entries: Iterable[Entry]) -> list[Entry]:
    """Sort by the device's time, but no later than the arrival. Neither goes back within a chain."""
    ranked = []
    for device, chain in groupby(sorted(entries, key=lambda one: (one.device, one.n)), key=lambda one: one.device):
        latest = arrived = 0
        for entry in chain:
            latest = max(latest, min(entry.wall, entry.arrived))
            arrived = max(arrived, entry.arrived)
            ranked.append((latest, arrived, device, entry.n, entry))
    return [rank[-1] for rank in sorted(ranked, key=lambda rank: rank[:-1])]


def _came_after(entry: Entry, closing: Entry | None) -> bool:
    if closing is None:
        return False
    if entry.device == closing.device:
        return entry.n > closing.n
    return entry.arrived > closing.arrived
