"""What holds now, told from the events alone, in whatever order they are given.

An event's body may say what it is ``about``; then the newest of its kind about
the same thing holds. Newest is by estimated time, which never goes back within
a chain: on one device the later event wins, whatever its clock did. Ties between
devices are settled by arrival, then by the device's name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from lms.journal.events import Entry

CLOSING = "submit"
"""The kind of event that ends a subject: nothing that came after the first one counts."""


@dataclass(frozen=True)
class Folded:
    """``newest`` by kind and what it is about. ``uncounted`` is kept, but came too late or after a final word."""

    newest: dict[tuple[str, str], Entry]
    closing: Entry | None
    uncounted: tuple[Entry, ...]


def fold(entries: Iterable[Entry], *, deadline: int | None = None) -> Folded:
    """Fold a subject's log; ``deadline`` (ms, grace included) is the last moment an event may arrive and count.

    A body with ``is_final`` ends what it is about: nothing later about the same thing counts.
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
    return Folded(newest, closing, tuple(uncounted))


def _by_estimated_time(entries: Iterable[Entry]) -> list[Entry]:
    """By the device's word for when it was, never after its arrival. Neither goes back within a chain."""
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
