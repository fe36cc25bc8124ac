"""The state of items and of a whole course for one learner: done, in progress, or locked and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from lms.content.course import CompletionRule
from lms.courses.contents import Contents, ItemSummary
from lms.enrolment.windows import Window
from lms.learning.completion import CourseOutcome, ItemProgress

CourseState = Literal["in-progress", "waiting", "failed", "finished"]
_SUBMITTED = frozenset({"done", "waiting"})


@dataclass(frozen=True)
class Lock:
    """Why an item cannot be opened yet: other items come first, or it opens later."""

    after: tuple[ItemSummary, ...] = ()
    opens_at: datetime | None = None


@dataclass(frozen=True)
class ItemRow:
    """An item in the table of contents as one learner sees it."""

    item: ItemSummary
    state: str | None
    score: Decimal | None
    lock: Lock | None
    closes_at: datetime | None
    """An assignment's due moment, otherwise the closing moment; of returned work that of its revision, if later."""
    is_failed_for_good: bool = False
    """Failed, with no attempts left."""
    revision_day: date | None = None
    """The last day for revising work that was returned."""

    @property
    def is_done(self) -> bool:
        return self.state == "done"

    @property
    def is_common(self) -> bool:
        """True if everybody in this state sees the same row: without a mark, and without a day, which comes nearer."""
        return self.score is None and self.closes_at is None and (self.lock is None or self.lock.opens_at is None)


def item_rows(
    contents: Contents,
    progress: Mapping[int, ItemProgress],
    window: Window,
    now: datetime,
    revision_days: Mapping[int, date] | None = None,
) -> list[ItemRow]:
    """Every item in course order. ``progress`` is by item id, as are ``revision_days``: until when returned work is
    revised."""
    by_key = {item.key: item for item in contents.items}
    days = revision_days or {}
    return [_row(item, progress, by_key, window, now, days.get(item.item_id)) for item in contents.items]


def done_of_all(rows: list[ItemRow]) -> tuple[int, int]:
    """``CourseOutcome.total_done`` and ``total``, without a rule."""
    counted = [row for row in rows if row.item.counts]
    return sum(row.is_done for row in counted), len(counted)


def _row(
    item: ItemSummary,
    progress: Mapping[int, ItemProgress],
    by_key: Mapping[str, ItemSummary],
    window: Window,
    now: datetime,
    revision_day: date | None,
) -> ItemRow:
    own = progress.get(item.item_id)
    return ItemRow(
        item=item,
        state=own.state if own else None,
        score=own.score if own else None,
        lock=item_lock(item, progress, by_key, window, now),
        closes_at=window.revision_end(window.end_moment(item.item_id, item.ends, item.closes), revision_day),
        is_failed_for_good=own is not None and own.is_failed_for_good,
        revision_day=revision_day,
    )


def item_lock(
    item: ItemSummary,
    progress: Mapping[int, ItemProgress],
    by_key: Mapping[str, ItemSummary],
    window: Window,
    now: datetime,
) -> Lock | None:
    """What keeps ``item`` closed, or None. An item that the learner has started stays open."""
    opens_at = window.item_moment(item.item_id, item.opens, "opens") or window.opens_at
    if opens_at is not None and now < opens_at:
        return Lock(opens_at=opens_at)
    if item.item_id in progress:
        return None
    missing = tuple(
        by_key[key] for key in item.after if key in by_key and not _unlocks_next(progress.get(by_key[key].item_id))
    )
    return Lock(after=missing) if missing else None


def _unlocks_next(progress: ItemProgress | None) -> bool:
    """Submitted work unlocks what follows: a learner need not wait for grading."""
    return progress is not None and progress.state in _SUBMITTED


def minutes_left(rows: Iterable[ItemRow]) -> int:
    """What the items that are not handed in yet take, without live sessions, which have their own day."""
    left = (row for row in rows if row.state not in _SUBMITTED and not row.is_failed_for_good)
    return sum(row.item.minutes for row in left if not row.item.is_live)


def is_asked_for(row: ItemRow, rule: CompletionRule) -> bool:
    """True for the items among which the completion rule counts."""
    return row.item.counts and (row.item.is_required or rule.items != "required")


def next_row(rows: list[ItemRow], progress: Mapping[int, ItemProgress], rule: CompletionRule) -> ItemRow | None:
    """Where to continue; None: nowhere, or the course only waits for grading.

    Where the learner stopped; else what the course asks for: what was begun last, or the first that is open. Then, what
    is optional. Who has begun nothing begins with the first. Live sessions come last: they take place on a fixed day.
    """
    open_rows = [row for row in rows if row.lock is None and row.state not in _SUBMITTED and not row.is_failed_for_good]
    open_rows.sort(key=lambda row: row.item.is_live)

    def is_touched(row: ItemRow) -> bool:
        return row.item.item_id in progress and not row.item.is_live

    touched = list(filter(is_touched, rows))
    if not touched or not open_rows:
        return open_rows[0] if open_rows else None

    def touched_at(row: ItemRow) -> datetime:
        return progress[row.item.item_id].touched_at

    last = max(touched, key=touched_at)
    if last in open_rows and last.state == "started":
        return last
    left = [row for row in open_rows if is_asked_for(row, rule)]
    if left:
        return max(filter(is_touched, left), key=touched_at, default=left[0])
    states = {row.state for row in rows if is_asked_for(row, rule)}
    return None if "waiting" in states and states <= _SUBMITTED else open_rows[0]


def due_day(due_on: date | None, rows: Iterable[ItemRow]) -> date | None:
    """A learner's deadline. If nothing but returned work is left of ``rows``, its last day, should that be later."""
    left = [row for row in rows if row.state not in _SUBMITTED and not row.is_failed_for_good]
    days = [row.revision_day for row in left if row.revision_day]
    return max(due_on, *days) if due_on and days and len(days) == len(left) else due_on


def course_state(outcome: CourseOutcome, progress: Collection[ItemProgress], *, is_completed: bool) -> CourseState:
    """``finished`` once completed, whatever came after; ``waiting`` while work waits for grading; ``failed`` when no
    attempts are left that could complete the course."""
    if is_completed or outcome.is_complete:
        return "finished"
    if any(one.state == "waiting" for one in progress):
        return "waiting"
    return "failed" if outcome.is_failed else "in-progress"
