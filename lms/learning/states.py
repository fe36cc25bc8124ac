"""What a learner sees of each item: done, under way, or locked and by what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from lms.courses.contents import Contents, ItemSummary
from lms.enrolment.windows import Window


@dataclass(frozen=True)
class Mark:
    """What is kept of one person's item: its state, score, and when it was last touched."""

    state: str
    score: Decimal | None
    touched_at: datetime
    is_final: bool = False
    """No tries are left. Known to the pages of a whole course only (``queries.marks_of``)."""

    @property
    def is_dead_end(self) -> bool:
        return self.is_final and self.state == "failed"


@dataclass(frozen=True)
class Lock:
    """Why an item cannot be opened yet: others come first, or its time has not come."""

    after: tuple[ItemSummary, ...] = ()
    opens_at: datetime | None = None


@dataclass(frozen=True)
class Row:
    """An entry of the contents as one person sees it."""

    entry: ItemSummary
    state: str | None
    score: Decimal | None
    lock: Lock | None
    closes_at: datetime | None
    """The end of its time: the due moment of an assignment, else the closing moment."""
    is_dead_end: bool = False
    """Failed, and no tries are left."""

    @property
    def is_done(self) -> bool:
        return self.state == "done"


def rows(contents: Contents, marks: Mapping[int, Mark], window: Window, now: datetime) -> list[Row]:
    """Every entry with its state, in the course's order."""
    by_key = {entry.key: entry for entry in contents.items}
    return [_row(entry, marks, by_key, window, now) for entry in contents.items]


def _row(
    entry: ItemSummary, marks: Mapping[int, Mark], by_key: Mapping[str, ItemSummary], window: Window, now: datetime
) -> Row:
    mark = marks.get(entry.item_id)
    return Row(
        entry=entry,
        state=mark.state if mark else None,
        score=mark.score if mark else None,
        lock=lock(entry, marks, by_key, window, now),
        closes_at=window.moment(entry.ends, "closes"),
        is_dead_end=mark is not None and mark.is_dead_end,
    )


def lock(
    entry: ItemSummary, marks: Mapping[int, Mark], by_key: Mapping[str, ItemSummary], window: Window, now: datetime
) -> Lock | None:
    """What keeps ``entry`` closed, or None. What was once opened by a state of its own stays open."""
    opens_at = window.moment(entry.opens, "opens") or window.opens_at
    if opens_at is not None and now < opens_at:
        return Lock(opens_at=opens_at)
    if entry.item_id in marks:
        return None
    missing = tuple(
        by_key[key] for key in entry.after if key in by_key and not _is_over(marks.get(by_key[key].item_id))
    )
    return Lock(after=missing) if missing else None


def _is_over(mark: Mark | None) -> bool:
    """Done, or handed in: nobody waits for a grader to read on."""
    return mark is not None and mark.state in {"done", "waiting"}


def next_row(rows: list[Row], marks: Mapping[int, Mark]) -> Row | None:
    """Where to go on: what was touched last and is not over, else the first open one after it, else any."""
    open_rows = [
        row for row in rows if row.lock is None and row.state not in {"done", "waiting"} and not row.is_dead_end
    ]
    if not open_rows:
        return None
    touched = [row for row in rows if row.entry.item_id in marks]
    if not touched:
        return open_rows[0]
    last = max(touched, key=lambda row: marks[row.entry.item_id].touched_at)
    if last in open_rows:
        return last
    later = [row for row in open_rows if row.entry.position > last.entry.position]
    return (later or open_rows)[0]
