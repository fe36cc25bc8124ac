"""What is stored of a learner's results, computed from scratch: by the rules in force, from marks and work done.

``docs/decisions/0011`` lists what each result depends on. ``services.renewal`` stores what these functions say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from lms.courses.contents import Contents
from lms.enrolment.windows import Window
from lms.learning.completion import CourseOutcome, ItemProgress, evaluate, item_results
from lms.learning.states import CourseState, course_state


@dataclass(frozen=True)
class EnrolmentRules:
    """What decides about one enrolment's results now."""

    enrolment_id: int
    contents: Contents
    """The contents of the published revision."""
    window: Window
    is_completed: bool


@dataclass(frozen=True)
class ItemOutcome:
    """What the package of an item's type makes of a learner's work, by the rules in force.

    ``score`` is the one that counts, None if nothing is marked. ``unfinished`` says what is under way.
    """

    score: Decimal | None
    is_passed: bool
    is_final: bool
    unfinished: Literal["started", "waiting"] | None = None


@dataclass(frozen=True)
class NewGrade:
    """A mark for the grade ledger, in percent."""

    source: str
    """What was marked, such as ``attempt:17``. Marking it again adds the next number."""
    score: Decimal
    graded_by: int | None = None
    reason: str = ""
    journal_hash: str | None = None
    """Of the newest event that the mark rests on: with it, the ledger vouches for all events before."""
    paper: int | None = None
    """The id of the group's paper that it is for."""


def item_state(stored: str, outcome: ItemOutcome, *, is_completed: bool) -> str:
    """An item's state. In a completed course a rule takes nothing back that was done."""
    if outcome.is_passed or (is_completed and stored == "done"):
        return "done"
    return (outcome.unfinished or "failed") if stored == "done" else stored


def progress_by_score(progress: ItemProgress, own_pass_mark: float | None, site_pass_mark: float) -> ItemProgress:
    """A marked item as its score and the pass mark say, whatever a completion protects."""
    if progress.score is None or progress.state not in {"done", "failed"}:
        return progress
    mark = Decimal(str(site_pass_mark if own_pass_mark is None else own_pass_mark))
    return progress._replace(state="done" if progress.score >= mark else "failed")


def item_score(stored: Decimal | None, outcome: ItemOutcome, *, is_completed: bool) -> Decimal | None:
    """An item's score. In a completed course a rule only makes it better; a corrected mark is stored before."""
    if is_completed and stored is not None and outcome.score is not None:
        return max(stored, outcome.score)
    return outcome.score


@dataclass(frozen=True)
class CourseEvaluation:
    state: CourseState
    outcome: CourseOutcome
    is_new_completion: bool

    @property
    def done(self) -> int:
        return min(self.outcome.done, self.outcome.needed)

    @property
    def needed(self) -> int:
        return self.outcome.needed

    @property
    def total_done(self) -> int:
        return self.outcome.total_done

    @property
    def total(self) -> int:
        return self.outcome.total


def course_evaluation(
    contents: Contents, progress: Mapping[int, ItemProgress], default_pass_mark: float, *, is_completed: bool
) -> CourseEvaluation:
    """A whole course's result. Items that the course no longer has do not count, nor does work that waits in them."""
    outcome = evaluate(contents.rule, item_results(contents, progress), default_pass_mark)
    present = [progress[item.item_id] for item in contents.items if item.item_id in progress]
    state = course_state(outcome, present, is_completed=is_completed)
    return CourseEvaluation(state, outcome, outcome.is_complete and not is_completed)


def later(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later of two ends; None means no end, which is latest."""
    return max(one, other) if one and other else None
